package io.fsmigrate.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.run.UnitProgress;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SpawnedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A directory with a catalog, a warehouse and an online store of its own, and the program run on
 * it. Units, groups and buckets are small, so that few rows make several of each.
 */
record Sandbox(Path directory, SparkSession spark) {
  /** Files of the input, of one unit each; four units make a group on two cores. */
  static final int FILES = 8;

  static final long ROWS = 2_400;

  /** Rows that the contract of 1.0.0, or the cast on the way there, refuses. */
  static final long FAILING = 9;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  static final String RUN_SETTINGS =
      """
      fs-migrate.run {
        unit-bytes = 1KiB, group-bytes = 1KiB, concurrent-groups = 1, online-bucket-rows = 300
      }
      """;

  static final String CATALOG =
      RUN_SETTINGS
          + """
          fs-migrate {
            warehouse = "warehouse"
            online-stores.online { type = sqlite, path = "online.db", table = readings }
            feature-groups.readings {
              record-identifier = sensor
              event-time = seen
              versions."1.0.0" {
                features = ["sensor: string", "seen: timestamp", "level: int", "note: string"]
                contract = [{ name = level_is_not_negative, rule = "level >= 0", feature = level }]
                online-stores = [online]
              }
              versions."2.0.0".features = ["sensor: string", "seen: timestamp", "depth: int"]
            }
            migrations = [
              { group = readings, from = raw, to = "1.0.0", description = "Fewer bits"
                steps = [ { cast { name = level, type = int } } ] }
              { group = readings, from = "1.0.0", to = "2.0.0", description = "Another word"
                steps = [ { rename { from = level, to = depth } }, { drop = note } ] }
            ]
          }
          """;

  /** With the catalog {@link #CATALOG}. */
  static Sandbox of(Path directory, SparkSession spark) throws IOException {
    return of(directory, spark, CATALOG);
  }

  static Sandbox of(Path directory, SparkSession spark, String catalog) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("my.conf"), catalog);
    return new Sandbox(directory, spark);
  }

  /**
   * Writes readings of 97 sensors; every event time is there for two rows of different levels.
   *
   * @param failing whether {@link #FAILING} of them are such that they must fail
   */
  static void writeReadings(SparkSession spark, Path to, long rows, boolean failing) {
    String bad =
        "CASE WHEN id % 487 = 11 THEN 3000000000 + id WHEN id % 601 = 5 THEN -id ELSE id END";
    spark
        .range(0, rows, 1, FILES)
        .selectExpr(
            "concat('s-', id % 97) AS sensor",
            "timestamp_seconds(1767225600 + 60 * (id div 194)) AS seen",
            (failing ? bad : "id") + " AS level",
            "concat('n', id % 3) AS note")
        .write()
        .parquet(to.toString());
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  Path database() {
    return path("online.db");
  }

  /** Runs a command in this JVM. */
  Cli.Result run(String... args) {
    // The program leaves its own session active; each run is to begin with the shared one.
    SparkSession.setActiveSession(spark);
    try {
      return Cli.run(withConf(args));
    } finally {
      SparkSession.setActiveSession(spark);
    }
  }

  /** Runs a command that answers with one JSON document. */
  JsonNode json(int exitCode, String... args) {
    Cli.Result result =
        run(Stream.concat(Stream.of("--output=json"), Stream.of(args)).toArray(String[]::new));
    if (result.exitCode() != exitCode) {
      throw new AssertionError(
          "Exit code %d and not %d of %s%n%s%n%s"
              .formatted(
                  result.exitCode(), exitCode, Arrays.asList(args), result.out(), result.err()));
    }
    return json(result.out());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not one JSON document: " + text, e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return json(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a command as a process of its own. */
  ProcessUnderTest spawn(List<String> jvmOptions, String... args) throws IOException {
    return start(process(jvmOptions, args));
  }

  /** A command as a process of its own, two cores unless the options say otherwise. */
  SpawnedProcess process(List<String> jvmOptions, String... args) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dspark.master=local[2]",
                "-Dspark.driver.host=localhost",
                "-Dspark.driver.bindAddress=127.0.0.1"));
    options.addAll(jvmOptions);
    return SpawnedProcess.java(
            SpawnedProcess.currentClassPath(),
            FsMigrate.class.getName(),
            options.toArray(String[]::new))
        .with(withConf(args));
  }

  ProcessUnderTest start(SpawnedProcess process) throws IOException {
    return process.start(directory.resolve("cwd"), directory.resolveSibling("logs"));
  }

  private String[] withConf(String... args) {
    return Stream.concat(Stream.of("--conf", path("my.conf").toString()), Stream.of(args))
        .toArray(String[]::new);
  }

  BranchStore branches() {
    return new BranchStore(path("warehouse").toString(), new Configuration(), Clock.systemUTC());
  }

  Optional<TablePointer> shown(String branch, String group) {
    return branches().head(branch).map(head -> head.tables().get(group));
  }

  /** What readers of the branch see. */
  Dataset<Row> table(String branch, String group) {
    TablePointer pointer = shown(branch, group).orElseThrow();
    return spark
        .read()
        .format("delta")
        .option("versionAsOf", pointer.version())
        .load(pointer.path());
  }

  UnitProgress progress(String run) {
    return new UnitProgress(
        path("warehouse").toString(), run, new Configuration(), Clock.systemUTC());
  }

  /** The failed records of a run as the command line exports them. */
  List<JsonNode> failedRecords(String run) {
    Path file = path("failed-" + run + ".jsonl");
    json(0, "runs", "failed", run, "--to", file.toString());
    try {
      return Files.readAllLines(file).stream().map(Sandbox::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows of a query on the online store, ordered by their first column. */
  List<List<Object>> online(String query) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query + " ORDER BY 1")) {
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  void changeOnline(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database());
  }

  /** The counters as a map, zeros left out. */
  static Map<String, Long> counters(JsonNode node) {
    Map<String, Long> counters = new java.util.TreeMap<>();
    node.properties().stream()
        .filter(entry -> entry.getValue().asLong() != 0)
        .forEach(entry -> counters.put(entry.getKey(), entry.getValue().asLong()));
    return counters;
  }
}
