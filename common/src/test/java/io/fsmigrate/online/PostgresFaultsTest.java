package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.testkit.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a server, by one that these tests may end. */
class PostgresFaultsTest {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");
  private static final VersionedGroup FLIGHTS = OnlineTargets.of("delay", "int");

  private static PostgresServer server;

  @TempDir private Path directory;

  @BeforeAll
  static void startServer() {
    server = SharedPostgres.start(Map.of("max_connections", "12", "deadlock_timeout", "200ms"));
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @BeforeEach
  void startAnew() {
    server.execute("DROP SCHEMA features CASCADE", "CREATE SCHEMA features AUTHORIZATION writer");
  }

  private static OnlineStore store(String... more) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return OnlineStores.of(SharedPostgres.definition(server, settings));
  }

  @Test
  void aServerThatIsDownAtTheStartIsToldAtOnce() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    long begin = System.nanoTime();

    FsMigrateException away =
        refusal(
            () ->
                store("url", "jdbc:postgresql://localhost:%d/postgres".formatted(port))
                    .check(FLIGHTS, false));

    assertThat(away.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(away.code()).isEqualTo("POSTGRES_UNREACHABLE");
    assertThat(away).hasMessageContaining("localhost:" + port).hasMessageContaining("check host");
    assertThat((System.nanoTime() - begin) / 1e9).isLessThan(3);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      FsMigrateException away =
          refusal(
              () ->
                  store(
                          "url",
                          "jdbc:postgresql://localhost:%d/postgres"
                              .formatted(silent.getLocalPort()),
                          "connect-timeout",
                          "1 second")
                      .check(FLIGHTS, false));

      assertThat(away.code()).isEqualTo("POSTGRES_UNREACHABLE");
    }
  }

  @Test
  void aRestartInTheMiddleOfABucketIsOvercome() {
    OnlineStore store = store("unavailable-after", "1 minute");
    store.prepare(FLIGHTS);
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      writer.write(records(0, 100), outcomes::add);
      writer.flush();
      server.stop();
      CompletableFuture<Void> restart =
          CompletableFuture.runAsync(
              () -> {
                pause(1_000);
                server.start();
              });
      writer.write(records(100, 200), outcomes::add);
      writer.commit();
      restart.join();
    }

    assertThat(outcomes)
        .containsExactly(new WriteOutcome(100, 0, List.of()), new WriteOutcome(100, 0, List.of()));
    assertThat(server.rows("SELECT count(*), sum(delay) FROM features.flights"))
        .containsExactly("200|19900");
  }

  @Test
  void aServerThatIsGoneForGoodEndsTheBucket() {
    OnlineStore store = store("unavailable-after", "2 seconds");
    store.prepare(FLIGHTS);
    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      writer.write(records(0, 100), outcome -> {});
      writer.flush();
      server.stop();
      try {
        FsMigrateException away = refusal(writer::commit);

        assertThat(away.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(away.code()).isEqualTo("POSTGRES_UNREACHABLE");
        assertThat(away).hasMessageContaining("resume the run");
        assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
      } finally {
        server.start();
      }
    }
    assertThat(server.rows("SELECT count(*) FROM features.flights")).containsExactly("0");
  }

  @Test
  void aSlowServerIsAskedAgain() {
    OnlineStore store = store("call-timeout", "1 second", "unavailable-after", "1 minute");
    store.prepare(FLIGHTS);
    server.execute(
        "CREATE SEQUENCE features.tries",
        "CREATE FUNCTION features.slow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            + " 'BEGIN IF nextval(''features.tries'') = 1 THEN PERFORM pg_sleep(3); END IF;"
            + " RETURN new; END'",
        "CREATE TRIGGER slow BEFORE INSERT ON features.flights"
            + " FOR EACH ROW EXECUTE FUNCTION features.slow()");
    List<WriteOutcome> outcomes = new ArrayList<>();

    try (RecordWriter writer = store.open(FLIGHTS, OnlineTargets.CONTEXT)) {
      writer.write(records(0, 10), outcomes::add);
      writer.commit();
    }

    assertThat(outcomes).containsExactly(new WriteOutcome(10, 0, List.of()));
    assertThat(server.rows("SELECT last_value > 10 FROM features.tries")).containsExactly("t");
  }

  @Test
  void aWrongLoginIsToldWithoutThePassword() throws IOException {
    String wrong = "not-the-password";
    Path file = Files.writeString(directory.resolve("secret"), wrong + "\n");
    Map<String, String> settings =
        new HashMap<>(SharedPostgres.definition(server, Map.of()).settings());
    settings.remove("password");
    settings.put("password-file", file.toString());
    OnlineStore fromFile =
        OnlineStores.of(new OnlineStoreDefinition("serving", "postgresql", settings));
    for (OnlineStore store : List.of(store("password", wrong), fromFile)) {
      FsMigrateException refused = refusal(() -> store.check(FLIGHTS, false));

      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.code()).isEqualTo("POSTGRES_LOGIN_REFUSED");
      assertThat(refused).hasMessageContaining("writer");
      assertThat(stackTrace(refused)).doesNotContain(wrong);
    }
    Files.writeString(file, SharedPostgres.PASSWORD + "\n");
    fromFile.check(FLIGHTS, false);
    Files.delete(file);
    assertThat(refusal(() -> fromFile.check(FLIGHTS, false)).code())
        .isEqualTo("POSTGRES_PASSWORD_UNREADABLE");
  }

  @Test
  void aMissingDatabaseAndAMissingCertificateAreTold() {
    assertThat(refusal(() -> store("url", server.url("nowhere")).check(FLIGHTS, false)).code())
        .isEqualTo("POSTGRES_NO_DATABASE");
    FsMigrateException tls = refusal(() -> store("ssl-mode", "require").check(FLIGHTS, false));
    assertThat(tls.code()).isEqualTo("POSTGRES_TLS_FAILED");
    assertThat(tls.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aDatabaseInAnotherEncodingIsRefused() {
    server.execute("DROP DATABASE IF EXISTS latin");
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");

    assertThat(refusal(() -> store("url", server.url("latin")).check(FLIGHTS, false)).code())
        .isEqualTo("POSTGRES_ENCODING");
  }

  @Test
  void aReadOnlyServerIsToldBeforeAndOvercomeWhenItEnds() {
    store().prepare(FLIGHTS);
    server.execute("ALTER USER writer SET default_transaction_read_only = on");
    try {
      FsMigrateException before = refusal(() -> store().check(FLIGHTS, false));
      assertThat(before.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(before.code()).isEqualTo("POSTGRES_READ_ONLY");
      List<WriteOutcome> outcomes = new ArrayList<>();
      try (RecordWriter writer =
          store("unavailable-after", "1 minute").open(FLIGHTS, OnlineTargets.CONTEXT)) {
        writer.write(records(0, 10), outcomes::add);
        CompletableFuture<Void> takeOver =
            CompletableFuture.runAsync(
                () -> {
                  pause(500);
                  server.execute("ALTER USER writer RESET default_transaction_read_only");
                });
        writer.commit();
        takeOver.join();
      }
      assertThat(outcomes).containsExactly(new WriteOutcome(10, 0, List.of()));
    } finally {
      server.execute("ALTER USER writer RESET default_transaction_read_only");
    }
  }

  @Test
  void connectionsThatAreAllTakenAreWaitedFor() throws Exception {
    store().prepare(FLIGHTS);
    server.execute("ALTER USER writer CONNECTION LIMIT 1");
    try (Connection taken = holder()) {
      FsMigrateException full =
          refusal(
              () -> {
                try (RecordWriter writer =
                    store("unavailable-after", "1 second").open(FLIGHTS, OnlineTargets.CONTEXT)) {
                  writer.write(records(0, 10), outcome -> {});
                  writer.commit();
                }
              });
      assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(full.code()).isEqualTo("POSTGRES_CONNECTIONS_EXHAUSTED");
      assertThat(full).hasMessageContaining("--max-workers");
      CompletableFuture<Void> freed =
          CompletableFuture.runAsync(
              () -> {
                pause(1_000);
                close(taken);
              });
      assertThat(store("unavailable-after", "1 minute").count(FLIGHTS)).hasValue(0);
      freed.join();
    } finally {
      server.execute("ALTER USER writer CONNECTION LIMIT -1");
    }
  }

  @Test
  void aFullDiskEndsTheBucketAtOnce() {
    store().prepare(FLIGHTS);
    server.execute(
        "CREATE FUNCTION features.full() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''could not extend file'' USING ERRCODE = ''53100''; END'",
        "CREATE TRIGGER full_disk BEFORE INSERT ON features.flights"
            + " FOR EACH STATEMENT EXECUTE FUNCTION features.full()");
    try (RecordWriter writer = store().open(FLIGHTS, OnlineTargets.CONTEXT)) {
      writer.write(records(0, 10), outcome -> {});

      FsMigrateException full = refusal(writer::commit);

      assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(full.code()).isEqualTo("POSTGRES_OUT_OF_SPACE");
      assertThat(full).hasMessageContaining("could not extend file");
    }
    assertThat(server.rows("SELECT count(*) FROM features.flights")).containsExactly("0");
  }

  @Test
  void aTableThatIsDroppedMeanwhileIsTold() {
    store().prepare(FLIGHTS);
    try (RecordWriter writer = store().open(FLIGHTS, OnlineTargets.CONTEXT)) {
      server.execute("DROP TABLE features.flights");
      writer.write(records(0, 10), outcome -> {});

      assertThat(refusal(writer::commit).code()).isEqualTo("POSTGRES_TABLE_MISSING");
    }
  }

  @Test
  void writersInOppositeOrdersDoNotStandInEachOthersWay() throws Exception {
    store().prepare(FLIGHTS);
    List<Future<Long>> writers = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int w = 0; w < 4; w++) {
        int writer = w;
        writers.add(threads.submit(() -> buckets(writer)));
      }
      long written = 0;
      for (Future<Long> one : writers) {
        written += one.get();
      }
      assertThat(written).isGreaterThanOrEqualTo(2_000);
    } finally {
      threads.shutdownNow();
    }
    assertThat(server.rows("SELECT count(*), min(delay), max(delay) FROM features.flights"))
        .containsExactly("2000|1204|1204");
    assertThat(server.rows("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"))
        .containsExactly("0");
  }

  /** Every odd writer has its records in the opposite order. */
  private long buckets(int writer) {
    long written = 0;
    try (RecordWriter to = store().open(FLIGHTS, OnlineTargets.CONTEXT)) {
      for (int round = 0; round < 5; round++) {
        int value = round * 300 + writer;
        List<OnlineRecord> records =
            new ArrayList<>(
                IntStream.range(0, 2_000)
                    .mapToObj(i -> OnlineRecord.of("k" + i, NOON, value + 1))
                    .toList());
        if (writer % 2 == 1) {
          Collections.reverse(records);
        }
        written += OnlineTargets.write(to, records).written();
        to.commit();
      }
    }
    return written;
  }

  private static List<OnlineRecord> records(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> OnlineRecord.of("k" + i, NOON, i)).toList();
  }

  private static Connection holder() throws Exception {
    return java.sql.DriverManager.getConnection(
        server.url("postgres"), "writer", SharedPostgres.PASSWORD);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String stackTrace(Throwable failure) {
    java.io.StringWriter text = new java.io.StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  private static FsMigrateException refusal(Runnable attempt) {
    return catchThrowableOfType(FsMigrateException.class, attempt::run);
  }
}
