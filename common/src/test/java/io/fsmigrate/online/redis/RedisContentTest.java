package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.testkit.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others find in Redis, and what of theirs stays. */
class RedisContentTest {
  private static final VersionedGroup TARGET =
      RedisTargets.of("delay", "int", "note", "string", "tags", "array<string>");
  private static final OnlineRecord RECORD =
      OnlineRecord.of("ATL-LAX", RedisTargets.NOON, 7, null, List.of("late"));

  private static RedisProcess redis;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.call("FLUSHALL");
  }

  private static OnlineStore hashes(String... settings) {
    return RedisTargets.store(redis, settings);
  }

  private static OnlineStore feast(String... settings) {
    List<String> all = new ArrayList<>(List.of("layout", "feast", "project", "air"));
    all.addAll(List.of(settings));
    return RedisTargets.store(redis, all.toArray(String[]::new));
  }

  @Test
  void aRecordIsAHashThatPeopleCanRead() {
    RedisTargets.writeAll(hashes(), TARGET, RECORD);

    assertThat(redis.call("KEYS", "*")).isEqualTo(List.of("flights@1.0.0:ATL-LAX"));
    assertThat(hash("flights@1.0.0:ATL-LAX"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "id", "ATL-LAX",
                "at", "2001-06-30T12:00:00Z",
                "delay", "7",
                "tags", "[\"late\"]",
                "__fs_at", "100000000993902400000000000"));
  }

  @Test
  void aValueThatIsAbsentByNowIsRemoved() {
    RedisTargets.writeAll(hashes(), TARGET, RECORD);

    RedisTargets.writeAll(
        hashes(),
        TARGET,
        OnlineRecord.of("ATL-LAX", RedisTargets.NOON.plusSeconds(1), null, "on time", null));

    assertThat(hash("flights@1.0.0:ATL-LAX"))
        .containsOnlyKeys("__fs_at", "id", "at", "note")
        .containsEntry("note", "on time");
  }

  @Test
  void thePrefixOfKeysIsTheUsers() {
    RedisTargets.writeAll(hashes("key-prefix", "serving:{group}/{version}:"), TARGET, RECORD);

    assertThat(redis.call("KEYS", "*")).isEqualTo(List.of("serving:flights/1.0.0:ATL-LAX"));
  }

  /**
   * The fields' names and values are constants of {@link FeastEncodingTest}, or put together so.
   */
  @Test
  void aRecordForFeastIsWhereFeastLooks() {
    RedisTargets.writeAll(feast("entity", "route", "feature-view", "flights"), TARGET, RECORD);

    String key =
        latin("010000000200000005000000726f7574650200000007000000" + hex("ATL-LAX") + hex("air"));
    assertThat(redis.call("KEYS", "*")).isEqualTo(List.of(key));
    assertThat(hash(key))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "_ts:flights",
                latin("08c0fef6d903"),
                latin("492ee5df"),
                latin("1807"),
                latin("1e0226a4"),
                "",
                new String(FeastForm.field("flights", "tags"), StandardCharsets.ISO_8859_1),
                latin("62060a04") + "late"));
  }

  @Test
  void aJoinKeyMayBeOfAnotherTypeThanTheRecordIdentifier() {
    VersionedGroup target =
        new VersionedGroup(
            "flights",
            TARGET.version(),
            new FeatureSchema(
                List.of(
                    new Feature("id", new FeatureType("int")), TARGET.schema().features().get(1))),
            "id",
            "at",
            List.of(),
            List.of());
    OnlineStore store = feast("entity-type", "int64");

    RedisTargets.writeAll(store, target, OnlineRecord.of(5, RedisTargets.NOON));

    assertThat(redis.call("KEYS", "*"))
        .isEqualTo(
            List.of(
                latin("01000000020000000200000069640400000008000000" + "0500000000000000")
                    + "air"));
    assertThat(RedisTargets.read(store, target, 5))
        .containsExactly(OnlineRecord.of(5, RedisTargets.NOON));
  }

  @Test
  void viewsOfOneEntityShareAKeyAndDoNotDisturbEachOther() {
    OnlineStore one = feast("feature-view", "one");
    OnlineStore two = feast("feature-view", "two");
    OnlineRecord older =
        OnlineRecord.of("ATL-LAX", RedisTargets.NOON.minusSeconds(9), 1, "x", null);
    RedisTargets.writeAll(one, TARGET, RECORD);
    RedisTargets.writeAll(two, TARGET, older, record("only-two"));

    assertThat(RedisTargets.read(one, TARGET, "ATL-LAX", "only-two")).containsExactly(RECORD);
    assertThat(RedisTargets.read(two, TARGET, "ATL-LAX")).containsExactly(older);
    assertThat(one.count(TARGET)).hasValue(1);
    assertThat(two.count(TARGET)).hasValue(2);

    assertThat(two.clear(TARGET)).isEqualTo(2);

    assertThat(RedisTargets.read(one, TARGET, "ATL-LAX")).containsExactly(RECORD);
    assertThat(two.count(TARGET)).hasValue(0);
    assertThat(redis.call("DBSIZE")).isEqualTo(1L);
    assertThat(one.clear(TARGET)).isEqualTo(1);
    assertThat(redis.call("DBSIZE")).isEqualTo(0L);
  }

  @Test
  void projectsThatEndAlikeAreApart() {
    OnlineStore air = feast();
    OnlineStore fair = feast("project", "fair");
    RedisTargets.writeAll(air, TARGET, record("a"));
    RedisTargets.writeAll(fair, TARGET, record("b"));

    assertThat(air.count(TARGET)).hasValue(1);
    assertThat(air.clear(TARGET)).isEqualTo(1);
    assertThat(fair.count(TARGET)).hasValue(1);
  }

  @Test
  void clearingLeavesWhatIsNotTheTargets() {
    OnlineStore store = hashes();
    VersionedGroup other = RedisTargets.group("flights-2", "delay", "int", "note", "string");
    VersionedGroup odd = RedisTargets.group("fl*ghts?[a]\\", "delay", "int");
    OnlineRecord[] many =
        IntStream.range(0, 5_000).mapToObj(i -> record("k" + i)).toArray(OnlineRecord[]::new);
    RedisTargets.writeAll(store, TARGET, many);
    RedisTargets.writeAll(store, other, OnlineRecord.of("a", RedisTargets.NOON, 1, null));
    RedisTargets.writeAll(store, odd, OnlineRecord.of("a", RedisTargets.NOON, 1));
    redis.call("SET", "flights@1.0.0:text", "of somebody");
    redis.call("HSET", "flights@1.0.0:hash", "of", "somebody");
    redis.call("SET", "flights@1.0.0", "of somebody");

    assertThat(store.count(TARGET)).hasValue(5_000);
    assertThat(store.clear(odd)).isEqualTo(1);
    assertThat(store.count(TARGET)).hasValue(5_000);
    assertThat(store.clear(TARGET)).isEqualTo(5_000);

    assertThat(store.count(TARGET)).hasValue(0);
    assertThat(store.count(other)).hasValue(1);
    assertThat(redis.call("DBSIZE")).isEqualTo(4L);
  }

  @Test
  void recordsExpireWhereThatIsAskedForAndNoLongerWhereItIsNot() {
    OnlineStore expiring = hashes("ttl", "1 hour");
    String key = "flights@1.0.0:ATL-LAX";
    RedisTargets.writeAll(expiring, TARGET, RECORD);
    assertThat((Long) redis.call("TTL", key)).isBetween(3_590L, 3_600L);

    redis.call("EXPIRE", key, "100");
    RedisTargets.writeAll(expiring, TARGET, RECORD);
    assertThat((Long) redis.call("TTL", key)).as("after a replay").isGreaterThan(3_590L);
    redis.call("EXPIRE", key, "100");
    RedisTargets.writeAll(
        expiring, TARGET, OnlineRecord.of("ATL-LAX", RedisTargets.NOON, 6, null, null));
    assertThat((Long) redis.call("TTL", key)).as("after a stale record").isBetween(90L, 100L);
    RedisTargets.writeAll(
        expiring, TARGET, OnlineRecord.of("ATL-LAX", RedisTargets.NOON, 8, null, null));
    assertThat((Long) redis.call("TTL", key)).as("after a tie that wins").isGreaterThan(3_590L);

    RedisTargets.writeAll(
        hashes(),
        TARGET,
        OnlineRecord.of("ATL-LAX", RedisTargets.NOON.plusSeconds(1), 1, null, null));
    assertThat(redis.call("TTL", key)).isEqualTo(-1L);
  }

  @Test
  void aRecordOfMoreFeaturesThanAScriptCanPassOn() {
    List<String> features = new ArrayList<>();
    List<Object> values = new ArrayList<>(List.of("wide", RedisTargets.NOON));
    for (int i = 0; i < 9_000; i++) {
      features.addAll(List.of("f" + i, "int"));
      values.add(i);
    }
    VersionedGroup target = RedisTargets.of(features.toArray(String[]::new));
    OnlineRecord low = new OnlineRecord(values);
    values.set(9_001, 9_999);
    OnlineRecord high = new OnlineRecord(values);

    for (OnlineStore store : List.of(hashes(), hashes("key-prefix", "again:"))) {
      for (OnlineRecord written : List.of(low, low, high)) {
        assertThat(RedisTargets.writeAll(store, target, written))
            .isEqualTo(new WriteOutcome(1, 0, List.of()));
      }
      assertThat(RedisTargets.writeAll(store, target, low))
          .isEqualTo(new WriteOutcome(0, 1, List.of()));
      assertThat(RedisTargets.read(store, target, "wide")).containsExactly(high);
      assertThat(store.clear(target)).isEqualTo(1);
    }
  }

  @Test
  void aDatabaseOfItsOwn() {
    RedisTargets.writeAll(hashes("database", "3"), TARGET, RECORD);

    assertThat(redis.call("DBSIZE")).isEqualTo(0L);
    assertThat(hashes("database", "3").count(TARGET)).hasValue(1);
  }

  @Test
  void aServerWithoutAClusterIsNotTakenForOne() {
    assertThatThrownBy(() -> hashes("cluster", "true").check(TARGET, false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REDIS_IS_NO_CLUSTER"));
  }

  @Test
  void aLimitIsKept() {
    OnlineStore store = hashes("rate-limit", "400 records/s");
    long begin = System.nanoTime();
    long written = 0;
    try (RecordWriter writer = store.open(TARGET, new WriteContext("limited", 64, 1))) {
      for (int i = 0; i < 10; i++) {
        OnlineRecord[] some =
            IntStream.range(100 * i, 100 * i + 100)
                .mapToObj(n -> record("k" + n))
                .toArray(OnlineRecord[]::new);
        written += RedisTargets.write(writer, some).written();
      }
    }
    assertThat(written).isEqualTo(1_000);
    assertThat((System.nanoTime() - begin) / 1e9).isBetween(1.0, 10.0);
  }

  private static OnlineRecord record(String id) {
    return OnlineRecord.of(id, RedisTargets.NOON, 1, null, null);
  }

  private static Map<String, String> hash(String key) {
    List<?> parts = (List<?>) redis.call("HGETALL", key);
    Map<String, String> hash = new TreeMap<>();
    for (int i = 0; i < parts.size(); i += 2) {
      hash.put((String) parts.get(i), (String) parts.get(i + 1));
    }
    return hash;
  }

  private static String latin(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
