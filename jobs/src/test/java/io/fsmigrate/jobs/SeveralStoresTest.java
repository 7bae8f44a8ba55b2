package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One run into two stores, of which one may be away. */
@ExtendWith(SparkExtension.class)
class SeveralStoresTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;
  private static final String SERVED = "SELECT sensor, level FROM readings";

  /** The one that goes away comes first. */
  private static final String SECOND =
      """
      fs-migrate.online-stores.local { type = sqlite, path = "online.db", table = readings }
      fs-migrate.feature-groups.readings.online-stores = [features, local]
      """;

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
    sandbox = Sandbox.of(directory, spark, house.catalog("3 seconds") + SECOND);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
    house.create(
        "readings",
        "sensor",
        "seen",
        "Standard",
        "sensor String",
        "seen String",
        "level Integral",
        "note String");
  }

  /** Found out when records are written; exit codes 2 and 4 would say that nothing was. */
  @Test
  void aStoreThatRefusesInMidRunEndsItAsOneThatCanBeResumed() throws Exception {
    house
        .emulator()
        .admin(
            "PUT",
            "denials",
            "{\"denials\":[{\"operation\":\"PutRecord\",\"group\":\"readings\"}]}");

    JsonNode failure = sandbox.json(6, "migrate", source, TARGET);
    long servedMeanwhile = sandbox.online(SERVED).size();
    house.emulator().admin("DELETE", "denials", "");
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("AWS_ACCESS_DENIED");
    assertThat(failure.get("message").asText())
        .contains("allow the job's role", "The branch shows the run's rows already", "resume");
    assertThat(servedMeanwhile).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/features/submitted").asInt()).isEqualTo(SENSORS);
  }

  @Test
  void anOutageOfOneDoesNotKeepTheOtherFromItsRecords() throws Exception {
    house
        .emulator()
        .faults(
            "{\"operation\":\"BatchWriteRecord\",\"down\":true}",
            "{\"operation\":\"PutRecord\",\"down\":true}");

    JsonNode failure = sandbox.json(6, "migrate", source, TARGET);
    long servedMeanwhile = sandbox.online(SERVED).size();
    house.emulator().faults();
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("message").asText()).contains("readings", "resume");
    assertThat(servedMeanwhile).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/features/submitted").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/local/newest").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/local/written").asInt()).isEqualTo(SENSORS);
    assertThat(house.records("readings", "sensor")).hasSize(SENSORS);
    assertThat(sandbox.online(SERVED)).hasSize(SENSORS);
  }
}
