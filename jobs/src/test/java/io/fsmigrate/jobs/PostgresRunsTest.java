package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into a table of a real PostgreSQL, and what can go wrong with it. */
@ExtendWith(SparkExtension.class)
class PostgresRunsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final String PASSWORD = "the secret of the job";
  private static final String TABLE = "served.\"readings@1.0.0\"";
  private static final int SENSORS = 97;

  private static PostgresServer server;

  @TempDir private Path directory;

  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(Map.of());
    server.execute("CREATE USER job PASSWORD '%s'".formatted(PASSWORD));
  }

  @AfterAll
  static void endServer() {
    server.close();
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    server.execute(
        "DROP SCHEMA IF EXISTS served CASCADE", "CREATE SCHEMA served AUTHORIZATION job");
    sandbox = Sandbox.of(directory, spark, catalog());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
  }

  private static String catalog() {
    return """
    fs-migrate {
      warehouse = "warehouse"
      run { online-bucket-rows = 30 }
      online-stores.serving {
        type = postgresql, url = "%s", user = job, password = "%s", schema = served
        unavailable-after = 2 seconds
      }
      feature-groups.readings {
        record-identifier = sensor
        event-time = seen
        online-stores = [serving]
        versions."1.0.0".features =
          ["sensor: string", "seen: timestamp", "level: int", "note: string"]
      }
      migrations = [
        { group = readings, from = raw, to = "1.0.0"
          steps = [ { cast { name = level, type = int } } ] }
      ]
    }
    """
        .formatted(server.url("postgres"), PASSWORD);
  }

  @Test
  void theNewestRecordsAreServed() {
    JsonNode report = sandbox.json(0, "migrate", source, TARGET);

    JsonNode counted = report.at("/online/serving");
    assertThat(counted.get("newest").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("written").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("superseded").asInt()).isEqualTo(388 - SENSORS);
    assertThat(server.rows("SELECT count(*) FROM served.readings")).containsExactly("97");
    assertThat(
            server.rows(
                "SELECT sensor, seen AT TIME ZONE 'UTC', level, note FROM served.readings"
                    + " WHERE sensor = 's-5'"))
        .containsExactly("s-5|2026-01-01 00:01:00|296|n2");
    assertThat(report.toString()).doesNotContain(PASSWORD);
    Cli.Result plan = sandbox.run("plan", source, TARGET);
    assertThat(plan.out() + plan.err()).contains("serving").doesNotContain(PASSWORD);
  }

  @Test
  void newerRecordsStayAndAreGoneWhenTheTargetIsCleared() {
    sandbox.json(0, "migrate", source, TARGET);
    server.execute(
        "UPDATE served.readings SET seen = '2030-01-01Z', level = -1 WHERE sensor = 's-1'",
        "INSERT INTO served.readings VALUES ('other', '2020-01-01Z', 7, NULL)");

    JsonNode kept = sandbox.json(0, "migrate", source, TARGET);
    assertThat(kept.at("/online/serving/stale").asInt()).isEqualTo(1);
    assertThat(kept.at("/online/serving/written").asInt()).isEqualTo(SENSORS - 1);
    assertThat(server.rows("SELECT level FROM served.readings WHERE sensor = 's-1'"))
        .containsExactly("-1");

    JsonNode cleared = sandbox.json(0, "migrate", source, TARGET, "--clear-target", "--yes");
    assertThat(cleared.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(server.rows("SELECT count(*), min(level) >= 0 FROM served.readings"))
        .containsExactly("97|t");
  }

  @Test
  void aServerThatGoesAwayEndsTheRunWhichGoesOnLater() throws Exception {
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 1_200 && records() == 0; i++) {
                pause();
              }
              server.stop();
            });
    JsonNode failure;
    try {
      failure =
          sandbox.json(
              6,
              "--set",
              "online-stores.serving.rate-limit=20 records/s",
              "migrate",
              source,
              TARGET);
    } finally {
      stopped.join();
      server.start();
    }
    long before = records();

    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("POSTGRES_UNREACHABLE");
    assertThat(failure.get("message").asText()).contains("resume").doesNotContain(PASSWORD);
    assertThat(before).isBetween(1L, SENSORS - 1L);
    assertThat(resumed.at("/online/serving/newest").asInt()).isEqualTo(SENSORS);
    assertThat(server.rows("SELECT count(*) FROM served.readings")).containsExactly("97");
  }

  @Test
  void aRecordThatATableRefusesFailsAlone() {
    server.execute(
        "CREATE TABLE "
            + TABLE
            + " (sensor text PRIMARY KEY, seen timestamptz NOT NULL,"
            + " level int CHECK (level <> 296), note text)",
        "ALTER TABLE " + TABLE + " OWNER TO job");

    JsonNode report = sandbox.json(3, "migrate", source, TARGET, "--max-failures", "10%");

    assertThat(report.at("/online/serving/failed").asInt()).isEqualTo(1);
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS - 1);
    JsonNode failed = sandbox.failedRecords(report.get("run").asText()).get(0);
    assertThat(failed.get("code").asText()).isEqualTo("CONSTRAINT");
    assertThat(failed.at("/original/sensor").asText()).isEqualTo("s-5");
  }

  @Test
  void aTableThatAnOlderProgramWroteIsNotTakenForTheView() {
    server.execute(
        "CREATE TABLE served.readings (sensor text)", "ALTER TABLE served.readings OWNER TO job");

    JsonNode refused = sandbox.json(4, "migrate", source, TARGET);

    assertThat(refused.get("code").asText()).isEqualTo("SERVING_VIEW_TAKEN");
    assertThat(refused.get("message").asText()).contains("readings is a table", "serving-view");
    assertThat(sandbox.path("warehouse")).doesNotExist();
    sandbox.json(0, "--set", "online-stores.serving.serving-view=none", "migrate", source, TARGET);
  }

  @Test
  void anotherVersionIsServedWhenItIsSwitchedTo() throws Exception {
    Files.writeString(
        sandbox.path("my.conf"),
        catalog()
            .replace(
                "versions.\"1.0.0\"",
                """
                    versions."1.1.0".features =
                      ["sensor: string", "seen: timestamp", "level: int", "note: string", "up: int"]
                    versions."2.0.0".features = ["depth: int", "sensor: string", "seen: timestamp"]
                    versions."1.0.0"\
                    """)
            .replace(
                "migrations = [",
                """
                    migrations = [
                      { group = readings, from = "1.0.0", to = "1.1.0"
                        steps = [ { add { name = up, type = int, expression = "level + 1" } } ] }
                      { group = readings, from = "1.1.0", to = "2.0.0"
                        steps = [ { rename { from = level, to = depth } }, { drop = note }
                          { drop = up } ] }
                    """));
    sandbox.json(0, "migrate", source, TARGET);
    server.execute("GRANT SELECT ON served.readings TO PUBLIC");
    sandbox.json(0, "migrate", TARGET, "readings@1.1.0", "--in-place");
    assertThat(server.rows("SELECT level, up FROM served.readings WHERE sensor = 's-5'"))
        .containsExactly("296|297");
    sandbox.json(0, "migrate", "readings@1.1.0", "readings@2.0.0");
    assertThat(server.rows("SELECT level FROM served.readings WHERE sensor = 's-5'"))
        .containsExactly("296");

    sandbox.json(0, "serving", "switch", "readings", "--to", "2.0.0");

    assertThat(server.rows("SELECT * FROM served.readings WHERE sensor = 's-5'"))
        .containsExactly("296|s-5|2026-01-01 00:01:00+00");
    sandbox.json(0, "serving", "back", "readings");
    assertThat(server.rows("SELECT up FROM served.readings WHERE sensor = 's-5'"))
        .containsExactly("297");
    assertThat(server.rows("SELECT has_table_privilege('public', 'served.readings', 'SELECT')"))
        .containsExactly("t");
    assertThat(server.rows("SELECT version, key_version FROM served.fs_migrate_serving"))
        .containsExactly("1.1.0|1.0.0");
  }

  @Test
  void whatCanBeCheckedIsCheckedBeforeAnythingIsWritten() throws Exception {
    Files.writeString(
        sandbox.path("my.conf"), catalog().replace(PASSWORD, "another secret of somebody"));
    Cli.Result refused = sandbox.run("migrate", source, TARGET);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("refuses the login", "job").doesNotContain("another secret");
    Files.writeString(sandbox.path("my.conf"), catalog());
    server.execute(
        "CREATE TABLE " + TABLE + " (sensor text PRIMARY KEY, seen timestamptz, level bigint)",
        "ALTER TABLE " + TABLE + " OWNER TO job");

    JsonNode differs = sandbox.json(4, "migrate", source, TARGET);

    assertThat(differs.get("code").asText()).isEqualTo("STORE_SCHEMA_DIFFERS");
    assertThat(differs.get("message").asText())
        .contains("column level is bigint and needs integer", "it has no column note (text)");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  /** 0 before there is a table, too. */
  private static long records() {
    if (server.rows("SELECT to_regclass('%s')".formatted(TABLE)).equals(List.of("null"))) {
      return 0;
    }
    return Long.parseLong(server.rows("SELECT count(*) FROM " + TABLE).get(0));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
