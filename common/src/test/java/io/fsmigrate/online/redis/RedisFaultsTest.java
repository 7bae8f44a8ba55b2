package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.testkit.RedisProcess;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server, and what can go wrong with it. */
class RedisFaultsTest {
  private static final VersionedGroup TARGET = RedisTargets.of("v", "int");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private RedisProcess server(String... settings) {
    RedisProcess redis = RedisProcess.start(settings);
    open.add(redis);
    return redis;
  }

  private static OnlineStore store(RedisProcess redis, String... more) {
    return RedisTargets.store(
        redis, more.length > 0 ? more : new String[] {"unavailable-after", "20 seconds"});
  }

  @Test
  void aServerThatIsNotThereIsToldByTheCheck() {
    RedisProcess redis = RedisProcess.stopped();
    OnlineStore store = store(redis);

    assertThatThrownBy(() -> store.check(TARGET, false))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNREACHABLE", 6))
        .hasMessageContaining(redis.address())
        .hasMessageContaining("refused")
        .hasMessageContaining("nodes");
    assertThatThrownBy(() -> store.count(TARGET))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNREACHABLE", 6));
  }

  @Test
  void aServerThatStaysAwayEndsTheWriter() {
    RedisProcess redis = server();
    OnlineStore store = store(redis, "unavailable-after", "1 second");
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 1));
      redis.stop();

      long begin = System.nanoTime();
      assertThatThrownBy(() -> RedisTargets.write(writer, record("b", 1)))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNAVAILABLE", 6))
          .hasMessageContaining("resumed");
      assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
      assertThatThrownBy(writer::flush)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("open another");
    }
  }

  @Test
  void aServerThatIsThereLaterGetsEverything() throws Exception {
    RedisProcess redis = RedisProcess.stopped();
    open.add(redis);
    try (RecordWriter writer = store(redis).open(TARGET, RedisTargets.CONTEXT)) {
      CompletableFuture<Void> start = later(redis::run, 400);

      assertThat(RedisTargets.write(writer, record("a", 1)).written()).isEqualTo(1);
      start.get();
    }
    assertThat(store(redis).count(TARGET)).hasValue(1);
  }

  @Test
  void aServerThatStartsAgainInTheMiddleLosesNothingThatIsWrittenAfter() throws Exception {
    RedisProcess redis = server();
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer = store(redis).open(TARGET, RedisTargets.CONTEXT)) {
      for (int batch = 0; batch < 40; batch++) {
        int first = batch * 100;
        writer.write(
            IntStream.range(first, first + 100).mapToObj(i -> record("k" + i, 1)).toList(),
            outcomes::add);
        if (batch == 20) {
          writer.flush();
          redis.stop();
          later(redis::run, 300);
        }
      }
      writer.commit();
    }
    assertThat(outcomes).hasSize(40).allMatch(o -> o.written() == 100);
    // What was there before the restart is gone with a server that keeps nothing on disk.
    assertThat(store(redis).count(TARGET)).hasValue(1_900);
  }

  @Test
  void aServerThatForgetsItsScriptsGetsThemAgain() {
    RedisProcess redis = server();
    try (RecordWriter writer = store(redis).open(TARGET, RedisTargets.CONTEXT)) {
      for (int i = 0; i < 5; i++) {
        redis.call("SCRIPT", "FLUSH");
        assertThat(RedisTargets.write(writer, record("a", i), record("b", i)).written())
            .isEqualTo(2);
      }
    }
    assertThat(RedisTargets.read(store(redis), TARGET, "a")).containsExactly(record("a", 4));
  }

  @Test
  void aConnectionThatIsCutIsOpenedAgain() {
    RedisProcess redis = server();
    try (RecordWriter writer = store(redis).open(TARGET, RedisTargets.CONTEXT)) {
      for (int i = 0; i < 5; i++) {
        redis.call("CLIENT", "KILL", "TYPE", "normal");
        assertThat(RedisTargets.write(writer, record("a", i)).written()).isEqualTo(1);
      }
    }
  }

  @Test
  void aServerThatHangsIsLeftAloneAndTriedAgain() throws Exception {
    RedisProcess redis = server();
    OnlineStore store = store(redis, "call-timeout", "1 second", "unavailable-after", "20 seconds");
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 1));
      redis.call("CLIENT", "PAUSE", "2500");

      long begin = System.nanoTime();
      assertThat(RedisTargets.write(writer, record("a", 2)).written()).isEqualTo(1);
      assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
    }
    assertThat(RedisTargets.read(store, TARGET, "a")).containsExactly(record("a", 2));
  }

  @Test
  void aServerThatHangsForGoodEndsTheWriter() {
    RedisProcess redis = server();
    OnlineStore store = store(redis, "call-timeout", "1 second", "unavailable-after", "2 seconds");
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 1));
      redis.call("CLIENT", "PAUSE", "60000");

      assertThatThrownBy(() -> RedisTargets.write(writer, record("a", 2)))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNAVAILABLE", 6))
          .hasMessageContaining("no reply in time");
    }
  }

  @Test
  void aFullServerEndsTheWriterAndKeepsWhatItHas() {
    RedisProcess redis = server("maxmemory-policy noeviction");
    OnlineStore store = store(redis);
    RedisTargets.writeAll(store, TARGET, record("a", 1));
    redis.call("CONFIG", "SET", "maxmemory", "100kb");

    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      assertThatThrownBy(() -> RedisTargets.write(writer, record("b", 1)))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_FULL", 6))
          .hasMessageContaining("maxmemory")
          .hasMessageContaining("resumed");
    }
    redis.call("CONFIG", "SET", "maxmemory", "0");
    assertThat(RedisTargets.read(store, TARGET, "a", "b")).containsExactly(record("a", 1));
  }

  @Test
  void aRecordThatIsReplacedIsNotLostWhereTheServerIsFull() {
    RedisProcess redis = server("maxmemory-policy noeviction");
    OnlineStore store = store(redis);
    RedisTargets.writeAll(store, TARGET, record("a", 1));
    redis.call("CONFIG", "SET", "maxmemory", "100kb");

    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 2));
    } catch (FsMigrateException e) {
      has(e, "REDIS_FULL", 6);
    }
    redis.call("CONFIG", "SET", "maxmemory", "0");
    assertThat(RedisTargets.read(store, TARGET, "a")).hasSize(1);
  }

  @Test
  void aWrongPasswordIsToldBeforeTheFirstRecordAndNeverShown() {
    RedisProcess redis = server("requirepass right-one");

    for (String[] login :
        new String[][] {
          {"password", "wrong-one"},
          {"password", "right-one", "user", "nobody"},
          {"unavailable-after", "1 second"}
        }) {
      assertThatThrownBy(() -> store(redis, login).check(TARGET, false))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_ACCESS_DENIED", 2))
          .hasMessageContaining("password")
          .satisfies(
              e -> assertThat(e.toString()).doesNotContain("right-one").doesNotContain("wrong-one"))
          .satisfies(e -> assertThat(e).hasNoCause());
    }
    store(redis, "password", "right-one").check(TARGET, false);
  }

  @Test
  void aPasswordThatNobodyAskedForIsRefusedAsOne() {
    RedisProcess redis = server();

    assertThatThrownBy(() -> store(redis, "password", "some-thing").check(TARGET, false))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_ACCESS_DENIED", 2))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("some-thing"));
  }

  @Test
  void aUserMayLackAPermissionAndAPasswordMayBeRenewed(@TempDir Path directory) throws Exception {
    RedisProcess redis = server();
    redis.call("ACL", "SETUSER", "reader", "on", ">first", "~*", "+@read", "+@connection");
    redis.call("ACL", "SETUSER", "writer", "on", ">first", "~*", "+@all");
    Path file = Files.writeString(directory.resolve("password"), "first\n");
    OnlineStore store = store(redis, "user", "writer", "password-file", file.toString());

    assertThatThrownBy(
            () -> store(redis, "user", "reader", "password", "first").check(TARGET, false))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_ACCESS_DENIED", 2));
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 1));
      redis.call("ACL", "SETUSER", "writer", "resetpass", ">second");
      Files.writeString(file, "second\n");
      redis.call("CLIENT", "KILL", "USER", "writer");

      assertThat(RedisTargets.write(writer, record("a", 2)).written()).isEqualTo(1);
      redis.call("ACL", "SETUSER", "writer", "resetpass", ">third");
      redis.call("CLIENT", "KILL", "USER", "writer");
      assertThatThrownBy(() -> RedisTargets.write(writer, record("a", 3)))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_ACCESS_LOST", 6))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("second"));
    }
    Files.delete(file);
    assertThatThrownBy(() -> store.check(TARGET, false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> has(e, "REDIS_PASSWORD_UNREADABLE", 2));
  }

  @Test
  void aKeyThatSomebodyElseUsesFailsItsRecordAlone() {
    RedisProcess redis = server();
    OnlineStore store = store(redis);
    redis.call("SET", "flights@1.0.0:taken", "a text");
    redis.call("HSET", "flights@1.0.0:odd", "__fs_at", "100000000993902400000000000", "v", "x");

    WriteOutcome outcome =
        RedisTargets.writeAll(
            store, TARGET, record("a", 1), record("taken", 1), record("odd", 0), record("b", 1));

    assertThat(outcome.written()).isEqualTo(2);
    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code())
        .containsExactly("1 KEY_IN_OTHER_USE", "2 UNREADABLE_IN_STORE");
    assertThat(outcome.failed().get(0).reason()).contains("flights@1.0.0:taken", "key-prefix");
    assertThat(outcome.failed()).noneMatch(FailedWrite::retryable);
    assertThat(redis.call("GET", "flights@1.0.0:taken")).isEqualTo("a text");
    assertThatThrownBy(() -> RedisTargets.read(store, TARGET, "taken"))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "STORE_NOT_READABLE", 6));
    assertThatThrownBy(() -> RedisTargets.read(store, TARGET, "odd"))
        .hasMessageContaining("v is no int");
  }

  @Test
  void aServerWithoutAFreeConnectionIsTriedAgain() throws Exception {
    RedisProcess redis = server("maxclients 2");
    List<Socket> others = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      others.add(new Socket("127.0.0.1", redis.port()));
    }
    OnlineStore store = store(redis, "unavailable-after", "1 second");
    assertThatThrownBy(() -> RedisTargets.writeAll(store, TARGET, record("a", 1)))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNAVAILABLE", 6))
        .hasMessageContaining("max number of clients");
    try (RecordWriter writer = store(redis).open(TARGET, RedisTargets.CONTEXT)) {
      later(() -> others.forEach(RedisFaultsTest::quietly), 300);
      assertThat(RedisTargets.write(writer, record("a", 1)).written()).isEqualTo(1);
    }
  }

  @Test
  void aReplicaIsRefusedAndOneThatBecomesOneIsWaitedFor() {
    RedisProcess primary = server();
    RedisProcess redis = server();
    OnlineStore store = store(redis, "unavailable-after", "1 second");
    try (RecordWriter writer = store.open(TARGET, RedisTargets.CONTEXT)) {
      RedisTargets.write(writer, record("a", 1));
      redis.call("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));

      assertThatThrownBy(() -> RedisTargets.write(writer, record("a", 2)))
          .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_UNAVAILABLE", 6));
    }
    assertThatThrownBy(() -> store.check(TARGET, false))
        .isInstanceOfSatisfying(FsMigrateException.class, e -> has(e, "REDIS_IS_REPLICA", 2));
  }

  private static void has(FsMigrateException e, String code, int exit) {
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.exitCode()).isEqualTo(exit == 2 ? ExitCode.USAGE : ExitCode.UNAVAILABLE);
  }

  private static OnlineRecord record(String id, int v) {
    return RedisTargets.record(id, v);
  }

  private static CompletableFuture<Void> later(Runnable work, long millis) {
    return CompletableFuture.runAsync(
        work, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }

  private static void quietly(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
