package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is there against what should be there, through the real command line. */
@ExtendWith(SparkExtension.class)
class VerifyTest {
  private static final int SENSORS = 97;
  private static final long ACCEPTED = Sandbox.ROWS - Sandbox.FAILING;

  @TempDir private static Path directory;

  private static Sandbox sandbox;
  private static String source;
  private static String migrated;
  private static TablePointer table;
  private static Path records;

  @BeforeAll
  static void migrate(SparkSession spark) throws Exception {
    sandbox = Sandbox.of(directory, spark);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, true);
    source = "parquet:" + input;
    migrated = sandbox.json(3, "migrate", source, "readings@1.0.0").get("run").asText();
    table = sandbox.shown("main", "readings").orElseThrow();
    records = Files.copy(sandbox.database(), directory.resolve("online.db.migrated"));
  }

  /** What the test before has changed. */
  @BeforeEach
  void asItWasMigrated() throws Exception {
    show(table);
    Files.deleteIfExists(directory.resolve("online.db-wal"));
    Files.deleteIfExists(directory.resolve("online.db-shm"));
    Files.copy(records, sandbox.database(), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void show(TablePointer pointer) {
    BranchCommit head = sandbox.branches().head("main").orElseThrow();
    sandbox
        .branches()
        .commit(
            "main",
            Optional.of(head.id()),
            "test",
            "planted",
            Map.of(),
            Map.of("readings", pointer),
            Set.of());
  }

  /** Changes the table as it was migrated and lets the branch show what became of it. */
  private static void change(SparkSession spark, String... statements) {
    String path = "delta.`" + table.path() + "`";
    spark.sql("RESTORE " + path + " TO VERSION AS OF " + table.version());
    for (String statement : statements) {
      spark.sql(statement.replace("TABLE", path));
    }
    long version =
        spark.sql("DESCRIBE HISTORY " + path).selectExpr("max(version)").head().getLong(0);
    show(new TablePointer(table.path(), version, table.featureVersion()));
  }

  @Test
  void whatWasMigratedIsFoundAsItShouldBe() {
    JsonNode report = sandbox.json(0, "verify", "latest");

    assertThat(report.at("/verifiedRun").asText()).isEqualTo(migrated);
    assertThat(Sandbox.counters(report.at("/expected")))
        .isEqualTo(Map.of("read", Sandbox.ROWS, "failed", Sandbox.FAILING, "accepted", ACCEPTED));
    assertThat(report.at("/offline/expectedRows").asLong()).isEqualTo(ACCEPTED);
    assertThat(report.at("/offline/actualRows").asLong()).isEqualTo(ACCEPTED);
    assertThat(report.at("/offline/differingBuckets").asInt()).isZero();
    assertThat(report.at("/offline/features/2/matchRate").asDouble()).isEqualTo(1.0);
    assertThat(report.at("/state").asText()).isEqualTo("FINISHED");
  }

  @Test
  void whatWasChangedIsFound(SparkSession spark) {
    change(
        spark,
        "UPDATE TABLE SET level = level + 1 WHERE sensor = 's-1' AND level % 194 = 1 AND level < 400",
        "UPDATE TABLE SET note = NULL WHERE sensor = 's-2' AND level = 2",
        "DELETE FROM TABLE WHERE sensor = 's-3' AND level = 3",
        "INSERT INTO TABLE VALUES ('new', timestamp '2026-01-01 00:00:00Z', 1, 'n1')");

    Cli.Result text = sandbox.run("verify", source, "readings@1.0.0", "--online", "none");
    JsonNode report = sandbox.json(5, "verify", source, "readings@1.0.0", "--online", "none");

    assertThat(text.exitCode()).as(text.err()).isEqualTo(5);
    assertThat(text.out()).contains("missing 1", "different 4", "extra 1", "s-3", "note");
    assertThat(report.at("/offline/missing").asLong()).isEqualTo(1);
    assertThat(report.at("/offline/different").asLong()).isEqualTo(4);
    assertThat(report.at("/offline/extra").asLong()).isEqualTo(1);
    assertThat(report.at("/offline/features/2/differing").asLong()).isEqualTo(3);
    assertThat(report.at("/offline/features/3/differing").asLong()).isEqualTo(1);
    assertThat(report.at("/offline/features/3/nullRateChange").asDouble()).isPositive();
    assertThat(report.at("/offline/features/2/matchRate").asDouble())
        .isEqualTo(1 - 3.0 / (ACCEPTED - 1));
    List<Row> rows =
        spark
            .read()
            .format("delta")
            .load(report.at("/differences").asText())
            .orderBy("kind", "record_identifier", "event_time")
            .collectAsList();
    assertThat(rows).hasSize(6);
    assertThat(rows.get(4).<String>getAs("kind")).isEqualTo("extra");
    assertThat(rows.get(4).<String>getAs("expected")).isNull();
    assertThat(rows.get(3).<String>getList(rows.get(3).fieldIndex("features")))
        .containsExactly("note");
    assertThat(rows.get(3).<String>getAs("actual")).contains("\"note\":null");
    assertThat(sandbox.json(0, "verify", migrated).at("/state").asText()).isEqualTo("FINISHED");
  }

  @Test
  void whatAStoreHasIsHeldAgainstTheNewestRows() throws Exception {
    sandbox.changeOnline(
        "DELETE FROM readings WHERE sensor = 's-7'",
        "UPDATE readings SET level = 1 WHERE sensor = 's-8'",
        "UPDATE readings SET seen = replace(seen, '2026', '2030'), level = 2 WHERE sensor = 's-9'",
        "INSERT INTO readings (sensor, seen, level, note)"
            + " SELECT 'gone', seen, level, note FROM readings WHERE sensor = 's-10'");

    JsonNode report = sandbox.json(5, "verify", migrated);
    JsonNode sampled =
        Sandbox.json(sandbox.run("--output=json", "verify", migrated, "--sample", "50%").out());
    JsonNode offline = sandbox.json(0, "verify", migrated, "--online", "none");

    JsonNode store = report.at("/online/0");
    assertThat(store.at("/records").asInt()).isEqualTo(SENSORS);
    assertThat(store.at("/missing").asInt()).isEqualTo(1);
    assertThat(store.at("/different").asInt()).isEqualTo(1);
    assertThat(store.at("/newer").asInt()).isEqualTo(1);
    assertThat(store.at("/extra").asInt()).isEqualTo(1);
    assertThat(store.at("/same").asInt()).isEqualTo(SENSORS - 3);
    assertThat(store.at("/features/level").asInt()).isEqualTo(1);
    assertThat(report.at("/offline/different").asInt()).isZero();
    assertThat(report.at("/examples").findValuesAsText("recordIdentifier"))
        .containsExactly("s-8", "s-7");
    assertThat(sampled.at("/online/0/looked").asInt()).isBetween(1, SENSORS - 1);
    assertThat(sampled.at("/online/0/extra").isMissingNode()).isTrue();
    assertThat(offline.at("/online")).isEmpty();
  }

  @Test
  void whatDiffersIsRepairedWhenSomebodySaysYes(SparkSession spark) throws Exception {
    List<String> before = rows();
    change(
        spark,
        "UPDATE TABLE SET level = level + 1 WHERE sensor = 's-1' AND level = 1",
        "DELETE FROM TABLE WHERE sensor = 's-3' AND level = 3",
        "INSERT INTO TABLE SELECT * FROM TABLE WHERE sensor = 's-4' AND level = 4");
    sandbox.changeOnline(
        "DELETE FROM readings WHERE sensor = 's-7'",
        "UPDATE readings SET level = 1 WHERE sensor = 's-8'");
    String[] all = {
      "verify", source, "readings@1.0.0", "--repair", "missing,different,extra", "--online", "none"
    };
    String[] online = {
      "verify", source, "readings@1.0.0", "--repair", "missing,different", "--yes"
    };

    JsonNode asked = sandbox.json(5, all);
    List<String> untouched = rows();
    JsonNode repaired =
        sandbox.json(
            0,
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(all), java.util.stream.Stream.of("--yes"))
                .toArray(String[]::new));
    Cli.Result refused =
        sandbox.run("verify", source, "readings@1.0.0", "--repair", "extra", "--yes");
    Cli.Result stores = sandbox.run(online);
    JsonNode after = sandbox.json(0, "verify", source, "readings@1.0.0");

    assertThat(asked.at("/repair/done").asBoolean()).isFalse();
    assertThat(asked.at("/repair/changes")).hasSize(3);
    assertThat(untouched).isNotEqualTo(before);
    assertThat(repaired.at("/repair/remaining/offline/missing").asInt(-1)).isZero();
    assertThat(rows()).isEqualTo(before);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).contains("--online none");
    assertThat(stores.exitCode()).as(stores.out() + stores.err()).isZero();
    assertThat(stores.out()).contains("online: repaired 2, stale 0");
    assertThat(after.at("/online/0/same").asInt()).isEqualTo(SENSORS);
  }

  private List<String> rows() {
    return sandbox.table("main", "readings").toJSON().collectAsList().stream().sorted().toList();
  }
}
