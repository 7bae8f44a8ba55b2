package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.SpawnedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The one jar on Sparks of several versions, each assembled from its own dependencies: the
 * quickstart, through the command line, leaves the same on all of them.
 */
@DisabledOnOs(OS.WINDOWS)
@ExtendWith(SparkExtension.class)
class SparkReleasesIT {
  private static final Path HOME = Path.of(System.getProperty("fsmigrate.scripts")).getParent();
  private static final List<String> VERSIONS =
      Arrays.asList(System.getProperty("fsmigrate.sparks").split(","));
  private static final Duration BOUND = Duration.ofMinutes(6);

  @TempDir Path directory;

  /** What a quickstart leaves, independent of order, time and run. */
  private record Left(String first, String second, String failed, List<String> online) {}

  @Test
  void theSameComesOutOnEach(SparkSession spark) throws Exception {
    Map<String, Left> left = new LinkedHashMap<>();
    for (String version : VERSIONS) {
      left.put(version, left(spark, quickstart(version)));
    }

    Left any = left.get(VERSIONS.get(0));
    assertThat(any.first()).startsWith("298236 rows");
    assertThat(any.second()).startsWith("297228 rows");
    assertThat(any.failed()).startsWith("1008 rows");
    assertThat(any.online()).hasSize(24_811);
    left.forEach((version, other) -> assertThat(other).as(version).isEqualTo(any));
  }

  private static Path spark(String version) {
    Path built = HOME.resolve("jobs/target/spark");
    return version.equals("4.2")
        ? built
        : HOME.resolve("testkit/spark-" + version + "/target/spark");
  }

  private Path quickstart(String version) throws Exception {
    Path jars = spark(version).resolve("jars");
    assertThat(jars).as("a Spark that the build assembles").isDirectory();
    try (var files = Files.list(jars)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("spark-sql_2.13-" + version + "."));
    }
    Path where = directory.resolve(version);
    try (ProcessUnderTest run =
        SpawnedProcess.of(HOME.resolve("submit-scripts/quickstart").toString(), where.toString())
            .withEnvironment("FS_MIGRATE_SPARK", spark(version).toString())
            .withEnvironment("FS_MIGRATE_LOG", directory.resolve(version + ".log").toString())
            .start(directory.resolve("cwd-" + version), directory.resolve("logs-" + version))) {
      assertThat(run.waitFor(BOUND)).as(() -> run.stdout() + run.stderr()).isZero();
    }
    return where;
  }

  private static Left left(SparkSession spark, Path quickstart) throws Exception {
    JsonNode second = Sandbox.json(quickstart.resolve("report-2.json"));
    return new Left(
        content(
            spark, Sandbox.json(quickstart.resolve("report-1.json")).at("/table/path").asText()),
        content(spark, second.at("/table/path").asText()),
        content(spark, second.get("failedRecords").asText(), "run", "id", "unit", "failed_at"),
        online(quickstart.resolve("online.db")));
  }

  /** The number of rows and a sum of their hashes, which no order changes. */
  private static String content(SparkSession spark, String table, String... without) {
    var rows = spark.read().format("delta").load(table).drop(without);
    Column[] columns = Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new);
    Row sums =
        rows.select(functions.xxhash64(columns).cast("decimal(38,0)").as("hash"))
            .agg(functions.count("*"), functions.sum("hash"))
            .head();
    return "%d rows of %s, %s".formatted(sums.getLong(0), rows.schema().toDDL(), sums.get(1));
  }

  private static List<String> online(Path database) throws Exception {
    List<String> records = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT * FROM \"card_payments@2.0.0\" ORDER BY card_id")) {
      while (rows.next()) {
        StringBuilder record = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          record.append(rows.getObject(i)).append('|');
        }
        records.add(record.toString());
      }
    }
    return records;
  }
}
