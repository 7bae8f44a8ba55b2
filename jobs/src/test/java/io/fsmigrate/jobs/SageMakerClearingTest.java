package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Emptying a SageMaker target that does not tell what it has, and how many failures a run bears.
 */
@ExtendWith(SparkExtension.class)
class SageMakerClearingTest {
  private static final String TARGET = "readings@1.0.0";
  private static final String LATER = "2030-01-01T00:00:00Z";
  private static final String[] FEATURES = {
    "sensor String", "seen String", "level Integral", "note String"
  };

  private static SageMakerHouse house;

  @TempDir private Path directory;

  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void startService(SparkSession spark) {
    house = SageMakerHouse.start(spark);
  }

  @AfterAll
  static void stopService() {
    house.close();
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    house.emulator().reset();
    sandbox = Sandbox.of(directory, spark, house.catalog("1 minute"));
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, true);
    source = "parquet:" + input;
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "unload"})
  void theOfflineStoreTellsWhatGoesWhereTheOnlineStoreDoesNot(String read) {
    house.create("readings", "sensor", "seen", "Standard_V2", FEATURES);
    house.create("others", "sensor", "seen", "Standard_V2", FEATURES);
    for (String group : new String[] {"readings", "others"}) {
      for (String sensor : new String[] {"s-1", "s-2", "gone"}) {
        house.put(group, Map.of("sensor", sensor, "seen", LATER, "note", "old"));
      }
    }
    house.put("readings", Map.of("sensor", "s-90", "seen", LATER, "note", "served"), "OnlineStore");
    house.flush();
    String[] options = {
      "--set", "sagemaker.read=" + read, "migrate", source, TARGET, "--clear-target"
    };

    JsonNode plan = sandbox.json(0, with(options, "--dry-run"));
    JsonNode report = sandbox.json(3, with(options, "--yes"));

    JsonNode clears = plan.at("/online/0/clears");
    assertThat(clears.get("fromHistory").asBoolean()).isTrue();
    assertThat(clears.path("records").asInt(-1)).isEqualTo(read.equals("direct") ? 3 : -1);
    assertThat(report.at("/online/features/cleared").asInt()).isEqualTo(3);
    assertThat(house.calls("DeleteRecord")).isEqualTo(3);
    Map<String, Map<String, String>> records = house.records("readings", "sensor");
    assertThat(records).hasSize(97).doesNotContainKey("gone");
    assertThat(records.get("s-1")).containsEntry("seen", "2026-01-01T00:01:00Z");
    // It was never in the offline store, which is what the plan says of it.
    assertThat(records.get("s-90")).containsEntry("note", "served");
    assertThat(house.records("others", "sensor")).hasSize(3);
    assertThat(sandbox.run(with(options, "--dry-run")).out())
        .contains("the records of online store features that its offline store knows");
  }

  @Test
  void withoutAnyListOfRecordsItIsRefusedBeforeAnythingIsWritten() {
    house.createWithoutHistory("readings", "sensor", "seen", "Standard_V2", FEATURES);

    Cli.Result refused = sandbox.run("migrate", source, TARGET, "--clear-target", "--yes");

    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).contains("Standard_V2").contains("use a new group");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  /** One row fails offline, three records are refused by the store. */
  @Test
  void aCountOfFailuresIsOneForTheWholeRun() {
    house.create("readings", "sensor", "seen", "Standard", FEATURES);
    house
        .emulator()
        .faults("{\"operation\":\"*\",\"poisonIdentifiers\":[\"s-3\",\"s-40\",\"s-41\"]}");

    Cli.Result stopped = sandbox.run("migrate", source, TARGET, "--max-failures", "3");
    JsonNode report = sandbox.json(3, "migrate", "--resume-from", "latest", "--max-failures", "4");

    assertThat(stopped.exitCode()).isEqualTo(7);
    assertThat(stopped.err())
        .contains("store features refused 3 records (1 have failed before)")
        .contains("--max-failures is 3");
    assertThat(report.at("/offline/failed").asInt()).isEqualTo(1);
    assertThat(report.at("/online/features/failed").asInt()).isEqualTo(3);
  }

  private static String[] with(String[] options, String more) {
    String[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = more;
    return all;
  }
}
