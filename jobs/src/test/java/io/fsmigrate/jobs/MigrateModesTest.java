package io.fsmigrate.jobs;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Write modes, filters, limits and saved plans, through the command line. */
@ExtendWith(SparkExtension.class)
class MigrateModesTest {
  private static final String TARGET = "readings@1.0.0";

  @TempDir private Path directory;
  private SparkSession spark;
  private Sandbox sandbox;
  private String source;

  @BeforeEach
  void sandbox(SparkSession shared) throws Exception {
    spark = shared;
    sandbox = Sandbox.of(directory.resolve("it"), spark);
    source = input("input", Sandbox.ROWS);
  }

  private String input(String name, long rows) {
    Path input = directory.resolve(name);
    Sandbox.writeReadings(spark, input, rows, true);
    return "parquet:" + input;
  }

  private long fitting(String condition) {
    return spark.read().parquet(directory.resolve("input").toString()).where(condition).count();
  }

  @Test
  void aFilterTakesRowsAndMayNotReplaceWithoutLeave() {
    JsonNode first =
        sandbox.json(
            3,
            "migrate",
            source,
            TARGET,
            "--online",
            "none",
            "--filter-query",
            "WHERE level < 600");
    long taken = first.at("/offline/accepted").asLong();
    // Files that cannot hold such a row are not read.
    assertThat(first.at("/offline/read").asLong())
        .isLessThanOrEqualTo(Sandbox.ROWS)
        .isEqualTo(
            first.at("/offline/filtered").asLong() + first.at("/offline/failed").asLong() + taken);
    assertThat(taken).isEqualTo(fitting("level < 600 AND level >= 0"));
    assertThatDataFrame(sandbox.table("main", "readings").where("level >= 600")).hasRowCount(0);
    assertThatDataFrame(sandbox.table("main", "readings")).hasRowCount(taken);

    // Append keeps those rows and adds the others once.
    JsonNode second = sandbox.json(3, "migrate", source, TARGET, "--online", "none");
    assertThat(second.at("/offline/unchanged").asLong()).isEqualTo(taken);
    assertThatDataFrame(sandbox.table("main", "readings"))
        .hasRowCount(Sandbox.ROWS - Sandbox.FAILING);

    String[] replace = {
      "migrate",
      source,
      TARGET,
      "--online",
      "none",
      "--clear-target",
      "--yes",
      "--filter-query",
      "level < 50"
    };
    JsonNode refused = sandbox.json(4, replace);
    assertThat(refused.get("message").asText()).contains(TARGET, "--allow-partial");
    assertThatDataFrame(sandbox.table("main", "readings"))
        .hasRowCount(Sandbox.ROWS - Sandbox.FAILING);

    String[] allowed = java.util.Arrays.copyOf(replace, replace.length + 1);
    allowed[replace.length] = "--allow-partial";
    JsonNode replaced = sandbox.json(3, allowed);
    assertThatDataFrame(sandbox.table("main", "readings"))
        .hasRowCount(replaced.at("/offline/written").asLong());
    assertThatDataFrame(sandbox.table("main", "readings").where("level >= 50")).hasRowCount(0);
  }

  @Test
  void tooManyFailuresStopAndCanBeResumedWithAHigherLimit() {
    JsonNode stopped = sandbox.json(7, "migrate", source, TARGET, "--max-failures", "0");
    assertThat(stopped.get("message").asText()).contains("--max-failures is 0", "resume");
    assertThat(sandbox.shown("main", "readings")).isEmpty();
    assertThat(sandbox.database()).doesNotExist();
    String run = sandbox.json(0, "runs", "show", "latest").get("run").asText();

    JsonNode resumed =
        sandbox.json(3, "migrate", "--resume-from", "latest", "--max-failures", "1%");

    assertThat(resumed.get("run").asText()).isEqualTo(run);
    assertThat(resumed.at("/offline/failed").asLong()).isEqualTo(Sandbox.FAILING);
    assertThat(sandbox.failedRecords(run)).hasSize((int) Sandbox.FAILING);
    assertThatDataFrame(sandbox.table("main", "readings"))
        .hasRowCount(Sandbox.ROWS - Sandbox.FAILING);
  }

  @Test
  void aSavedPlanRunsOnceAndIsStaleThen() {
    String plan = sandbox.path("plan.json").toString();
    sandbox.json(0, "plan", source, TARGET, "--online", "none", "--out", plan);

    JsonNode report = sandbox.json(3, "migrate", "--plan", plan);
    JsonNode stale = sandbox.json(4, "migrate", "--plan", plan);

    assertThat(report.at("/offline/read").asLong()).isEqualTo(Sandbox.ROWS);
    assertThat(report.get("fingerprint"))
        .isEqualTo(Sandbox.json(Path.of(plan)).at("/fingerprint/hash"));
    assertThat(stale.get("code").asText()).isEqualTo("STALE_PLAN");
    assertThat(stale.get("message").asText()).contains(plan, "target", "plan again");
  }

  @Test
  void clearTargetLeavesTheRowsOfThisRunOnly() {
    sandbox.json(3, "migrate", source, TARGET, "--online", "none");
    String less = input("less", 400);

    JsonNode report =
        sandbox.json(
            0,
            "migrate",
            less,
            TARGET,
            "--online",
            "none",
            "--clear-target",
            "--yes",
            "--filter-query",
            "level BETWEEN 0 AND 2147483647",
            "--allow-partial");

    assertThatDataFrame(sandbox.table("main", "readings"))
        .hasRowCount(report.at("/offline/written").asLong());
    assertThat(report.at("/offline/written").asLong()).isBetween(390L, 400L);
  }

  @Test
  void clearTargetEmptiesTheOnlineStoreOfTheGroupAndAsksFirst() throws Exception {
    sandbox.json(3, "migrate", source, TARGET);
    int before = sandbox.online("SELECT * FROM readings").size();
    String less = input("less", 40);
    String[] clear = {
      "migrate",
      less,
      TARGET,
      "--clear-target",
      "--filter-query",
      "level < 50",
      "--allow-partial",
      "--max-failures",
      "50%"
    };

    JsonNode plan = sandbox.json(0, "plan", less, TARGET, "--clear-target");
    JsonNode refused = sandbox.json(4, clear);

    assertThat(plan.at("/online/0/clears/records").asInt()).isEqualTo(before);
    assertThat(refused.get("code").asText()).isEqualTo("CONFIRMATION_NEEDED");
    assertThat(refused.get("message").asText())
        .contains(before + " records of online store online", "rows of readings@1.0.0", "--yes");
    assertThat(sandbox.online("SELECT * FROM readings")).hasSize(before);

    String[] meant = java.util.Arrays.copyOf(clear, clear.length + 1);
    meant[clear.length] = "--yes";
    JsonNode report = sandbox.json(3, meant);

    assertThat(report.at("/online/online/cleared").asInt()).isEqualTo(before);
    assertThat(sandbox.online("SELECT * FROM readings"))
        .hasSize(report.at("/online/online/written").asInt())
        .hasSizeLessThan(before);
  }
}
