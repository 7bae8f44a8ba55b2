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
import java.util.TimeZone;
import java.util.TreeMap;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs against a SageMaker Feature Store that is away, refuses, or takes not every value. */
@ExtendWith(SparkExtension.class)
class SageMakerFaultsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;
  private static final int ROWS = 388;

  /** Seconds that the service is away. */
  private static final int OUTAGE = Integer.getInteger("fsmigrate.test.outage", 12);

  /** Calls without an answer, more than an SDK tries on its own. */
  private static final int CUT = 8;

  private static final List<String> WRITES =
      List.of(
          "BatchWriteRecord", "PutRecord", "UpdateRecord", "DeleteRecord", "UpdateFeatureGroup");

  /** Groups beside the one of {@link SageMakerHouse#catalog}. */
  private static final String GROUPS =
      """
      fs-migrate.feature-groups {
        measures {
          record-identifier = sensor, event-time = seen, online-stores = [features]
          versions."1.0.0".features =
            ["sensor: string", "seen: timestamp", "ratio: double", "share: float", "text: double"]
        }
        times {
          record-identifier = sensor, event-time = seen, online-stores = [features]
          versions."1.0.0".features =
            ["sensor: string", "seen: timestamp", "made: timestamp", "day: date"]
        }
      }
      fs-migrate.migrations += {
        group = times, from = raw, to = "1.0.0"
        steps = [
          { cast { name = seen, type = timestamp } }
          { add { name = day, type = date, expression = "to_date(made)" } }
        ]
      }
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
    sandbox =
        Sandbox.of(directory, spark, house.catalog("%d seconds".formatted(OUTAGE + 60)) + GROUPS);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, ROWS, false);
    source = "parquet:" + input;
  }

  private void create() {
    create("sensor String", "seen String", "level Integral", "note String");
  }

  private void create(String... features) {
    house.create("readings", "sensor", "seen", "Standard", features);
  }

  private Path input(SparkSession spark, String sql) {
    Path path = directory.resolve("rows");
    spark.sql(sql).write().parquet(path.toString());
    return path;
  }

  @Test
  void whatIsNoNumberFailsItsRecordInAFractionalAndIsKeptInAString(SparkSession spark) {
    house.create(
        "measures",
        "sensor",
        "seen",
        "Standard",
        "sensor String",
        "seen String",
        "ratio Fractional",
        "share Fractional",
        "text String");
    Path rows =
        input(
            spark,
            """
            SELECT sensor, timestamp'2026-01-01' AS seen, double(ratio) AS ratio,
              float(share) AS share, double(text) AS text
            FROM VALUES ('s-nan', 'NaN', '1', '1'), ('s-up', '1', 'Infinity', '1'),
              ('s-down', '-Infinity', '1', '1'), ('s-text', '1.5', '0.25', 'NaN'),
              ('s-wide', '1.7976931348623157E308', '1.4E-45', '-Infinity'),
              ('s-zero', '-0.0', '-0.0', '-0.0'), ('s-none', NULL, NULL, NULL)
              AS t(sensor, ratio, share, text)
            """);

    JsonNode report =
        sandbox.json(3, "migrate", "parquet:" + rows, "measures@1.0.0", "--max-failures", "3");

    assertThat(Sandbox.counters(report.at("/online/features")))
        .isEqualTo(Map.of("newest", 7L, "submitted", 4L, "failed", 3L));
    Map<String, String> failed = new TreeMap<>();
    for (JsonNode record : sandbox.failedRecords(report.get("run").asText())) {
      assertThat(record.get("code").asText()).isEqualTo("NOT_A_NUMBER");
      assertThat(record.get("retryable").asBoolean()).isFalse();
      failed.put(record.at("/original/sensor").asText(), record.get("reason").asText());
    }
    assertThat(failed).containsOnlyKeys("s-nan", "s-up", "s-down");
    assertThat(failed.get("s-nan")).contains("ratio", "NaN");
    assertThat(failed.get("s-up")).contains("share", "Infinity");
    assertThat(failed.get("s-down")).contains("ratio", "-Infinity");
    Map<String, Map<String, String>> stored = house.records("measures", "sensor");
    assertThat(stored).containsOnlyKeys("s-text", "s-wide", "s-zero", "s-none");
    assertThat(stored.get("s-text"))
        .containsEntry("ratio", "1.5")
        .containsEntry("share", "0.25")
        .containsEntry("text", "NaN");
    assertThat(Double.parseDouble(stored.get("s-wide").get("ratio"))).isEqualTo(Double.MAX_VALUE);
    assertThat(Float.parseFloat(stored.get("s-wide").get("share"))).isEqualTo(Float.MIN_VALUE);
    assertThat(stored.get("s-wide")).containsEntry("text", "-Infinity");
    assertThat(stored.get("s-zero")).containsEntry("ratio", "0.0").containsEntry("text", "0.0");
    assertThat(stored.get("s-none")).containsOnlyKeys("sensor", "seen");
  }

  @Test
  void eventTimesAreTheSameInstantsWhereverTheMachineIs(SparkSession spark) {
    for (String type : List.of("String", "Fractional")) {
      house.create(
          "times-" + type,
          "sensor",
          "seen",
          "Standard",
          "sensor String",
          "seen " + type,
          "made String",
          "day String");
    }
    Path rows =
        input(
            spark,
            """
            SELECT sensor, seen, timestamp_millis(1767223800250) AS made
            FROM VALUES ('s-whole', '2026-01-01 00:00:00'), ('s-milli', '2026-03-29 02:30:00.25'),
              ('s-late', '2025-12-31 23:59:59.999'), ('s-old', '1969-12-31 23:59:59.5'),
              ('s-micro', '2026-01-01 12:00:00.123456') AS t(sensor, seen)
            """);

    JsonNode texts = abroad(spark, () -> migrateTimes(3, rows, "String", "main"));
    JsonNode seconds = abroad(spark, () -> migrateTimes(0, rows, "Fractional", "feature/x"));

    assertThat(Sandbox.counters(texts.at("/online/features")))
        .isEqualTo(Map.of("newest", 5L, "submitted", 4L, "failed", 1L));
    assertThat(times("String"))
        .isEqualTo(
            Map.of(
                "s-whole", "2026-01-01T00:00:00Z",
                "s-milli", "2026-03-29T02:30:00.250Z",
                "s-late", "2025-12-31T23:59:59.999Z",
                "s-old", "1969-12-31T23:59:59.500Z"));
    JsonNode failed = sandbox.failedRecords(texts.get("run").asText()).get(0);
    assertThat(failed.get("code").asText()).isEqualTo("INVALID_EVENT_TIME");
    assertThat(failed.get("reason").asText()).contains("2026-01-01T12:00:00.123456Z");
    // A retry reads it from here.
    assertThat(failed.at("/original/seen").asText()).isEqualTo("2026-01-01T12:00:00.123456Z");
    assertThat(failed.at("/original/made").asText()).isEqualTo("2025-12-31T23:30:00.250000Z");
    assertThat(Sandbox.counters(seconds.at("/online/features")))
        .isEqualTo(Map.of("newest", 5L, "submitted", 5L));
    assertThat(times("Fractional"))
        .isEqualTo(
            Map.of(
                "s-whole", "1767225600",
                "s-milli", "1774751400.25",
                "s-late", "1767225599.999",
                "s-old", "-0.5",
                "s-micro", "1767268800.123456"));
    assertThat(house.records("times-Fractional", "sensor").values())
        .allSatisfy(
            record ->
                assertThat(record)
                    .containsEntry("made", "2025-12-31T23:30:00.250Z")
                    .containsEntry("day", "2025-12-31"));
  }

  private JsonNode migrateTimes(int exitCode, Path rows, String type, String branch) {
    return sandbox.json(
        exitCode,
        "--set",
        "online-stores.features.feature-group=times-" + type,
        "migrate",
        "parquet:" + rows,
        branch + ":times@1.0.0",
        "--create-branch",
        "--max-failures",
        "1");
  }

  private static Map<String, String> times(String type) {
    Map<String, String> times = new TreeMap<>();
    house
        .records("times-" + type, "sensor")
        .forEach((sensor, record) -> times.put(sensor, record.get("seen")));
    return times;
  }

  /** Half an hour off every full one, for machine and session. */
  private static JsonNode abroad(SparkSession spark, Callable<JsonNode> work) {
    String zone = "spark.sql.session.timeZone";
    TimeZone before = TimeZone.getDefault();
    String session = spark.conf().get(zone);
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
      spark.conf().set(zone, "Asia/Kolkata");
      return work.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      TimeZone.setDefault(before);
      spark.conf().set(zone, session);
    }
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
      assertThat(slow.log(""))
          .extracting(SageMakerFaultsTest::operation)
          .containsOnly("CreateFeatureGroup", "DescribeFeatureGroup");
    }
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  private static String operation(JsonNode call) {
    return call.get("operation").asText();
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

  @ParameterizedTest
  @CsvSource({
    "level String; note Integral, values of a string would be lost in a Integral",
    "level Integral; note String; deep Fractional, readers of the group would lose deep",
    "level Fractional, note (string) is missing"
  })
  void aGroupThatDoesNotFitIsToldBeforeTheFirstCall(String features, String difference) {
    List<String> all = new ArrayList<>(List.of("sensor String", "seen String"));
    all.addAll(List.of(features.split("; ")));
    create(all.toArray(String[]::new));

    for (String command : List.of("plan", "migrate")) {
      JsonNode failure = sandbox.json(4, command, source, TARGET);
      assertThat(failure.get("code").asText()).isEqualTo("STORE_SCHEMA_DIFFERS");
      assertThat(failure.get("message").asText()).contains("readings", TARGET, difference);
    }
    assertThatNothingWasWritten();
  }

  @Test
  void rolesOfFeaturesThatDifferAreToldTogetherBeforeTheFirstCall() {
    house.create(
        "readings",
        "note",
        "level",
        "Standard",
        "note String",
        "level Fractional",
        "sensor Fractional");

    JsonNode failure = sandbox.json(4, "migrate", source, TARGET);

    assertThat(failure.get("message").asText())
        .contains(
            "the record identifier is note, not sensor",
            "the event time is level, not seen",
            "sensor: values of a string would be lost in a Fractional",
            "seen (timestamp) is missing");
    assertThatNothingWasWritten();
  }

  @Test
  void rowsWithoutAFeatureOfTheTargetAreRefusedBeforeTheFirstCall(SparkSession spark) {
    create();
    Path rows = input(spark, "SELECT 's-1' sensor, timestamp'2026-01-01' seen, 1L level");

    JsonNode failure = sandbox.json(2, "migrate", "parquet:" + rows, TARGET);

    assertThat(failure.get("message").asText()).contains("note");
    assertThatNothingWasWritten();
  }

  private void assertThatNothingWasWritten() {
    assertThat(house.log(""))
        .extracting(SageMakerFaultsTest::operation)
        .doesNotContainAnyElementsOf(WRITES);
    assertThat(house.records("readings", "sensor")).isEmpty();
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }
}
