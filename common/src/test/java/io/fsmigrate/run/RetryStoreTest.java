package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.online.SharedPostgres;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records that a store refused, tried again in that store. */
@ExtendWith(SparkExtension.class)
class RetryStoreTest {
  /** Ten records, r0 to r9. */
  private static final String ROWS =
      """
      SELECT concat('r', id) AS id, timestamp_seconds(1767225600) AS at, id AS n, id / 4D AS x
      FROM range(10)
      """;

  @TempDir private Path dir;
  private final SparkSession spark;

  RetryStoreTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void eachRecordHasItsOwnOutcomeAlsoWhereItsBatchIsMixed() throws SQLException {
    MigrationHouse house = new MigrationHouse(dir, spark);
    house.migrate(request(house.parquet("one", ROWS + " WHERE id = 0", 1), "visits@2.0.0"));
    change(house.database(), refusing("'r1', 'r2', 'r3', 'r5'"));
    RunReport run = house.migrate(request(house.parquet("rows", ROWS, 1), "visits@2.0.0"));
    assertThat(run.online().get("online")).containsEntry("failed", 4L);
    Map<String, String> ids = ids(house, run.run());
    assertThat(ids).containsOnlyKeys("r1", "r2", "r3", "r5");
    RunReport failing = house.retry(run.run());
    assertThat(failing.online().get("online"))
        .containsEntry("newest", 4L)
        .containsEntry("failed", 4L);

    // A newer r5 gets in, and the whole table is offered: the others are still refused.
    change(house.database(), "DROP TRIGGER refusing");
    change(house.database(), refusing("'r1', 'r2', 'r3'"));
    String later = ROWS.replace("1767225600", "1767325600") + " WHERE id = 5";
    house.migrate(request(house.parquet("later", later, 1), "visits@2.0.0"));
    change(house.database(), "DROP TRIGGER refusing");
    // Somebody else wrote to the table: not what a run keeps.
    house
        .session()
        .sql(
            "UPDATE delta.`%s` SET original = replace(original, '\"n\":3', '\"n\":\"three\"') WHERE id = '%s'"
                .formatted(
                    new Warehouse(house.warehouse()).failedRecords(failing.run()), ids.get("r3")));
    assertThatThrownBy(() -> house.retry(run.run(), true, failingAt(RunEvent.Kind.ONLINE_WRITTEN)))
        .hasMessageContaining("the process ends");
    assertThat(house.online("2.0.0", List.of("r1", "r2"))).as("committed before").hasSize(2);
    String retry = house.newestRun().id();
    RunReport report = house.resumeRetry(retry, event -> {});

    assertThat(report.online().get("online"))
        .isEqualTo(Map.of("newest", 4L, "written", 2L, "stale", 1L, "failed", 1L));
    assertThat(report.branchCommit()).isEmpty();
    assertThat(outcomes(house, retry))
        .isEqualTo(
            Map.of(
                ids.get("r1"), "written",
                ids.get("r2"), "written",
                ids.get("r3"), "failed",
                ids.get("r5"), "stale"));
    assertThat(house.online("2.0.0", List.of("r1", "r2", "r3", "r5")))
        .hasSize(3)
        .anyMatch(record -> record.startsWith("[r5, 2026-01-02"));
    Row unreadable = house.failedRecords(retry).first();
    assertThat(unreadable.<String>getAs("code")).isEqualTo("ORIGINAL_UNREADABLE");
    assertThat(unreadable.<String>getAs("id")).isEqualTo(ids.get("r3"));
    assertThat(unreadable.<Boolean>getAs("retryable")).isFalse();
    assertThat(unreadable.<Integer>getAs("attempts")).isEqualTo(3);
    assertThat(house.failedRecords(retry).count()).isEqualTo(1);
  }

  @Test
  void whatAPublicationCouldNotBringGoesToItsStoreAlone() throws SQLException {
    MigrationHouse house = new MigrationHouse(dir, spark);
    house.migrate(request(house.parquet("rows", ROWS + " WHERE id = 0", 1), "visits@1.0.0"));
    house.publish(publication(), event -> {});
    house.migrate(request(house.parquet("more", ROWS, 1), "visits@1.0.0"));
    change(dir.resolve("second.db"), refusing("'r4'"));
    RunReport run = house.publish(publication(), event -> {});
    assertThat(run.online().get("second")).containsEntry("failed", 1L);
    change(dir.resolve("second.db"), "DROP TRIGGER refusing");

    RunReport report = house.retry(run.run());

    assertThat(report.online()).isEqualTo(Map.of("second", Map.of("newest", 1L, "written", 1L)));
    assertThat(report.offline()).isEmpty();
    assertThat(report.branchCommit()).isEmpty();
    assertThat(house.online("second", "1.0.0", List.of("r4"))).hasSize(1);
    assertThat(house.settled(report.run()))
        .containsExactly("{\"store\":\"second\",\"outcome\":\"written\"}");
  }

  @Test
  void aPostgresThatTakesThemNowHasThem() {
    PostgresServer server = SharedPostgres.server();
    SharedPostgres.emptySchema();
    MigrationHouse house =
        new MigrationHouse(
            dir,
            spark,
            """
            fs-migrate.online-stores.serving {
              type = postgresql, url = "%s", user = writer, password = "%s", schema = features
            }
            fs-migrate.feature-groups.visits.versions."2.0.0".online-stores = [serving]
            """
                .formatted(server.url("postgres"), SharedPostgres.PASSWORD));
    house.migrate(request(house.parquet("one", ROWS + " WHERE id = 0", 1), "visits@2.0.0"));
    String table =
        "features.\"%s\""
            .formatted(
                server
                    .rows(
                        "SELECT tablename FROM pg_tables WHERE schemaname = 'features' AND tablename LIKE 'visits%'")
                    .get(0));
    server.execute(
        "ALTER TABLE %s ADD CONSTRAINT small CHECK (id NOT IN ('r1', 'r2', 'r5'))"
            .formatted(table));
    RunReport run = house.migrate(request(house.parquet("rows", ROWS, 1), "visits@2.0.0"));
    assertThat(run.online().get("serving")).containsEntry("failed", 3L);
    Map<String, String> ids = ids(house, run.run());
    String small =
        "ALTER TABLE %s DROP CONSTRAINT small, ADD CONSTRAINT small CHECK (id NOT IN (%s))";
    server.execute(small.formatted(table, "'r1', 'r2'"));
    String later = ROWS.replace("1767225600", "1767325600") + " WHERE id = 5";
    house.migrate(request(house.parquet("later", later, 1), "visits@2.0.0"));
    server.execute(small.formatted(table, "'r1'"));

    RunReport report = house.retry(run.run());

    assertThat(report.online().get("serving"))
        .isEqualTo(Map.of("newest", 3L, "written", 1L, "stale", 1L, "failed", 1L));
    assertThat(outcomes(house, report.run()))
        .isEqualTo(
            Map.of(ids.get("r1"), "failed", ids.get("r2"), "written", ids.get("r5"), "stale"));
    assertThat(server.rows("SELECT count(*) FROM " + table)).containsExactly("9");
  }

  private static String refusing(String ids) {
    return "CREATE TRIGGER refusing BEFORE INSERT ON %%s WHEN NEW.id IN (%s) BEGIN SELECT RAISE(ABORT, 'not now'); END"
        .formatted(ids);
  }

  private static PublishRequest publication() {
    return new PublishRequest(
        "visits", List.of("online", "second"), WriteMode.APPEND, false, StaleCheck.NONE);
  }

  private static RunListener failingAt(RunEvent.Kind kind) {
    return event -> {
      if (event.kind() == kind) {
        throw new IllegalStateException("the process ends at " + kind);
      }
    };
  }

  /** The ids of failed records, by the record identifier in their originals. */
  private static Map<String, String> ids(MigrationHouse house, String run) {
    Map<String, String> ids = new TreeMap<>();
    house
        .failedRecords(run)
        .selectExpr("get_json_object(original, '$.id')", "id")
        .collectAsList()
        .forEach(row -> ids.put(row.getString(0), row.getString(1)));
    return ids;
  }

  private static Map<String, String> outcomes(MigrationHouse house, String retry) {
    Map<String, String> outcomes = new TreeMap<>();
    house
        .session()
        .read()
        .format("delta")
        .load(new Warehouse(house.warehouse()).settledRecords(retry))
        .collectAsList()
        .forEach(row -> outcomes.put(row.getAs("id"), row.getAs("outcome")));
    return outcomes;
  }

  private static void change(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      String table;
      try (var found =
          statement.executeQuery(
              "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'visits%'")) {
        found.next();
        table = "\"" + found.getString(1) + "\"";
      }
      statement.executeUpdate(sql.formatted(table));
    }
  }
}
