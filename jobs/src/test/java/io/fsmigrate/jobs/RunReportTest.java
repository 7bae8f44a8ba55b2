package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reports of runs, however they end: saved, shown again without Spark, and as a page. */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunReportTest {
  private static final Path SCHEMA = Path.of("../docs/schemas/run-report.schema.json");

  private Sandbox sandbox;
  private Path page;
  private JsonNode finished;
  private JsonNode stopped;

  @BeforeAll
  void run(SparkSession spark, @TempDir Path directory) throws Exception {
    sandbox = Sandbox.of(directory, spark);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, true);
    Path failed = directory.resolve("stopped.json");
    Cli.Result refused =
        sandbox.run(
            "migrate",
            "parquet:" + input,
            "readings@1.0.0",
            "--max-failures=2",
            "--report=" + failed);
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(7);
    stopped = Sandbox.json(failed);
    page = directory.resolve("report.html");
    finished = sandbox.json(3, "migrate", "parquet:" + input, "readings@1.0.0", "--report=" + page);
  }

  @Test
  void reportsAreAsTheirSchemaSays() throws Exception {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(SCHEMA));
    sandbox.json(0, "publish", "main:readings", "--to=online");
    JsonNode published = saved("latest");

    for (JsonNode report : List.of(finished, stopped, saved(id(finished)), published)) {
      assertThat(schema.validate(report)).isEmpty();
    }
    // And it is a schema that refuses: no report lacks its run or has a key of its own.
    ObjectNode other = finished.deepCopy();
    other.remove("run");
    other.put("surprise", 1);
    assertThat(schema.validate(other)).hasSize(2);
  }

  @Test
  void aReportSaysWhatFailedWhyAndHowToGoOn() {
    assertThat(finished.get("schema").asText()).isEqualTo("fs-migrate/report/2");
    assertThat(finished.at("/failures/records").asLong()).isEqualTo(Sandbox.FAILING);
    long named = 0;
    for (JsonNode cause : finished.at("/failures/causes")) {
      assertThat(cause.get("store").asText()).isEqualTo("offline");
      assertThat(cause.get("code").asText()).isIn("CAST", "CONTRACT");
      named += cause.get("records").asLong();
    }
    assertThat(named).isEqualTo(Sandbox.FAILING);
    assertThat(finished.get("next").findValuesAsText("command"))
        .containsExactly(
            "runs failed %s --to failed.jsonl".formatted(id(finished)),
            "retry " + id(finished),
            "verify " + id(finished));
    assertThat(finished.at("/settings/run/online-bucket-rows").asText()).isEqualTo("300");
    assertThat(finished.at("/settings/stores/online/type").asText()).isEqualTo("sqlite");
    JsonNode samples = finished.at("/throughput/samples");
    JsonNode last = samples.get(samples.size() - 1);
    assertThat(last.at("/rows/offline").asLong()).isEqualTo(Sandbox.ROWS);
    assertThat(last.at("/rows/online").asLong()).isEqualTo(97);
  }

  @Test
  void aRunThatStoppedHasAReportAsWell() {
    assertThat(stopped.get("state").asText()).isEqualTo("STOPPED");
    assertThat(stopped.get("exitCode").asInt()).isEqualTo(7);
    assertThat(stopped.get("message").asText()).contains("--max-failures is 2");
    assertThat(stopped.get("path")).hasSize(1);
    assertThat(stopped.get("table")).isNull();
    assertThat(stopped.at("/settings/run/max-failures").asText()).isEqualTo("2");
    assertThat(stopped.at("/failures/records").asLong())
        .isEqualTo(stopped.at("/offline/failed").asLong())
        .isGreaterThan(2);
    assertThat(stopped.get("next").findValuesAsText("command"))
        .containsExactly(
            "runs failed %s --to failed.jsonl".formatted(id(stopped)),
            "migrate --resume-from " + id(stopped));
  }

  @Test
  void aReportIsShownAgainWithoutSpark() throws Exception {
    Path again = sandbox.path("again.html");
    Path json = sandbox.path("again.json");
    JsonNode shown =
        sandbox.json(0, "runs", "report", id(finished), "--html=" + again, "--json=" + json);

    assertThat(shown).isEqualTo(finished);
    assertThat(Sandbox.json(json)).isEqualTo(finished);
    assertThat(Files.readString(again)).isEqualTo(Files.readString(page));
    assertThat(sandbox.run("runs", "report", id(stopped)).out())
        .contains("stopped", "CONTRACT", "migrate --resume-from " + id(stopped));
    assertThat(sandbox.run("runs", "report", "no-such-run").err()).contains("no-such-run");
  }

  private JsonNode saved(String run) {
    return sandbox.json(0, "runs", "report", run);
  }

  private static String id(JsonNode report) {
    return report.get("run").asText();
  }
}
