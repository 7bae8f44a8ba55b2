package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.DirectoryListing;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.SpawnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people get wrong: the right exit code, one to three lines that help, nothing written. */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final Duration BOUND = Duration.ofMinutes(4);
  private static final String TARGET = "readings@1.0.0";

  private SparkSession spark;
  private Path root;
  private Path input;
  private int sandboxes;

  @BeforeAll
  void input(SparkSession shared, @TempDir Path directory) throws IOException {
    spark = shared;
    root = directory;
    input = root.resolve("input");
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, false);
    Files.writeString(root.resolve("text.parquet"), "sensor,seen\ns-1,2026-01-01\n");
    Files.createDirectories(root.resolve("empty"));
  }

  private String source() {
    return "parquet:" + input;
  }

  private Sandbox sandbox(String catalog) throws IOException {
    return Sandbox.of(root.resolve("it-" + sandboxes++), spark, catalog);
  }

  /** Replacements for SOURCE and ROOT, then what the answer must name. */
  static Stream<Arguments> requests() {
    return Stream.of(
        request(
            2, "parquet:ROOT/missing.parquet readings@1.0.0", "missing.parquet", "no such file"),
        request(2, "parquet:ROOT/text.parquet readings@1.0.0", "text.parquet", "Parquet"),
        request(2, "parquet:ROOT/empty readings@1.0.0", "empty", "no Parquet file"),
        request(2, "delta:ROOT/empty readings@1.0.0", "empty", "not a Delta table"),
        request(2, "SOURCE redings@1.0.0", "redings", "readings"),
        request(2, "SOURCE readings@1.0.9", "1.0.9", "1.0.0"),
        request(2, "SOURCE nowhere:readings@1.0.0", "nowhere", "main", "--create-branch"),
        request(2, "SOURCE in..valid:readings@1.0.0 --create-branch", "in..valid"),
        request(2, "readings@1.0.0 readings@2.0.0", "readings", "main"),
        request(2, "SOURCE readings", "version", "readings@1.0.0"),
        request(2, "SOURCE readings@1.0.0 --online nowhere", "nowhere", "online"),
        request(2, "SOURCE", "SOURCE and TARGET"),
        request(2, "SOURCE readings@1.0.0 --mode append --clear-target", "exclude each other"),
        request(2, "--plan x.json --resume-from latest", "exclude each other"),
        request(2, "--plan x.json SOURCE readings@1.0.0", "--plan"),
        request(2, "SOURCE readings@1.0.0 --batch-size 0", "--batch-size 0"),
        request(2, "SOURCE readings@1.0.0 --max-failures many", "many"),
        request(2, "SOURCE readings@1.0.0 --report ROOT/none/report.json", "none/report.json"),
        request(2, "--plan ROOT/none.json", "none.json"),
        request(2, "--resume-from 20260101T000000Z-abcdef", "20260101T000000Z-abcdef", "runs list"),
        request(4, "--resume-from latest", "nothing to resume"),
        request(2, "SOURCE readings@1.0.0 --filter-query level", "--filter-query", "boolean"),
        request(2, "SOURCE readings@1.0.0 --filter-query levle>1", "levle"),
        request(
            2,
            "SOURCE readings@1.0.0 --filter-query level=(SELECT+1)",
            "--filter-query",
            "subquer"),
        request(2, "SOURCE readings@1.0.0 --filter-query level>1;DROP+TABLE+x", "--filter-query"),
        request(2, "SOURCE readings@1.0.0 --filter-query sum(level)>1", "--filter-query"));
  }

  private static Arguments request(int exitCode, String line, String... words) {
    return Arguments.of(exitCode, line, List.of(words));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requestsThatCannotBeMet(int exitCode, String line, List<String> words) throws Exception {
    String[] arguments =
        Stream.of(("migrate " + line).split(" "))
            .map(
                part ->
                    part.replace("SOURCE", source())
                        .replace("ROOT", root.toString())
                        .replace('+', ' '))
            .toArray(String[]::new);
    Sandbox sandbox = sandbox(Sandbox.CATALOG);
    assertRefused(sandbox, exitCode, words, arguments);
  }

  private static void assertRefused(
      Sandbox sandbox, int exitCode, List<String> words, String... arguments) throws IOException {
    DirectoryListing before = DirectoryListing.of(sandbox.directory());
    Cli.Result result = sandbox.run(arguments);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    assertThat(result.err()).contains(words).doesNotContain("Exception", "\tat ");
    assertThat(result.err()).startsWith("error: ");
    assertThat(result.err().lines().toList()).hasSizeBetween(1, 3);
    assertThat(result.out()).isEmpty();
    assertThat(DirectoryListing.of(sandbox.directory()).differencesFrom(before)).isEmpty();
  }

  static Stream<Arguments> catalogs() {
    return Stream.of(
        catalog("record-identifier = sensor", "record-identifer = sensor", "record-identifier"),
        catalog("group-bytes = 1KiB", "group-bytes = often", "group-bytes", "often"),
        catalog("event-time = seen", "", "event-time"),
        catalog("level: int\"", "level: integr\"", "integr"),
        catalog("name = level, type = int", "name = levle, type = int", "levle"),
        catalog(
            "{ cast { name = level, type = int } }",
            "{ rename { from = level, to = note } }",
            "note"),
        catalog(
            "{ cast { name = level, type = int } }",
            "{ set { name = level, expression = \"nowhere + 1\" } }",
            "nowhere"),
        catalog("{ cast { name = level, type = int } }", "{ drop = sensor }", "sensor"),
        catalog("{ cast { name = level, type = int } }", "{ drop = seen }", "seen"));
  }

  private static Arguments catalog(String right, String wrong, String... words) {
    return Arguments.of(right, wrong, List.of(words));
  }

  @ParameterizedTest
  @MethodSource("catalogs")
  void catalogsThatAreWrong(String right, String wrong, List<String> words) throws Exception {
    assertThat(Sandbox.CATALOG).contains(right);
    Sandbox sandbox = sandbox(Sandbox.CATALOG.replace(right, wrong));
    assertRefused(sandbox, 2, words, "migrate", source(), TARGET);
  }

  @Test
  void placesThatCannotBeWrittenAreFoundBeforeTheFirstWrite() throws Exception {
    Sandbox warehouse = sandbox(Sandbox.CATALOG);
    // Not even root can make a directory below a file.
    Files.writeString(warehouse.path("warehouse"), "in the way");
    assertRefused(warehouse, 2, List.of("warehouse"), "migrate", source(), TARGET);

    Sandbox store = sandbox(Sandbox.CATALOG.replace("online.db", "none/online.db"));
    assertRefused(store, 2, List.of("none", "does not exist"), "migrate", source(), TARGET);

    Sandbox other = sandbox(Sandbox.CATALOG);
    Files.writeString(other.database(), "no database, but a file of somebody's");
    assertRefused(other, 2, List.of("online.db", "not a database"), "migrate", source(), TARGET);
  }

  @Test
  void aStoreOfOneMachineIsRefusedOnACluster() throws Exception {
    Sandbox sandbox = sandbox(Sandbox.CATALOG);
    // Executors find Spark on this class path, for there is no Spark home.
    SpawnedProcess process =
        sandbox
            .process(
                List.of(
                    "-Dspark.master=local-cluster[1,1,512]",
                    "-Dspark.executor.memory=512m",
                    "-Dspark.executor.extraClassPath=" + System.getProperty("java.class.path")),
                "migrate",
                source(),
                TARGET)
            .withEnvironment("SPARK_HOME", sandbox.path("spark").toString())
            .withEnvironment("SPARK_SCALA_VERSION", "2.13")
            .withEnvironment("SPARK_TESTING", "1");
    try (ProcessUnderTest cluster = sandbox.start(process)) {
      assertThat(cluster.waitFor(BOUND)).as(cluster.stderr()).isEqualTo(2);
      assertThat(cluster.stderr()).contains("online.db", "cannot be written from a cluster");
    }
    assertThat(sandbox.path("warehouse")).doesNotExist();
    assertThat(sandbox.database()).doesNotExist();
  }

  @Test
  void aTargetIsWrittenByOneRunAtATime() throws Exception {
    Sandbox sandbox = sandbox(Sandbox.CATALOG);
    Path marker = sandbox.path("marker");
    String run;
    try (ProcessUnderTest process =
        sandbox.spawn(
            List.of(
                "-D%s=%s".formatted(NamedPoints.HOLD, "OFFLINE_WRITTEN/offline:1"),
                "-D%s=%s".formatted(NamedPoints.MARKER, marker)),
            "migrate",
            source(),
            TARGET)) {
      process.awaitUntil("it writes", BOUND, () -> Files.exists(marker));
      run = sandbox.json(0, "runs", "list").at("/runs/0/run").asText();

      Cli.Result second = sandbox.run("migrate", source(), TARGET);
      Cli.Result resumed = sandbox.run("migrate", "--resume-from", run);

      for (Cli.Result refused : List.of(second, resumed)) {
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(4);
        assertThat(refused.err())
            .contains("main:readings", run, "process " + process.pid(), "wait for it")
            .containsPattern("for \\d+ (s|min)");
      }
    }
    // Its process is gone now: the half-written target says what to do, and both ways work.
    Cli.Result refused = sandbox.run("migrate", source(), TARGET);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).contains("--resume-from " + run, "runs unlock " + run);
    assertThat(sandbox.shown("main", "readings")).isEmpty();

    sandbox.json(0, "runs", "unlock", run);
    assertThat(sandbox.json(0, "migrate", source(), TARGET).at("/offline/written").asLong())
        .isEqualTo(Sandbox.ROWS);
  }
}
