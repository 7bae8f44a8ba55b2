package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.testkit.RedisProcess;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A cluster of three servers while it changes. */
class RedisClusterTest {
  private static final VersionedGroup TARGET = RedisTargets.of("v", "int");

  private List<RedisProcess> cluster;

  @BeforeEach
  void start() {
    cluster = RedisProcess.cluster(3);
  }

  @AfterEach
  void stop() {
    cluster.forEach(RedisProcess::close);
  }

  private OnlineStore store(String unavailableAfter) {
    return RedisTargets.store(
        cluster.get(0),
        "cluster",
        "true",
        "nodes",
        "%s,%s".formatted(cluster.get(1).address(), cluster.get(0).address()),
        "call-timeout",
        "2 seconds",
        "unavailable-after",
        unavailableAfter);
  }

  @Test
  void recordsGoToEveryServerAndAreClearedFromEach() {
    OnlineStore store = store("20 seconds");
    OnlineRecord[] many = many(3_000);

    assertThat(RedisTargets.writeAll(store, TARGET, many).written()).isEqualTo(3_000);

    assertThat(cluster)
        .allSatisfy(server -> assertThat((Long) server.call("DBSIZE")).isBetween(700L, 1_300L));
    assertThat(store.count(TARGET)).hasValue(3_000);
    assertThat(
            RedisTargets.read(
                store, TARGET, Arrays.stream(many).map(r -> r.values().get(0)).toArray()))
        .containsExactlyInAnyOrder(many);
    assertThat(store.clear(TARGET)).isEqualTo(3_000);
    assertThat(cluster).allSatisfy(server -> assertThat(server.call("DBSIZE")).isEqualTo(0L));
  }

  @Test
  void aSlotThatMovesMeanwhileIsFollowed() {
    OnlineStore store = store("20 seconds");
    String key = "flights@1.0.0:k1";
    int slot = JedisClusterCRC16.getSlot(key);
    RedisProcess from = cluster.get(slot % 3);
    RedisProcess to = cluster.get((slot + 1) % 3);
    String fromId = id(from);
    String toId = id(to);
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, RedisTargets.record("k1", 1));
      to.call("CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", fromId);
      from.call("CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", toId);
      from.call("MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "2000");

      assertThat(RedisTargets.write(writer, RedisTargets.record("k1", 2)).written())
          .as("half way: the old server says ASK")
          .isEqualTo(1);
      for (RedisProcess server : List.of(to, from)) {
        server.call("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", toId);
      }
      assertThat(RedisTargets.write(writer, RedisTargets.record("k1", 3)).written())
          .as("afterwards: it says MOVED")
          .isEqualTo(1);
    }
    assertThat(to.call("HGET", key, "v")).isEqualTo("3");
    assertThat(RedisTargets.read(store, TARGET, "k1"))
        .containsExactly(RedisTargets.record("k1", 3));
  }

  @Test
  void aServerThatIsGoneEndsTheWriter() {
    OnlineStore store = store("2 seconds");
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, many(100));
      cluster.get(2).stop();

      assertThatThrownBy(() -> RedisTargets.write(writer, many(200)))
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REDIS_UNAVAILABLE"));
    }
  }

  @Test
  void oneServerOfAClusterIsNotTakenForAllOfIt() {
    OnlineStore single = RedisTargets.store(cluster.get(0));

    assertThatThrownBy(() -> single.check(TARGET, false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REDIS_IS_CLUSTER"));
    try (RecordWriter writer = single.open(TARGET, RedisTargets.CONTEXT)) {
      assertThatThrownBy(() -> RedisTargets.write(writer, many(100)))
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REDIS_IS_CLUSTER"));
    }
  }

  private static OnlineRecord[] many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> RedisTargets.record("k" + i, i))
        .toArray(OnlineRecord[]::new);
  }

  private static String id(RedisProcess server) {
    return (String) server.call("CLUSTER", "MYID");
  }
}
