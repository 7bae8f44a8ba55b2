package io.fsmigrate.jobs;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of real processes that die, at named points or by kill -9, and are resumed. */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeTest {
  private static final Duration BOUND = Duration.ofMinutes(4);
  private static final String ONLINE = "SELECT sensor, seen, level, note FROM readings";

  private SparkSession spark;
  private Path root;
  private String source;
  private Sandbox undisturbed;
  private JsonNode wanted;

  @BeforeAll
  void migrateUndisturbed(SparkSession shared, @TempDir Path directory) throws Exception {
    spark = shared;
    root = directory;
    Path input = root.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, true);
    source = "parquet:" + input;
    undisturbed = Sandbox.of(root.resolve("undisturbed"), spark);
    wanted = undisturbed.json(3, "migrate", source, "readings@1.0.0");
    assertThat(wanted.at("/offline/failed").asLong()).isEqualTo(Sandbox.FAILING);
    assertThat(wanted.at("/online/online/newest").asLong()).isEqualTo(97);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OFFLINE_WRITTEN/offline:2",
        "RECORDED/offline:1",
        "REF_MOVED/:1",
        "ONLINE_WRITTEN/online:1",
        "RECORDED/online:1"
      })
  void aRunThatDiesAtANamedPointIsTakenUp(String point) throws Exception {
    Sandbox sandbox = Sandbox.of(root.resolve(point.replaceAll("\\W", "-")), spark);
    try (ProcessUnderTest process =
        sandbox.spawn(
            List.of("-D" + NamedPoints.HALT + "=" + point), "migrate", source, "readings@1.0.0")) {
      assertThat(process.waitFor(BOUND)).as(process.stderr()).isEqualTo(NamedPoints.KILLED);
    }
    if (point.startsWith("RECORDED/online")) {
      assertThat(sandbox.progress(newestRun(sandbox)).done("online")).isNotEmpty();
    }
    resumeAndCompare(sandbox);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OFFLINE_WRITTEN/offline:1", "REF_MOVED/:1"})
  void aRunThatIsKilledAfterAPointIsTakenUp(String point) throws Exception {
    Sandbox sandbox = Sandbox.of(root.resolve("kill-" + point.replaceAll("\\W", "-")), spark);
    Path marker = sandbox.path("marker");
    try (ProcessUnderTest process =
        sandbox.spawn(
            List.of(
                "-D%s=%s".formatted(NamedPoints.SIGNAL, point),
                "-D%s=%s".formatted(NamedPoints.MARKER, marker)),
            "migrate",
            source,
            "readings@1.0.0")) {
      process.awaitUntil(point, BOUND, () -> Files.exists(marker));
      process.kill();
      assertThat(process.waitFor(BOUND)).as("killed at work").isEqualTo(NamedPoints.KILLED);
    }
    resumeAndCompare(sandbox);
  }

  private void resumeAndCompare(Sandbox sandbox) throws Exception {
    String run = newestRun(sandbox);
    Path log = sandbox.path("warehouse/readings/1.0.0/" + run + "/_delta_log");
    Map<String, String> commitsBefore = commits(log);
    int bucketsInAll = buckets();
    Set<Integer> bucketsBefore =
        sandbox.progress(run).done("online").keySet().stream()
            .map(unit -> Integer.valueOf(unit.substring(1)))
            .collect(Collectors.toSet());
    boolean logged = logWrites(sandbox);

    JsonNode report = sandbox.json(3, "migrate", "--resume-from", "latest");

    assertThat(report.get("run").asText()).isEqualTo(run);
    assertThat(result(report)).isEqualTo(result(wanted));
    assertThatDataFrame(sandbox.table("main", "readings"))
        .isEqualTo(undisturbed.table("main", "readings"));
    assertThat(failed(sandbox, report)).isEqualTo(failed(undisturbed, wanted));
    assertThat(sandbox.online(ONLINE)).isEqualTo(undisturbed.online(ONLINE));
    assertThat(commits(log)).containsAllEntriesOf(commitsBefore);
    assertThat(unitsCommitted(log))
        .hasSize(Sandbox.FILES)
        .allSatisfy((u, n) -> assertThat(n).isOne());
    if (logged) {
      assertOnlyOpenBucketsWritten(sandbox, bucketsInAll, bucketsBefore);
    }
  }

  /** What does not depend on the process: counters and where the run came from and went to. */
  private static JsonNode result(JsonNode report) {
    ObjectNode result = report.deepCopy();
    result.remove(
        List.of(
            "run",
            "branchCommit",
            "table",
            "failedRecords",
            "startedAt",
            "endedAt",
            "timingsMillis"));
    return result;
  }

  private static List<String> failed(Sandbox sandbox, JsonNode report) {
    List<String> records = new ArrayList<>();
    for (JsonNode failed : sandbox.failedRecords(report.get("run").asText())) {
      ((ObjectNode) failed).remove(List.of("run", "failed_at"));
      records.add(failed.toString());
    }
    records.sort(null);
    return records;
  }

  /** Each file of a Delta log with its content. */
  private static Map<String, String> commits(Path log) throws IOException {
    Map<String, String> commits = new TreeMap<>();
    if (Files.exists(log)) {
      try (Stream<Path> files = Files.list(log)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
          commits.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return commits;
  }

  /** How many commits name each unit. */
  private static Map<String, Integer> unitsCommitted(Path log) throws IOException {
    Map<String, Integer> units = new HashMap<>();
    for (String commit : commits(log).values()) {
      for (String line : commit.lines().toList()) {
        String metadata = Sandbox.json(line).at("/commitInfo/userMetadata").asText();
        if (!metadata.isEmpty()) {
          Sandbox.json(metadata)
              .get("units")
              .forEach(u -> units.merge(u.asText(), 1, Integer::sum));
        }
      }
    }
    return units;
  }

  private static String newestRun(Sandbox sandbox) {
    return sandbox.json(0, "runs", "list").at("/runs/0/run").asText();
  }

  private int buckets() {
    return Sandbox.json(
            undisturbed.path(
                "warehouse/_fs_migrate/run/" + wanted.get("run").asText() + "/plan.json"))
        .at("/online/0/units")
        .asInt();
  }

  /** From now on the database itself notes whose row is written; false if it has no table yet. */
  private static boolean logWrites(Sandbox sandbox) throws SQLException {
    if (!Files.exists(sandbox.database())
        || sandbox.online("SELECT name FROM sqlite_master WHERE name = 'readings'").isEmpty()) {
      return false;
    }
    sandbox.changeOnline(
        "CREATE TABLE written_later (sensor TEXT)",
        "CREATE TRIGGER note_insert AFTER INSERT ON readings BEGIN"
            + " INSERT INTO written_later VALUES (new.sensor); END",
        "CREATE TRIGGER note_update AFTER UPDATE ON readings BEGIN"
            + " INSERT INTO written_later VALUES (new.sensor); END");
    return true;
  }

  private void assertOnlyOpenBucketsWritten(Sandbox sandbox, int buckets, Set<Integer> done)
      throws SQLException {
    Set<Object> open = new HashSet<>();
    for (Row row :
        undisturbed
            .table("main", "readings")
            .selectExpr("sensor", "pmod(hash(sensor), " + buckets + ") AS bucket")
            .distinct()
            .collectAsList()) {
      if (!done.contains(row.getInt(1))) {
        open.add(row.getString(0));
      }
    }
    assertThat(sandbox.online("SELECT sensor FROM written_later"))
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrderElementsOf(open);
  }
}
