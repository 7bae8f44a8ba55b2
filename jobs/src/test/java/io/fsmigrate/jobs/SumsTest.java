package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.InputMetrics;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.VanishingRows;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a run counts is held against what really happened. */
@ExtendWith(SparkExtension.class)
class SumsTest {
  @TempDir private Path directory;
  private SparkSession spark;
  private String source;

  @BeforeEach
  void input(SparkSession shared) {
    spark = shared;
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, false);
    source = "parquet:" + input;
  }

  @Test
  void aRowThatVanishesBeforeTheWriteFailsTheRun() throws Exception {
    SparkSession lossy = spark.newSession();
    lossy.conf().set(VanishingRows.CONDITION, "level = 1234");
    Sandbox sandbox = Sandbox.of(directory.resolve("lossy"), lossy);

    JsonNode failure = sandbox.json(1, "migrate", source, "readings@1.0.0");
    SparkSession.setActiveSession(spark);

    assertThat(failure.get("code").asText()).isEqualTo("SUMS_DO_NOT_ADD_UP");
    assertThat(failure.get("message").asText()).contains("accepted = written", "2400", "2399");
    assertThat(sandbox.shown("main", "readings")).isEmpty();
    assertThat(sandbox.database()).doesNotExist();
    assertThat(sandbox.json(0, "runs", "show", "latest").get("state").asText()).isEqualTo("failed");
  }

  @Test
  void theInputIsReadOnce() throws Exception {
    Sandbox sandbox = Sandbox.of(directory.resolve("once"), spark);
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      JsonNode report = sandbox.json(0, "migrate", source, "readings@1.0.0", "--online", "none");
      assertThat(report.at("/offline/written").asLong()).isEqualTo(Sandbox.ROWS);
      assertThat(metrics.recordsRead()).isEqualTo(Sandbox.ROWS);
    }
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      sandbox.json(0, "migrate", "readings@1.0.0", "readings@2.0.0");
      assertThat(metrics.recordsRead()).as("from a Delta table").isEqualTo(Sandbox.ROWS);
    }
  }
}
