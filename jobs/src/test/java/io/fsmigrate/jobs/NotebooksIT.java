package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.SpawnedProcess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebooks, executed by Jupyter on the kernel and the Spark that the build made, against a
 * small warehouse of the quickstart. What they must show is worked out by the example data's
 * generator.
 */
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(
    value = "canRun",
    disabledReason =
        "Needs jupyter-nbconvert on the PATH, and the kernel that mvn package builds in notebooks/")
class NotebooksIT {
  private static final Path HOME = Path.of(System.getProperty("fsmigrate.scripts")).getParent();
  private static final Path NOTEBOOKS = HOME.resolve("notebooks");

  private Path quickstart;
  private Path executed;
  private JsonNode expected;

  // Asked before any extension works, so that no Spark starts in vain.
  static boolean canRun() {
    return Files.isRegularFile(NOTEBOOKS.resolve("target/fs-migrate-notebooks.jar"))
        && Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "jupyter-nbconvert")));
  }

  @BeforeAll
  void makeAWarehouseAndExecute(SparkSession spark, @TempDir Path directory) throws Exception {
    quickstart = Files.createDirectory(directory.resolve("quick start"));
    executed = directory.resolve("executed");
    Path input = quickstart.resolve("input");
    String rows = Long.toString(ExampleData.MINIMUM_ROWS);
    expect(spark, 0, "example-data", input.toString(), "--rows", rows);
    expected = Sandbox.json(input.resolve("expected.json"));

    String plan = quickstart.resolve("plan-2.json").toString();
    String risk = "feature/risk:card_payments@2.0.0";
    migrate(spark, 3, "migrate", "parquet:" + input + "/card_payments", "card_payments@1.0.0");
    migrate(spark, 0, "plan", "card_payments@1.0.0", risk, "--create-branch", "--out", plan);
    migrate(spark, 3, "migrate", "--plan", plan);

    try (ProcessUnderTest run =
        SpawnedProcess.of(
                NOTEBOOKS.resolve("run").toString(),
                "--execute",
                "--to",
                executed.toString(),
                quickstart.toString())
            // Short processes: compiling them to the utmost takes longer than it saves.
            .withEnvironment("NOTEBOOK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .start(directory.resolve("cwd"), directory.resolve("logs"))) {
      assertThat(run.waitFor(Duration.ofMinutes(5))).as(() -> run.stdout() + run.stderr()).isZero();
    }
  }

  private void migrate(SparkSession spark, int exitCode, String... command) {
    Stream<String> conf =
        Stream.of(
            "--conf",
            HOME.resolve("conf/quickstart.conf").toString(),
            "--set",
            "warehouse=" + quickstart.resolve("warehouse"),
            "--set",
            "online-stores.online.path=" + quickstart.resolve("online.db"));
    expect(spark, exitCode, Stream.concat(conf, Arrays.stream(command)).toArray(String[]::new));
  }

  private static void expect(SparkSession spark, int exitCode, String... args) {
    // The program leaves its own session active.
    SparkSession.setActiveSession(spark);
    Cli.Result result = Cli.run(args);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
  }

  @Test
  void everyNotebookIsExecutedToItsEndAndWrittenAsHtml() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".ipynb"))
              .map(name -> name.substring(0, name.length() - ".ipynb".length()))
              .toList();
      assertThat(names).hasSizeGreaterThanOrEqualTo(4);
      for (String name : names) {
        assertThat(cells(name))
            .as(name)
            .isNotEmpty()
            .allMatch(cell -> cell.get("execution_count").isInt());
        assertThat(executed.resolve(name + ".html")).isNotEmptyFile();
      }
    }
  }

  @Test
  void whatIsCommittedHasNoOutputs() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      assertThat(files.filter(file -> file.toString().endsWith(".ipynb")))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(cells(Sandbox.json(file)))
                      .allMatch(cell -> cell.get("outputs").isEmpty())
                      .allMatch(cell -> cell.get("execution_count").isNull()));
    }
  }

  @Test
  void aFeatureGroupIsShownAsItsReadersSeeIt() {
    String notebook = "explore-a-feature-group";

    assertThat(table(notebook, "everywhere = new"))
        .containsExactly(
            "branch version rows",
            "main 1.0.0 " + counted(0, "accepted"),
            "feature/risk 2.0.0 " + counted(1, "accepted"));
    assertThat(table(notebook, "countDistinct").get(1))
        .startsWith(number(1, "accepted") + " " + number(1, "acceptedRecords") + " 20");
    assertThat(text(notebook, "treeString"))
        .contains("merchant_category: string", "risk_band: string")
        .doesNotContain("terminal");
    assertThat(table(notebook, "row_number"))
        .hasSize(11)
        .first()
        .asString()
        .startsWith("card_id observed_at merchant_category amount_cents");
    assertThat(table(notebook, "nullRates.put"))
        .contains("card_id 0.0000", "observed_at 0.0000")
        .hasSize(9);
    assertThat(charts(notebook)).hasSize(1);
  }

  @Test
  void aPlanIsShownAsItWasSaved() {
    String notebook = "read-a-plan";

    assertThat(table(notebook, "plan.request().source()"))
        .contains(
            "source rows " + counted(1, "read"),
            "target feature/risk:card_payments@2.0.0",
            "target's table NEW_TABLE");
    assertThat(table(notebook, "plan.refusals()")).containsExactly("value", "None.");
    assertThat(table(notebook, "plan.path()"))
        .hasSize(3)
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("card_payments:1.0.0->1.1.0 "));
    assertThat(table(notebook, "plan.schemaBefore()"))
        .contains("amount_cents bigint int", "terminal string -", "risk_band - string");
    String hash = Sandbox.json(quickstart.resolve("plan-2.json")).at("/fingerprint/hash").asText();
    assertThat(text(notebook, "System.out.println(\"fingerprint")).contains(hash);
    assertThat(table(notebook, "ledger.list(1000)"))
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(1)).contains("FINISHED_WITH_FAILURES"));
  }

  @Test
  void aRunIsShownWithWhatItCounted() {
    String notebook = "look-at-a-run";

    assertThat(table(notebook, "report.offline()"))
        .contains(
            "read " + counted(1, "read"),
            "failed " + counted(1, "failed"),
            "accepted " + counted(1, "accepted"),
            "written " + counted(1, "accepted"));
    assertThat(table(notebook, "report.online()").get(1))
        .matches("online( [\\d,]+)* " + counted(1, "acceptedRecords"));
    assertThat(columnSum(notebook, "progress.done(\"offline\")", "read"))
        .isEqualTo(number(1, "read"));
    assertThat(columnSum(notebook, "progress.done(store)", "written"))
        .isEqualTo(number(1, "acceptedRecords"));
    assertThat(columnSum(notebook, "DESCRIBE HISTORY", "rows")).isEqualTo(number(1, "accepted"));
    assertThat(charts(notebook)).hasSize(3);
  }

  @Test
  void failedRecordsAreCountedByCodeWithExamples() {
    String notebook = "failed-records";
    List<String> byReason = table(notebook, "byReason = spark");

    for (JsonNode failure : expected.at("/runs/1/failures")) {
      String line =
          "%s %s %d "
              .formatted(
                  failure.get("code").asText(),
                  failure.get("feature").asText(),
                  failure.get("rows").asLong());
      assertThat(byReason).anyMatch(each -> each.startsWith(line));
    }
    assertThat(byReason).hasSize(1 + expected.at("/runs/1/failures").size());
    assertThat(table(notebook, "nth <= 3"))
        .anyMatch(line -> line.startsWith("CAST amount_cents 2") && line.contains("\"card_id\":"));
    assertThat(table(notebook, "schema_of_json").get(0)).startsWith("code amount_cents card_id");
    assertThat(charts(notebook)).hasSize(1);
  }

  // --- What the generator says
  // ---------------------------------------------------------------------

  private long number(int run, String counter) {
    long number = expected.at("/runs/%d/%s".formatted(run, counter)).asLong();
    assertThat(number).as(counter).isPositive();
    return number;
  }

  private String counted(int run, String counter) {
    return "%,d".formatted(number(run, counter));
  }

  // --- What the notebooks show
  // ---------------------------------------------------------------------

  private List<JsonNode> cells(String notebook) {
    return cells(Sandbox.json(executed.resolve(notebook + ".ipynb")));
  }

  private static List<JsonNode> cells(JsonNode notebook) {
    return StreamSupport.stream(notebook.get("cells").spliterator(), false)
        .filter(cell -> cell.get("cell_type").asText().equals("code"))
        .toList();
  }

  /** Everything that the one cell that begins with this code, or has it, shows as text. */
  private String text(String notebook, String code) {
    List<JsonNode> all = cells(notebook);
    List<JsonNode> begin =
        all.stream().filter(cell -> joined(cell.get("source")).startsWith(code)).toList();
    List<JsonNode> have =
        all.stream().filter(cell -> joined(cell.get("source")).contains(code)).toList();
    List<JsonNode> found = begin.isEmpty() ? have : begin;
    assertThat(found).as(code).hasSize(1);
    StringBuilder text = new StringBuilder();
    for (JsonNode output : found.get(0).get("outputs")) {
      text.append(joined(output.path("text"))).append(joined(output.at("/data/text~1plain")));
    }
    return text.toString();
  }

  /** The lines of a table, each with one blank between its columns. */
  private List<String> table(String notebook, String code) {
    return text(notebook, code).lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  /** The sum of a column of numbers, found by its place from the left behind the row's name. */
  private long columnSum(String notebook, String code, String column) {
    List<String> lines = table(notebook, code);
    List<String> header = List.of(lines.get(0).split(" "));
    List<String> first = List.of(lines.get(1).split(" "));
    int fromRight = header.size() - header.indexOf(column);
    assertThat(header).contains(column);
    assertThat(first).hasSizeGreaterThanOrEqualTo(fromRight);
    return lines.stream()
        .skip(1)
        .map(line -> line.split(" "))
        .mapToLong(cells -> Long.parseLong(cells[cells.length - fromRight].replace(",", "")))
        .sum();
  }

  /** The charts, each drawn in more than the background's colour. */
  private List<BufferedImage> charts(String notebook) {
    List<BufferedImage> charts = new ArrayList<>();
    for (JsonNode cell : cells(notebook)) {
      for (JsonNode output : cell.get("outputs")) {
        String png = joined(output.at("/data/image~1png"));
        if (!png.isEmpty()) {
          charts.add(image(png));
        }
      }
    }
    assertThat(charts)
        .allSatisfy(chart -> assertThat(chart.getWidth()).isEqualTo(860))
        .allMatch(NotebooksIT::isDrawn);
    return charts;
  }

  private static BufferedImage image(String base64) {
    try {
      return ImageIO.read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isDrawn(BufferedImage chart) {
    int[] pixels =
        chart.getRGB(0, 0, chart.getWidth(), chart.getHeight(), null, 0, chart.getWidth());
    return Arrays.stream(pixels).distinct().count() > 10;
  }

  /** Jupyter writes a text as one or as a list of its lines. */
  private static String joined(JsonNode text) {
    if (!text.isArray()) {
      return text.asText("");
    }
    StringBuilder joined = new StringBuilder();
    text.forEach(line -> joined.append(line.asText()));
    return joined.toString();
  }
}
