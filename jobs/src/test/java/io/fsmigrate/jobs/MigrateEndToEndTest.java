package io.fsmigrate.jobs;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's two migrations on fewer rows, against what the way the rows are made tells. */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrateEndToEndTest {
  private static final String GROUP = "card_payments";
  private static final String BRANCH = "feature/risk";

  private Sandbox sandbox;
  private SparkSession spark;
  private String source;
  private JsonNode expected;
  private JsonNode first;
  private JsonNode second;
  private JsonNode branchThen;

  @BeforeAll
  void migrateTwice(SparkSession shared, @TempDir Path directory) throws Exception {
    spark = shared;
    String catalog =
        """
        include file("%s")
        quickstart-dir = "%s"
        """
                .formatted(
                    Path.of("..", "conf", "quickstart.conf").toAbsolutePath().normalize(),
                    directory)
            + Sandbox.RUN_SETTINGS;
    sandbox = Sandbox.of(directory, spark, catalog);
    Path input = sandbox.path("input");
    sandbox.json(0, "example-data", input.toString(), "--rows=4805");
    expected = Sandbox.json(input.resolve("expected.json")).get("runs");
    source = "parquet:" + input.resolve(GROUP);
    first = sandbox.json(3, "migrate", source, GROUP + "@1.0.0");
    second =
        sandbox.json(
            3,
            "migrate",
            GROUP + "@1.0.0",
            BRANCH + ":" + GROUP + "@2.0.0",
            "--create-branch",
            "--report",
            sandbox.path("report-2.json").toString());
    branchThen = sandbox.json(0, "branch", "show", BRANCH);
  }

  @Test
  void countsWhatMustBeCounted() {
    assertOffline(first.get("offline"), expected.get(0));
    assertOffline(second.get("offline"), expected.get(1));
    assertThat(first.get("online")).isEmpty();
    assertThat(Sandbox.counters(second.at("/online/online")))
        .containsEntry("newest", expected.get(1).get("acceptedRecords").asLong())
        .containsEntry("written", expected.get(1).get("acceptedRecords").asLong())
        .containsEntry(
            "superseded",
            expected.get(1).get("accepted").asLong()
                - expected.get(1).get("acceptedRecords").asLong())
        .doesNotContainKeys("stale", "failed");
    assertThat(second.get("path")).hasSize(2);
    assertThat(Sandbox.json(sandbox.path("report-2.json")).get("offline"))
        .isEqualTo(second.get("offline"));
  }

  private static void assertOffline(JsonNode counted, JsonNode expected) {
    for (String term : List.of("read", "filtered", "failed", "accepted")) {
      assertThat(counted.get(term)).as(term).isEqualTo(expected.get(term));
    }
    assertThat(counted.get("written")).isEqualTo(expected.get("accepted"));
    assertThat(counted.path("unchanged").asLong()).isZero();
  }

  @Test
  void tablesHoldTheAcceptedRows() {
    spark
        .read()
        .parquet(source.substring("parquet:".length()))
        .createOrReplaceTempView("raw_payments");
    spark.sql(
        "CREATE OR REPLACE TEMP VIEW payments_1 AS SELECT card card_id, seen observed_at,"
            + " lower(trim(merchant)) merchant, amount_cents, score, terminal FROM raw_payments"
            + " WHERE NOT probe AND seen IS NOT NULL AND coalesce(score BETWEEN 0 AND 1, true)");
    assertThatDataFrame(sandbox.table("main", GROUP)).isEqualTo(spark.table("payments_1"));
    assertThatDataFrame(sandbox.table(BRANCH, GROUP))
        .isEqualTo(
            spark.sql(
                "SELECT card_id, observed_at, merchant merchant_category,"
                    + " int(amount_cents) amount_cents, 'USD' currency,"
                    + " amount_cents >= 50000 is_large, score risk_score,"
                    + " CASE WHEN score IS NULL THEN 'unknown' WHEN score >= 0.9 THEN 'high'"
                    + " WHEN score >= 0.5 THEN 'medium' ELSE 'low' END risk_band"
                    + " FROM payments_1 WHERE amount_cents BETWEEN 0 AND 2147483647"));
  }

  @Test
  void theOnlineStoreHasTheNewestRowOfEachRecord() throws Exception {
    Map<Object, List<Object>> newest = new TreeMap<>();
    for (Row row : sandbox.table(BRANCH, GROUP).collectAsList()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        values.add(row.get(i) instanceof Timestamp time ? time.toInstant() : row.get(i));
      }
      newest.merge(row.getString(0), values, MigrateEndToEndTest::newer);
    }
    List<List<Object>> wanted =
        newest.values().stream()
            .map(row -> row.stream().map(MigrateEndToEndTest::asColumn).toList())
            .toList();
    assertThat(wanted).hasSize(expected.get(1).get("acceptedRecords").asInt());
    assertThat(
            sandbox.online(
                "SELECT card_id, observed_at, merchant_category, amount_cents, currency, is_large,"
                    + " risk_score, risk_band FROM \"card_payments@2.0.0\""))
        .isEqualTo(wanted);
  }

  /** The later event time; then the features in order, null lowest. */
  private static List<Object> newer(List<Object> left, List<Object> right) {
    int order = ((Instant) left.get(1)).compareTo((Instant) right.get(1));
    for (int i = 0; order == 0 && i < left.size(); i++) {
      order =
          Comparator.nullsFirst(MigrateEndToEndTest::natural).compare(left.get(i), right.get(i));
    }
    return order >= 0 ? left : right;
  }

  @SuppressWarnings("unchecked") // Both are values of one feature.
  private static int natural(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }

  private static Object asColumn(Object value) {
    if (value instanceof Instant time) {
      return time.toString();
    }
    return value instanceof Boolean flag ? Integer.valueOf(flag ? 1 : 0) : value;
  }

  @Test
  void failedRecordsKeepTheirOriginalValues() {
    Map<String, Long> reasons = new LinkedHashMap<>();
    List<String> originals = new ArrayList<>();
    for (JsonNode failed : sandbox.failedRecords(second.get("run").asText())) {
      assertThat(failed.get("run")).isEqualTo(second.get("run"));
      assertThat(failed.get("store").asText()).isEqualTo("offline");
      assertThat(failed.get("unit").asText()).matches("u\\d{4}(-u\\d{4})?");
      assertThat(failed.get("feature").asText()).isEqualTo("amount_cents");
      assertThat(failed.get("retryable").asBoolean()).isFalse();
      assertThat(failed.get("attempts").asInt()).isEqualTo(1);
      assertThat(failed.get("value").asText())
          .isEqualTo(failed.at("/original/amount_cents").asText());
      reasons.merge(failed.get("code").asText(), 1L, Long::sum);
      originals.add(failed.get("original").toString());
    }
    JsonNode failures = expected.get(1).get("failures");
    assertThat(reasons)
        .containsOnly(
            Map.entry("CAST", failures.get(0).get("rows").asLong()),
            Map.entry("CONTRACT", failures.get(1).get("rows").asLong()));
    List<String> refused =
        sandbox
            .table("main", GROUP)
            .where("amount_cents NOT BETWEEN 0 AND 2147483647")
            .toJSON()
            .collectAsList();
    assertThat(originals.stream().map(MigrateEndToEndTest::withoutNulls))
        .containsExactlyInAnyOrderElementsOf(
            refused.stream().map(MigrateEndToEndTest::withoutNulls).toList());
  }

  private static Map<String, String> withoutNulls(String json) {
    Map<String, String> values = new TreeMap<>();
    Sandbox.json(json).properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(
            entry ->
                values.put(
                    entry.getKey(),
                    entry.getKey().equals("observed_at")
                        ? Instant.parse(entry.getValue().asText()).toString()
                        : entry.getValue().asText()));
    return values;
  }

  @Test
  void failedRecordsOfTheFirstRunNameTheRuleOrTheEventTime() {
    Map<String, Long> reasons = new TreeMap<>();
    for (JsonNode failed : sandbox.failedRecords(first.get("run").asText())) {
      reasons.merge(
          failed.get("code").asText() + " " + failed.get("feature").asText(), 1L, Long::sum);
      assertThat(failed.get("original").has("probe")).as("columns of the file").isTrue();
    }
    JsonNode failures = expected.get(0).get("failures");
    assertThat(reasons)
        .containsOnly(
            Map.entry("EVENT_TIME_MISSING observed_at", failures.get(0).get("rows").asLong()),
            Map.entry("CONTRACT score", failures.get(1).get("rows").asLong()));
  }

  @Test
  void eachBranchShowsItsOwnVersion() {
    assertThat(sandbox.json(0, "branch", "show", "main").at("/tables/0/featureVersion").asText())
        .isEqualTo("1.0.0");
    JsonNode branch = branchThen.at("/tables/0");
    assertThat(branch.get("featureVersion").asText()).isEqualTo("2.0.0");
    assertThat(branch.get("path")).isEqualTo(second.at("/table/path"));
    assertThat(branch.get("tableVersion")).isEqualTo(second.at("/table/version"));
  }

  @Test
  void theSameMigrationAgainChangesNothing() throws Exception {
    List<List<Object>> online = sandbox.online("SELECT * FROM \"card_payments@2.0.0\"");
    List<Row> rows = sandbox.table(BRANCH, GROUP).collectAsList();

    JsonNode again = sandbox.json(3, "migrate", GROUP + "@1.0.0", BRANCH + ":" + GROUP + "@2.0.0");

    assertThat(again.at("/offline/unchanged")).isEqualTo(expected.get(1).get("accepted"));
    assertThat(again.at("/offline/written").asLong()).isZero();
    assertThatDataFrame(sandbox.table(BRANCH, GROUP)).containsExactlyRows(rows.toArray(Row[]::new));
    assertThat(sandbox.online("SELECT * FROM \"card_payments@2.0.0\"")).isEqualTo(online);
  }
}
