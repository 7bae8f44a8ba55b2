package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Targets and records for the tests of DynamoDB. */
final class DynamoDbTargets {
  static final String TABLE = "flights-1.0.0";
  static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  private DynamoDbTargets() {}

  /** Identifier {@code id}, event time {@code at}, then features as name, type, ... */
  static VersionedGroup of(String... features) {
    List<String> all = new ArrayList<>(List.of("id", "string", "at", "timestamp"));
    all.addAll(Arrays.asList(features));
    return with(all.toArray(String[]::new));
  }

  /** The same with types of one's own for identifier and event time. */
  static VersionedGroup with(String... features) {
    List<Feature> list = new ArrayList<>();
    for (int i = 0; i < features.length; i += 2) {
      list.add(new Feature(features[i], new FeatureType(features[i + 1])));
    }
    return new VersionedGroup(
        "flights",
        new FeatureVersion("1.0.0"),
        new FeatureSchema(list),
        "id",
        "at",
        List.of(),
        List.of("serving"));
  }

  /** Records k0, k1, … of the same event time. */
  static List<OnlineRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(i -> OnlineRecord.of("k" + i, NOON, i)).toList();
  }

  static WriteContext context(WriteStrategy strategy) {
    WriteContext run = new WriteContext("run", 16, 1);
    return new WriteContext(run.run(), run.maxWorkers(), 1, run.staleCheck(), strategy);
  }

  /** Prepares and writes as a run does. */
  static WriteOutcome write(OnlineStore store, VersionedGroup target, List<OnlineRecord> records) {
    WriteStrategy planned = store.plan(target);
    store.prepare(target);
    return write(store, target, store.confirm(target, planned), records);
  }

  /** Writes batches of a hundred and sums up what became of them. */
  static WriteOutcome write(
      OnlineStore store,
      VersionedGroup target,
      WriteStrategy strategy,
      List<OnlineRecord> records) {
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer = store.open(target, context(strategy))) {
      for (int from = 0; from < records.size(); from += 100) {
        writer.write(records.subList(from, Math.min(records.size(), from + 100)), outcomes::add);
      }
      writer.commit();
    }
    return new WriteOutcome(
        outcomes.stream().mapToLong(WriteOutcome::written).sum(),
        outcomes.stream().mapToLong(WriteOutcome::stale).sum(),
        outcomes.stream().flatMap(o -> o.failed().stream()).toList());
  }

  static List<OnlineRecord> read(OnlineStore store, VersionedGroup target, List<?> ids) {
    List<OnlineRecord> records = new ArrayList<>();
    store.read(target, new ArrayList<>(ids), records::add);
    return records;
  }
}
