package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.EmulatorProcess;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractLongAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into a SageMaker feature group that an emulator serves, and what can go wrong with it. */
@ExtendWith(SparkExtension.class)
class SageMakerRunsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;

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
    sandbox = Sandbox.of(directory, spark, house.catalog("3 seconds"));
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
  }

  private void create(String storageType) {
    house.create(
        "readings",
        "sensor",
        "seen",
        storageType,
        "sensor String",
        "seen String",
        "level Integral",
        "note String");
  }

  @Test
  void theNewestRecordsAreSubmittedInBatchesAndReadBack() {
    create("Standard");

    JsonNode report = sandbox.json(0, "migrate", source, TARGET);

    JsonNode counted = report.at("/online/features");
    assertThat(counted.get("newest").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("submitted").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("written").asInt()).isZero();
    assertThat(counted.get("superseded").asInt()).isEqualTo(388 - SENSORS);
    Map<String, Map<String, String>> records = house.records("readings", "sensor");
    assertThat(records).hasSize(SENSORS);
    assertThat(records.get("s-5"))
        .containsOnlyKeys("sensor", "seen", "level", "note")
        .containsEntry("seen", "2026-01-01T00:01:00Z")
        .containsEntry("level", "296")
        .containsEntry("note", "n2");
    assertThat(house.calls("PutRecord")).isZero();
    assertThat(report.at("/calls/features/calls").asLong())
        .isGreaterThanOrEqualTo(house.calls("BatchWriteRecord"));
  }

  @Test
  void anExactCheckCountsWhatIsStaleAndAPlanPredictsIt() {
    create("Standard");
    sandbox.json(0, "migrate", source, TARGET);
    house.put("readings", Map.of("sensor", "s-1", "seen", "2030-01-01T00:00:00Z", "level", "-1"));
    house.delete("readings", "s-2", "2029-01-01T00:00:00Z");

    JsonNode plan =
        sandbox.json(0, "plan", source, TARGET, "--clear-target", "--stale-check", "exact");
    JsonNode report = sandbox.json(0, "migrate", source, TARGET, "--stale-check", "exact");

    assertThat(plan.at("/online/0/stale/newer").asInt()).isEqualTo(1);
    assertThat(plan.at("/online/0/stale/missing").asInt()).isEqualTo(1);
    assertThat(plan.at("/online/0/stale/equal").asInt()).isEqualTo(SENSORS - 2);
    assertThat(plan.at("/online/0/estimate/readCalls").asInt()).isPositive();
    assertThat(plan.at("/online/0/clears/records").asInt()).isEqualTo(SENSORS - 1);
    JsonNode counted = report.at("/online/features");
    assertThat(counted.get("stale").asInt()).isEqualTo(1);
    assertThat(counted.get("written").asInt()).isEqualTo(SENSORS - 1);
    assertThat(counted.has("submitted")).isFalse();
    assertThat(house.records("readings", "sensor").get("s-1")).containsEntry("level", "-1");
  }

  @Test
  void anAdditiveVersionIsWrittenInPlace() {
    create("Standard_V2");
    sandbox.json(0, "migrate", source, TARGET);
    house.put("readings", Map.of("sensor", "s-1", "seen", "2030-01-01T00:00:00Z", "level", "-1"));
    long whole = house.calls("BatchWriteRecord");

    String[] migrate = {"readings@1.0.0", "feature/deep:readings@1.1.0", "--create-branch"};
    Cli.Result plan = sandbox.run("plan", migrate[0], migrate[1], migrate[2]);
    JsonNode report = sandbox.json(0, "migrate", migrate[0], migrate[1], migrate[2]);

    assertThat(plan.out()).contains("in place, adding deep");
    assertThat(report.at("/online/features/written").asInt()).isEqualTo(SENSORS - 1);
    assertThat(report.at("/online/features/stale").asInt()).isEqualTo(1);
    assertThat(house.calls("UpdateRecord")).isGreaterThanOrEqualTo(SENSORS - 1);
    assertThat(house.calls("BatchWriteRecord")).isEqualTo(whole);
    Map<String, Map<String, String>> records = house.records("readings", "sensor");
    assertThat(records.get("s-5"))
        .containsEntry("seen", "2026-01-01T00:01:00Z")
        .containsEntry("level", "296")
        .containsEntry("deep", "1");
    assertThat(records.get("s-1")).doesNotContainKey("deep").containsEntry("level", "-1");
  }

  @Test
  void throttlingErrorsAndLostConnectionsAreOvercome() throws Exception {
    Files.writeString(sandbox.path("my.conf"), house.catalog("1 minute"));
    create("Standard");
    house
        .emulator()
        .faults(
            "{\"operation\":\"*\",\"throttleShare\":0.4,\"errorShare\":0.05,\"status\":500,"
                + "\"code\":\"InternalFailure\",\"dropShare\":0.05,\"unprocessedShare\":0.1,"
                + "\"seed\":7}");

    JsonNode report = sandbox.json(0, "migrate", source, TARGET);
    house.emulator().faults();

    assertThat(report.at("/online/features/submitted").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/calls/features/throttled").asInt()).isPositive();
    assertThat(house.records("readings", "sensor")).hasSize(SENSORS);
  }

  @Test
  void aPoisonedRecordFailsAloneWhereverItIs() {
    create("Standard");
    house
        .emulator()
        .faults("{\"operation\":\"*\",\"poisonIdentifiers\":[\"s-3\",\"s-40\",\"s-41\",\"s-77\"]}");

    JsonNode report = sandbox.json(3, "migrate", source, TARGET, "--max-failures", "10%");
    house.emulator().faults();

    assertThat(report.at("/online/features/failed").asInt()).isEqualTo(4);
    assertThat(report.at("/online/features/submitted").asInt()).isEqualTo(SENSORS - 4);
    List<JsonNode> failed = sandbox.failedRecords(report.get("run").asText());
    Set<String> sensors = new HashSet<>();
    for (JsonNode record : failed) {
      assertThat(record.get("store").asText()).isEqualTo("features");
      assertThat(record.get("retryable").asBoolean()).isFalse();
      sensors.add(record.at("/original/sensor").asText());
    }
    assertThat(sensors).containsExactlyInAnyOrder("s-3", "s-40", "s-41", "s-77");
  }

  @Test
  void aServiceThatStaysAwayEndsTheRunWhichGoesOnLater() {
    create("Standard");
    house
        .emulator()
        .faults(
            "{\"operation\":\"BatchWriteRecord\",\"down\":true,\"afterCalls\":2}",
            "{\"operation\":\"PutRecord\",\"down\":true}");

    JsonNode failure = sandbox.json(6, "migrate", source, TARGET);
    house.emulator().faults();
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("message").asText()).contains("readings", "resume");
    assertThat(resumed.at("/online/features/newest").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/features/submitted").asInt()).isEqualTo(SENSORS);
    assertThat(house.records("readings", "sensor")).hasSize(SENSORS);
  }

  @Test
  void expiredCredentialsEndTheRunWhichGoesOnWithNewOnes() {
    create("Standard");
    house.emulator().faults("{\"operation\":\"BatchWriteRecord\",\"expiredTokenAfterCalls\":1}");

    JsonNode failure = sandbox.json(6, "migrate", source, TARGET);
    house.emulator().faults();
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("AWS_CREDENTIALS_EXPIRED");
    assertThat(failure.get("message").asText()).contains("renew").doesNotContain("secret");
    assertThat(resumed.at("/online/features/submitted").asInt()).isEqualTo(SENSORS);
  }

  @Test
  void historyGoesInBulkAndComesBackDirectlyByUnloadAndTogetherWithWhatIsServed() {
    create("Standard");
    String both = "online-stores.features.target-stores=online,offline";
    JsonNode written = sandbox.json(0, "--set", both, "migrate", source, TARGET);
    JsonNode again =
        sandbox.json(
            0, "--set", both, "migrate", source, "feature/again:" + TARGET, "--create-branch");
    house.delete("readings", "s-2", "2029-01-01T00:00:00Z");
    house.put(
        "readings",
        Map.of("sensor", "s-1", "seen", "2030-01-01T00:00:00Z", "level", "7", "note", "served"),
        "OnlineStore");
    house.flush();

    assertThat(written.at("/online/features.offline/written").asInt()).isEqualTo(388);
    assertThat(again.at("/online/features.offline/unchanged").asInt()).isEqualTo(388);
    assertThat(again.at("/online/features.offline/written").asInt()).isZero();
    // One of each bucket and run: history is not written record by record.
    assertThat(house.calls("BatchWriteRecord")).isLessThanOrEqualTo(26);
    for (String read : List.of("direct", "unload")) {
      JsonNode report = readBack(read, "offline");
      // Four rows of the sensor that was deleted, and the mark of the deletion itself.
      assertThat(report.at("/offline/accepted").asInt()).as(read).isEqualTo(384);
      assertThat(report.at("/offline/athena-bytes-scanned").asLong() > 0)
          .isEqualTo(read.equals("unload"));
      assertThatRows(read + "/offline", "sensor = 's-2'").isZero();
      assertThatRows(read + "/offline", "note = 'served'").isZero();
    }
    readBack("unload", "hybrid");
    assertThatRows("unload/hybrid", "note = 'served' AND level = 7 AND sensor = 's-1'")
        .isEqualTo(1);
    assertThatRows("unload/hybrid", "sensor = 's-2'").isZero();
    assertThatRows("unload/hybrid", "true").isEqualTo(385);
    readBack("direct", "online");
    assertThatRows("direct/online", "true").isEqualTo(SENSORS - 1);
  }

  private JsonNode readBack(String read, String shape) {
    return sandbox.json(
        0,
        "--set",
        "sagemaker.read=" + read,
        "--set",
        "sagemaker.shape=" + shape,
        "migrate",
        "sagemaker:" + TARGET,
        "feature/%s/%s:%s".formatted(read, shape, TARGET),
        "--create-branch",
        "--online",
        "none");
  }

  private AbstractLongAssert<?> assertThatRows(String branch, String condition) {
    return assertThat(sandbox.table("feature/" + branch, "readings").where(condition).count())
        .as("%s where %s", branch, condition);
  }

  @Test
  void aFailedQueryEndsTheRunAndNothingOfItStays() {
    create("Standard");
    String both = "online-stores.features.target-stores=online,offline";
    sandbox.json(0, "--set", both, "migrate", source, TARGET);
    house.emulator().admin("PUT", "faults", "{\"athena\":{\"failNextQuery\":\"boom\"}}");
    String[] read = {
      "--set",
      "sagemaker.read=unload",
      "migrate",
      "sagemaker:" + TARGET,
      "feature/x:" + TARGET,
      "--create-branch",
      "--online",
      "none"
    };

    JsonNode failure = sandbox.json(4, read);
    house.emulator().admin("PUT", "faults", "{\"athena\":{\"halfUnload\":true}}");
    JsonNode half = sandbox.json(4, read);
    house.emulator().admin("DELETE", "faults", "");
    JsonNode resumed =
        sandbox.json(0, "--set", "sagemaker.read=unload", "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("ATHENA_QUERY_FAILED");
    assertThat(half.get("code").asText()).isEqualTo("ATHENA_QUERY_FAILED");
    assertThat(resumed.at("/offline/accepted").asInt()).isEqualTo(388);
  }

  @Test
  void whatCanBeCheckedIsCheckedBeforeAnythingIsWritten() {
    List<String> codes = new ArrayList<>();
    codes.add(code(2));
    house.create("readings", "sensor", "seen", "Standard", "sensor String", "seen String");
    codes.add(code(4));
    assertThat(codes).containsExactly("FEATURE_GROUP_NOT_FOUND", "STORE_SCHEMA_DIFFERS");
    assertThat(house.calls("BatchWriteRecord")).isZero();
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void wrongKeysAndAGroupThatIsNotReadyAreToldBeforeAnythingIsWritten() {
    create("Standard");
    System.setProperty("aws.secretAccessKey", "not-the-secret-of-anybody");
    try {
      Cli.Result refused = sandbox.run("migrate", source, TARGET);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .contains("credentials are missing or wrong")
          .doesNotContain("not-the-secret");
    } finally {
      System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
    }
    house.fail("readings-2", "sensor", "seen", "sensor String", "seen String");
    Cli.Result notReady =
        sandbox.run(
            "--set", "online-stores.features.feature-group=readings-2", "migrate", source, TARGET);

    assertThat(notReady.exitCode()).isEqualTo(4);
    assertThat(notReady.err()).contains("readings-2", "not Created");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void aRecordThatIsTooLargeFailsWithItsReasonBeforeACall(SparkSession spark) {
    create("Standard");
    Path large = directory.resolve("large");
    spark
        .sql(
            "SELECT 's-big' sensor, timestamp'2026-01-01' seen, 1L level, repeat('x', 360000) note"
                + " UNION ALL SELECT 's-ok', timestamp'2026-01-01 12:30:00.123', 2L, 'n'")
        .write()
        .parquet(large.toString());

    JsonNode report = sandbox.json(3, "migrate", "parquet:" + large, TARGET, "--max-failures", "1");

    JsonNode failed = sandbox.failedRecords(report.get("run").asText()).get(0);
    assertThat(failed.at("/original/sensor").asText()).isEqualTo("s-big");
    assertThat(failed.get("reason").asText()).contains("note");
    assertThat(house.records("readings", "sensor"))
        .containsOnlyKeys("s-ok")
        .hasEntrySatisfying(
            "s-ok", r -> assertThat(r).containsEntry("seen", "2026-01-01T12:30:00.123Z"));
  }

  private String code(int exit) {
    return sandbox.json(exit, "migrate", source, TARGET).get("code").asText();
  }
}
