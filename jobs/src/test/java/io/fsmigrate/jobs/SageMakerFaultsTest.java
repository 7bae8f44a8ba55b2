package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.Relay;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs against a SageMaker Feature Store that is away, not ready, or refuses. */
@ExtendWith(SparkExtension.class)
class SageMakerFaultsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;
  private static final int ROWS = 388;

  /** Seconds that the service is away. */
  private static final int OUTAGE = Integer.getInteger("fsmigrate.test.outage", 12);

  /** Calls without an answer, more than an SDK tries on its own. */
  private static final int CUT = 8;

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
    sandbox = Sandbox.of(directory, spark, house.catalog("%d seconds".formatted(OUTAGE + 60)));
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, ROWS, false);
    source = "parquet:" + input;
  }

  private void create() {
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

  @Test
  void aGroupThatIsStillBeingCreatedIsNotWritten() {
    try (SageMakerHouse slow = SageMakerHouse.beside("--create-after", "3600000")) {
      slow.start(
          "readings",
          "sensor",
          "seen",
          "Standard",
          "sensor String",
          "seen String",
          "level Integral",
          "note String");
      String endpoint = "sagemaker.endpoint=" + slow.emulator().endpoint();
      for (String command : List.of("plan", "migrate")) {
        JsonNode failure = sandbox.json(4, "--set", endpoint, command, source, TARGET);

        assertThat(failure.get("code").asText()).isEqualTo("FEATURE_GROUP_NOT_READY");
        assertThat(failure.get("message").asText())
            .contains("feature group readings", "Creating", "start again");
      }
      JsonNode asSource =
          sandbox.json(
              4, "--set", endpoint, "migrate", "sagemaker:" + TARGET, TARGET, "--online", "none");

      assertThat(asSource.get("code").asText()).isEqualTo("FEATURE_GROUP_NOT_READY");
      assertThat(slow.operations()).containsOnly("CreateFeatureGroup", "DescribeFeatureGroup");
    }
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void aQueryThatSomebodyCancelsEndsTheRunWhichGoesOnLater(SparkSession spark) throws Exception {
    create();
    sandbox.json(
        0,
        "--set",
        "online-stores.features.target-stores=online,offline",
        "migrate",
        source,
        TARGET);
    house.emulator().admin("PUT", "faults", "{\"athena\":{\"queryDelayMillis\":60000}}");
    CompletableFuture<String> cancelled =
        CompletableFuture.supplyAsync(
            () -> {
              String query = await("a query", () -> unloadQuery(spark));
              house.stopQuery(query);
              return query;
            });
    String unload = "sagemaker.read=unload";
    String[] read = {
      "--set",
      unload,
      "migrate",
      "sagemaker:" + TARGET,
      "feature/x:" + TARGET,
      "--create-branch",
      "--online",
      "none"
    };

    JsonNode failure = sandbox.json(6, read);

    assertThat(failure.get("code").asText()).isEqualTo("ATHENA_QUERY_CANCELLED");
    assertThat(failure.get("message").asText())
        .contains(cancelled.get(10, TimeUnit.SECONDS), "cancelled", "resume the run");
    assertThat(sandbox.branches().find("feature/x")).isEmpty();
    // That it was started stays until the run is over: Athena would take the next for the same.
    assertThat(unloaded(spark)).singleElement().asString().endsWith("rows-1.started.json");
    house.emulator().admin("DELETE", "faults", "");

    JsonNode resumed = sandbox.json(0, "--set", unload, "migrate", "--resume-from", "latest");
    read[4] = "feature/y:" + TARGET;
    JsonNode another = sandbox.json(0, read);

    for (JsonNode report : List.of(resumed, another)) {
      assertThat(report.at("/offline/accepted").asInt()).isEqualTo(ROWS);
    }
    assertThat(sandbox.table("feature/x", "readings").distinct().count()).isEqualTo(ROWS);
    assertThat(unloaded(spark)).isEmpty();
  }

  /** The query of the one run that unloads; empty while there is none. */
  private static String unloadQuery(SparkSession spark) throws IOException {
    for (org.apache.hadoop.fs.Path file : unloaded(spark)) {
      if (file.getName().endsWith(".started.json")) {
        try (FileSystem files = bucket(spark);
            var in = files.open(file)) {
          return Sandbox.json(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .path("queryId")
              .asText("");
        }
      }
    }
    return "";
  }

  /** What lies below the location of all unloads. */
  private static List<org.apache.hadoop.fs.Path> unloaded(SparkSession spark) throws IOException {
    List<org.apache.hadoop.fs.Path> found = new ArrayList<>();
    try (FileSystem files = bucket(spark)) {
      org.apache.hadoop.fs.Path location = new org.apache.hadoop.fs.Path("/unload");
      if (files.exists(location)) {
        RemoteIterator<LocatedFileStatus> all = files.listFiles(location, true);
        while (all.hasNext()) {
          found.add(all.next().getPath());
        }
      }
    }
    return found;
  }

  private static FileSystem bucket(SparkSession spark) throws IOException {
    return new org.apache.hadoop.fs.Path("s3a://" + SageMakerHouse.BUCKET)
        .getFileSystem(spark.sparkContext().hadoopConfiguration());
  }

  /** Asks until the answer is not empty. */
  private static String await(String what, Callable<String> question) {
    try {
      for (int i = 0; i < 1_200; i++) {
        String answer = question.call();
        if (!answer.isEmpty()) {
          return answer;
        }
        Thread.sleep(25);
      }
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
    throw new AssertionError("Waited too long for " + what);
  }

  @Test
  void aServiceThatIsAwayInMidRunIsWaitedFor() throws Exception {
    create();
    house.emulator().faults("{\"operation\":\"BatchWriteRecord\",\"latencyMillis\":150}");
    try (Relay relay = Relay.to(house.emulator().endpoint())) {
      long start = System.nanoTime();
      CompletableFuture<Integer> stored = CompletableFuture.supplyAsync(() -> interrupt(relay));

      JsonNode report =
          sandbox.json(
              0,
              "--set",
              "sagemaker.endpoint=" + relay.address(),
              "migrate",
              source,
              TARGET,
              "--max-workers",
              "1");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(outage());
      assertThat(stored.get(10, TimeUnit.SECONDS)).isBetween(1, SENSORS - 1);
      assertThatAllAreThere(report);
      assertThat(report.at("/calls/features/calls").asLong())
          .isGreaterThan(house.calls("BatchWriteRecord"));
    }
  }

  private static Duration outage() {
    return Duration.ofSeconds(OUTAGE);
  }

  /**
   * Lets some records through, has connections refused for half of the time and left without an
   * answer for the other half.
   *
   * @return records that were there all the time
   */
  private static Integer interrupt(Relay relay) {
    await("records", () -> house.calls("BatchWriteRecord") > 2 ? "some" : "");
    try {
      relay.refuse();
      Thread.sleep(1_000);
      int stored = house.records("readings", "sensor").size();
      Thread.sleep(outage().toMillis() / 2 - 1_000);
      relay.swallow();
      Thread.sleep(outage().toMillis() / 2);
      assertThat(house.records("readings", "sensor")).hasSize(stored);
      return stored;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      relay.restore();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aServiceThatIsAwayBeforeTheFirstRecordIsWaitedFor(int answered) {
    create();
    sandbox.json(0, "plan", source, TARGET);
    // Of the house itself and of the plan; the run asks twice before it asks for the first bucket.
    long planning = house.calls("DescribeFeatureGroup") - 1;
    house
        .emulator()
        .faults(
            "{\"operation\":\"DescribeFeatureGroup\",\"down\":true,\"afterCalls\":%d,\"forCalls\":%d}"
                .formatted(planning + answered, CUT));

    JsonNode report = sandbox.json(0, "migrate", source, TARGET);

    assertThatAllAreThere(report);
    assertThat(
            Sandbox.json(house.emulator().admin("GET", "stats", ""))
                .at("/operations/DescribeFeatureGroup/outcomes/cut")
                .asInt())
        .isEqualTo(CUT);
  }

  private static void assertThatAllAreThere(JsonNode report) {
    assertThat(Sandbox.counters(report.at("/online/features")))
        .isEqualTo(
            Map.of(
                "newest", (long) SENSORS,
                "superseded", (long) ROWS - SENSORS,
                "submitted", (long) SENSORS));
    assertThat(house.records("readings", "sensor"))
        .hasSize(SENSORS)
        .hasEntrySatisfying(
            "s-5",
            record ->
                assertThat(record)
                    .containsEntry("seen", "2026-01-01T00:01:00Z")
                    .containsEntry("level", "296"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AccessDeniedException", "UnknownOperationException"})
  void withoutBatchesTheRunGoesOnRecordByRecordAndSaysSo(String code) {
    create();
    house
        .emulator()
        .admin(
            "PUT",
            "denials",
            "{\"denials\":[{\"operation\":\"BatchWriteRecord\",\"code\":\"%s\"}]}".formatted(code));

    JsonNode report;
    List<String> said;
    try (LogLines log = new LogLines("io.fsmigrate.online", Level.WARN)) {
      report = sandbox.json(0, "migrate", source, TARGET);
      said = log.lines();
    }

    assertThatAllAreThere(report);
    assertThat(house.calls("PutRecord")).isEqualTo(SENSORS);
    // As many as were under way when the first answer came.
    assertThat(house.calls("BatchWriteRecord")).isBetween(1L, 4L);
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("WARN online store features: BatchWriteRecord")
        .contains(code, "PutRecord");
  }
}
