package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code retry} as people use it: something was corrected, and what had failed goes in. */
@ExtendWith(SparkExtension.class)
class RetryRunsTest {
  private static final String TARGET = "readings@1.0.0";

  /** Part of every level that does not fit. */
  private static final String SECRET = "30000000";

  @TempDir private Path directory;

  @Test
  void aCorrectedMigrationAndAStoreThatRecoversGetWhatHadFailed(SparkSession spark)
      throws Exception {
    Sandbox sandbox = Sandbox.of(directory, spark);
    Sandbox.writeReadings(spark, directory.resolve("input"), Sandbox.ROWS, true);
    String source = "parquet:" + directory.resolve("input");
    sandbox.json(0, "migrate", source, TARGET, "--filter-query", "sensor = 's-0' AND level = 0");
    sandbox.changeOnline(
        "CREATE TRIGGER refusing BEFORE INSERT ON readings WHEN NEW.sensor = 's-7'"
            + " BEGIN SELECT RAISE(ABORT, 'not now'); END");
    String run =
        sandbox.json(3, "migrate", source, TARGET, "--max-failures", "100").get("run").asText();
    assertThat(sandbox.online("SELECT sensor FROM readings WHERE sensor = 's-7'")).isEmpty();

    Cli.Result nothing = sandbox.run("retry", run);
    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.out()).contains("nothing to retry", "retry " + run + " --all");
    JsonNode plan = sandbox.json(0, "retry", run, "--all", "--dry-run");
    assertThat(plan.path("taken").path("offline").asLong()).isEqualTo(Sandbox.FAILING);
    assertThat(plan.path("taken").path("online").asLong()).isEqualTo(1);

    Files.writeString(
        directory.resolve("my.conf"),
        Sandbox.CATALOG.replace(
            "steps = [ { cast { name = level, type = int } } ]",
            "steps = [ { set { name = level, expression = \"IF(level BETWEEN 0 AND 2147483647, level, 0)\" } }, { cast { name = level, type = int } } ]"));
    sandbox.changeOnline("DROP TRIGGER refusing");
    Cli.Result limited = sandbox.run("retry", run, "--all", "--max-failures", "1");
    assertThat(limited.exitCode()).as("what is taken has failed before").isEqualTo(2);
    JsonNode report = sandbox.json(0, "retry", run, "--all", "--batch-size", "7");

    assertThat(report.path("offline").path("written").asLong()).isEqualTo(Sandbox.FAILING);
    assertThat(report.path("online").path("online").has("failed")).isFalse();
    assertThat(sandbox.table("main", "readings").count()).isEqualTo(Sandbox.ROWS);
    assertThat(sandbox.online("SELECT sensor FROM readings WHERE sensor = 's-7'")).hasSize(1);
    assertThat(sandbox.failedRecords(run)).allMatch(record -> record.has("settled"));
    Cli.Result again = sandbox.run("retry", run, "--all");
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("nothing to retry");
    Cli.Result open = sandbox.run("runs", "failed", run, "--open");
    assertThat(open.out()).contains("has no failed record");

    sandbox.json(0, "migrate", TARGET, "readings@2.0.0");
    Cli.Result moved = sandbox.run("retry", run, "--all");
    assertThat(moved.exitCode()).isEqualTo(4);
    assertThat(moved.err()).contains("shows readings@2.0.0 now");
  }

  @Test
  void whatIsSensitiveIsNowhereToBeSeen(SparkSession spark) throws Exception {
    Sandbox sandbox =
        Sandbox.of(
            directory,
            spark,
            Sandbox.CATALOG.replace(
                "\"level: int\"", "{ name = level, type = int, sensitive = true }"));
    Sandbox.writeReadings(spark, directory.resolve("input"), Sandbox.ROWS, true);
    String source = "parquet:" + directory.resolve("input");

    StringBuilder seen = new StringBuilder();
    for (String[] command :
        List.of(
            new String[] {"plan", source, TARGET},
            new String[] {
              "migrate", source, TARGET, "--report", directory.resolve("report.json").toString()
            },
            new String[] {"runs", "show", "latest"},
            new String[] {"runs", "failed", "latest"},
            new String[] {
              "runs", "failed", "latest", "--to", directory.resolve("failed.jsonl").toString()
            },
            new String[] {"retry", "latest", "--all", "--dry-run"},
            new String[] {"retry", "latest", "--all"})) {
      Cli.Result result = sandbox.run(command);
      seen.append(result.out()).append(result.err());
    }

    assertThat(seen.toString()).contains("***", "cannot be retried").doesNotContain(SECRET);
    assertThat(Files.readAllLines(directory.resolve("failed.jsonl")))
        .hasSize((int) Sandbox.FAILING)
        .allMatch(line -> line.contains("\"level\":\"***\""));
    assertThat(filesWith(SECRET)).isEmpty();
  }

  /** Of all there is but the source. */
  private List<Path> filesWith(String secret) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(directory.resolve("input")))
          .filter(file -> contains(file, secret))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path file, String secret) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
