package io.fsmigrate.online.redis;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.testkit.RedisProcess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Targets, stores and records for the tests of Redis. */
final class RedisTargets {
  static final WriteContext CONTEXT = new WriteContext("run", 64, 1);

  static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  private RedisTargets() {}

  /** Identifier {@code id}, event time {@code at}, then features as name, type, ... */
  static VersionedGroup of(String... features) {
    return group("flights", features);
  }

  static VersionedGroup group(String group, String... features) {
    List<Feature> list =
        new ArrayList<>(
            List.of(
                new Feature("id", new FeatureType("string")),
                new Feature("at", new FeatureType("timestamp"))));
    for (int i = 0; i < features.length; i += 2) {
      list.add(new Feature(features[i], new FeatureType(features[i + 1])));
    }
    return new VersionedGroup(
        group,
        new FeatureVersion("1.0.0"),
        new FeatureSchema(list),
        "id",
        "at",
        List.of(),
        List.of("serving"));
  }

  static OnlineStore store(RedisProcess redis, String... settings) {
    Map<String, String> all = new HashMap<>(Map.of("nodes", redis.address()));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return OnlineStores.of(new OnlineStoreDefinition("serving", "redis", all));
  }

  /** One of the same event time for all. */
  static OnlineRecord record(String id, int v) {
    return OnlineRecord.of(id, NOON, v);
  }

  /** Writes one batch and waits for what became of it. */
  static WriteOutcome write(RecordWriter writer, OnlineRecord... batch) {
    List<WriteOutcome> outcomes = new ArrayList<>();
    writer.write(Arrays.asList(batch), outcomes::add);
    writer.flush();
    return outcomes.get(0);
  }

  static WriteOutcome writeAll(OnlineStore store, VersionedGroup target, OnlineRecord... batch) {
    store.prepare(target);
    try (RecordWriter writer = store.open(target, CONTEXT)) {
      WriteOutcome outcome = write(writer, batch);
      writer.commit();
      return outcome;
    }
  }

  static List<OnlineRecord> read(OnlineStore store, VersionedGroup target, Object... ids) {
    List<OnlineRecord> records = new ArrayList<>();
    store.read(target, Arrays.asList(ids), records::add);
    return records;
  }
}
