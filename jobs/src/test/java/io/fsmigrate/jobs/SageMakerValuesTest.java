package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a SageMaker feature group takes of values, times and definitions, and what it does not. */
@ExtendWith(SparkExtension.class)
class SageMakerValuesTest {
  private static final String TARGET = "readings@1.0.0";

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
    sandbox = Sandbox.of(directory, spark, house.catalog("1 minute") + GROUPS);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
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
    create("sensor String", "seen String", "level Integral", "note String");
    Path rows = input(spark, "SELECT 's-1' sensor, timestamp'2026-01-01' seen, 1L level");

    JsonNode failure = sandbox.json(2, "migrate", "parquet:" + rows, TARGET);

    assertThat(failure.get("message").asText()).contains("note");
    assertThatNothingWasWritten();
  }

  private void assertThatNothingWasWritten() {
    assertThat(house.operations()).doesNotContainAnyElementsOf(WRITES);
    assertThat(house.records("readings", "sensor")).isEmpty();
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }
}
