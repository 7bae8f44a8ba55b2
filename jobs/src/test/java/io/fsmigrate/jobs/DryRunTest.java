package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.DirectoryListing;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Planning leaves warehouse, state and stores as they are, to the byte. */
@ExtendWith(SparkExtension.class)
class DryRunTest {
  private static final List<List<String>> DRY =
      List.of(List.of("plan"), List.of("migrate", "--dry-run"));

  @TempDir private Path directory;
  private SparkSession spark;
  private Sandbox sandbox;
  private String source;

  @BeforeEach
  void sandbox(SparkSession shared) throws Exception {
    spark = shared;
    sandbox = Sandbox.of(directory.resolve("it"), spark);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, true);
    source = "parquet:" + input;
  }

  @Test
  void nothingIsMadeWhereNothingIs() throws Exception {
    DirectoryListing before = DirectoryListing.of(directory);
    for (List<String> dry : DRY) {
      JsonNode plan = dry(0, dry, source, "readings@1.0.0", "--estimate-keys");
      assertThat(plan.at("/rows").asLong()).isEqualTo(Sandbox.ROWS);
      assertThat(plan.at("/units/count").asInt()).isEqualTo(Sandbox.FILES);
      assertThat(plan.at("/target/strategy").asText()).isEqualTo("NEW_TABLE");
      assertThat(DirectoryListing.of(directory).differencesFrom(before)).isEmpty();
    }
  }

  @Test
  void whatIsThereStays() throws Exception {
    sandbox.json(3, "migrate", source, "readings@1.0.0");
    DirectoryListing before = DirectoryListing.of(directory);
    for (List<String> dry : DRY) {
      assertThat(dry(0, dry, source, "readings@1.0.0").at("/target/strategy").asText())
          .isEqualTo("APPEND_TO_CLONE");
      assertThat(
              dry(0, dry, source, "readings@1.0.0", "--clear-target")
                  .at("/target/strategy")
                  .asText())
          .isEqualTo("REPLACE_TABLE");
      dry(0, dry, "readings", "feature/x:readings@2.0.0", "--create-branch", "--online", "none");
      JsonNode refused =
          dry(4, dry, source, "readings@1.0.0", "--clear-target", "--filter-query", "level > 5");
      assertThat(refused.at("/refusals/0").asText()).contains("--allow-partial");
      assertThat(DirectoryListing.of(directory).differencesFrom(before)).isEmpty();
    }
  }

  @Test
  void storesThatRefuseWritesAreNotWritten() throws Exception {
    sandbox.json(3, "migrate", source, "readings@1.0.0");
    // The database itself stops whoever writes; permissions stop whoever is not root.
    sandbox.changeOnline(
        "CREATE TRIGGER no_insert BEFORE INSERT ON readings BEGIN SELECT RAISE(ABORT, 'no'); END",
        "CREATE TRIGGER no_update BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'no'); END",
        "CREATE TRIGGER no_delete BEFORE DELETE ON readings BEGIN SELECT RAISE(ABORT, 'no'); END");
    DirectoryListing before = DirectoryListing.of(directory);
    Files.setPosixFilePermissions(
        sandbox.path("warehouse"), PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      for (List<String> dry : DRY) {
        dry(0, dry, source, "readings@1.0.0");
      }
    } finally {
      Files.setPosixFilePermissions(
          sandbox.path("warehouse"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertThat(DirectoryListing.of(directory).differencesFrom(before)).isEmpty();
    // The same stores do stop a run that writes.
    sandbox.changeOnline("DROP TRIGGER no_delete");
    JsonNode failure =
        sandbox.json(7, "migrate", source, "readings@1.0.0", "--clear-target", "--yes");
    assertThat(failure.get("message").asText())
        .contains("online", "--max-failures")
        .doesNotContain("readers see nothing");
  }

  private JsonNode dry(int exitCode, List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    return sandbox.json(exitCode, all.toArray(String[]::new));
  }
}
