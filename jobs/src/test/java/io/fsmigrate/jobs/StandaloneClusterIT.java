package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.SpawnedProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The flights demo on a standalone cluster: master, workers and executors are processes. */
@DisabledOnOs(OS.WINDOWS)
@ExtendWith(SparkExtension.class)
class StandaloneClusterIT {
  private static final Path SCRIPTS = Path.of(System.getProperty("fsmigrate.scripts"));
  private static final String PLUGIN = "io.fsmigrate.online.restraint.RestraintPlugin";
  private static final Duration BOUND = Duration.ofMinutes(5);

  /** Three rows of 6,000 are too early to be true; the newest of each of 50 routes is known. */
  private static final String FLIGHTS =
      """
      SELECT timestamp_ntz'2026-01-01 00:00:00' + make_interval(0, 0, 0, 0, 0, id) AS date,
             concat('A', id % 10) AS origin, concat('B', id % 50) AS destination,
             IF(id % 2000 = 77, -500L, id % 90) AS delay, 100 * (id % 50) AS distance
      FROM range(6000)
      """;

  @TempDir Path directory;

  @Test
  void theDemoPassesWithExecutorsInProcessesOfTheirOwn(SparkSession spark) throws Exception {
    Path flights = directory.resolve("flights");
    spark.sql(FLIGHTS).repartition(3).write().parquet(flights.toString());
    Path cluster = directory.resolve("cluster");
    String port = Integer.toString(freePort());
    try {
      String master =
          run(0, "", "local-cluster", "start", "--memory", "1g", "--port", port, "--dir", cluster);
      assertThat(master.strip()).isEqualTo("spark://127.0.0.1:" + port);
      run(1, "", "local-cluster", "start", "--port", port, "--dir", cluster);
      assertThat(run(0, "", "local-cluster", "status", "--dir", cluster))
          .isEqualTo("3 processes\n");

      Path demo = directory.resolve("demo");
      String options = "--master " + master.strip() + " --conf spark.executor.memory=768m";
      run(0, options, "flights-demo", flights, demo);

      assertThat(executors(cluster)).hasSizeGreaterThanOrEqualTo(2 * 2);
      // The way to the budgets of online stores is there, from the program's own jar.
      assertThat(executors(cluster))
          .allSatisfy(
              output ->
                  assertThat(output)
                      .content()
                      .contains("Initialized executor component for plugin " + PLUGIN));
      try (Stream<String> failed = Files.lines(demo.resolve("failed.jsonl"))) {
        assertThat(failed).hasSize(3).allMatch(line -> line.contains("\"delay\":-500"));
      }
      assertThat(online(demo.resolve("online.db"), "SELECT count(*) FROM \"flights@2.0.0\""))
          .isEqualTo("50");
      assertThat(online(demo.resolve("online.db"), newestOf("A9-B49")))
          .isEqualTo("2026-01-05T03:59:00Z|59|4900|1|late");
    } finally {
      run(0, "", "local-cluster", "stop", "--dir", cluster);
    }
    run(1, "", "local-cluster", "status", "--dir", cluster);
  }

  private static String newestOf(String route) {
    return "SELECT departed_at || '|' || delay_minutes || '|' || distance || '|' || is_long_haul"
        + " || '|' || delay_class FROM \"flights@2.0.0\" WHERE route = '"
        + route
        + "'";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Each executor of each application has a directory with its own output. */
  private static List<Path> executors(Path cluster) throws IOException {
    try (Stream<Path> files = Files.walk(cluster.resolve("work"))) {
      return files.filter(file -> file.endsWith("stderr")).toList();
    }
  }

  private String run(int exitCode, String options, String script, Object... arguments)
      throws Exception {
    String[] command =
        Stream.concat(
                Stream.of(SCRIPTS.resolve(script).toString()),
                Arrays.stream(arguments).map(Object::toString))
            .toArray(String[]::new);
    Path logs = Files.createTempDirectory(directory, "logs");
    try (ProcessUnderTest process =
        SpawnedProcess.of(command)
            .withEnvironment("FLIGHTS_OPTIONS", options)
            .withEnvironment("FS_MIGRATE_LOG", directory.resolve("fs-migrate.log").toString())
            .start(Files.createTempDirectory(directory, "cwd"), logs)) {
      assertThat(process.waitFor(BOUND))
          .as(() -> process.stdout() + process.stderr())
          .isEqualTo(exitCode);
      return process.stdout();
    }
  }

  private static String online(Path database, String query) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
