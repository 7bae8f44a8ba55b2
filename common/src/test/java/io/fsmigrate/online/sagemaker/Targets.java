package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Targets, records and runs for the tests of this store. */
final class Targets {
  static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  private Targets() {}

  /** {@code flights@1.0.0}: identifier {@code id}, event time {@code at}, and these features. */
  static VersionedGroup of(String... features) {
    List<Feature> list = new ArrayList<>();
    list.add(new Feature("id", new FeatureType("string")));
    list.add(new Feature("at", new FeatureType("timestamp")));
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
        List.of("online"));
  }

  /** Records k0, k1, ... of a target with one int. */
  static List<OnlineRecord> records(int count, Instant at) {
    return IntStream.range(0, count).mapToObj(i -> OnlineRecord.of("k" + i, at, i)).toList();
  }

  static WriteContext run() {
    return run(StaleCheck.NONE, WriteStrategy.FULL);
  }

  /** A run of its own, so that tests remember nothing of each other. */
  static WriteContext run(StaleCheck check, WriteStrategy strategy) {
    return new WriteContext("run-" + UUID.randomUUID(), 32, 1, check, strategy);
  }

  /** Writes everything in batches of 100 and adds up what became of it. */
  static WriteOutcome write(
      OnlineStore store, VersionedGroup target, WriteContext run, List<OnlineRecord> records) {
    long[] counts = new long[3];
    List<io.fsmigrate.online.FailedWrite> failed = new ArrayList<>();
    try (RecordWriter writer = store.open(target, run)) {
      for (int from = 0; from < records.size(); from += 100) {
        int begin = from;
        writer.write(
            records.subList(from, Math.min(records.size(), from + 100)),
            outcome -> {
              counts[0] += outcome.written();
              counts[1] += outcome.stale();
              counts[2] += outcome.submitted();
              outcome
                  .failed()
                  .forEach(
                      f ->
                          failed.add(
                              new io.fsmigrate.online.FailedWrite(
                                  begin + f.index(), f.code(), f.reason(), f.retryable())));
            });
      }
      writer.commit();
    }
    return new WriteOutcome(counts[0], counts[1], counts[2], failed);
  }

  static List<OnlineRecord> read(OnlineStore store, VersionedGroup target, List<Object> ids) {
    List<OnlineRecord> read = new ArrayList<>();
    store.read(target, ids, read::add);
    return read;
  }
}
