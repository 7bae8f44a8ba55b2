package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script, on the jar and the Spark that the build made. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptIT {
  private static final Path SCRIPT = Path.of(System.getProperty("fsmigrate.scripts"), "fs-migrate");

  @TempDir Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void theProgramIsFoundThroughLinksFromAnyDirectory() throws Exception {
    Path first = Files.createSymbolicLink(directory.resolve("first"), SCRIPT);
    Path bin = Files.createDirectory(directory.resolve("a b"));
    Path link =
        Files.createSymbolicLink(bin.resolve("fsm"), Path.of("..", first.getFileName().toString()));

    Cli.Result result = start(link, "--version");

    assertThat(result)
        .isEqualTo(new Cli.Result(0, "fs-migrate " + ProgramVersion.current() + "\n", ""));
  }

  @Test
  void helpTellsOfTheProgramsAndTheScriptsOptions() throws Exception {
    Cli.Result result = start(SCRIPT, "--help");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("--conf=FILE", "--driver-memory", "SPARK_HOME");
  }

  @Test
  void aControlPlaneCommandWritesOneDocumentAndNothingElse() throws Exception {
    String warehouse = "warehouse=" + directory.resolve("w h");

    Cli.Result created = start(SCRIPT, "--set", warehouse, "branch", "create", "feature/x");
    Cli.Result shown =
        start(SCRIPT, "--output=json", "--set", warehouse, "branch", "show", "feature/x");

    assertThat(created).isEqualTo(new Cli.Result(0, "Created feature/x (feature) from main\n", ""));
    assertThat(shown.err()).isEmpty();
    assertThat(new ObjectMapper().readTree(shown.out()).get("commits")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--master", "--frobnicate", "", "frobnicate"})
  void aWrongCommandLineIsAUsageError(String line) throws Exception {
    Cli.Result result = line.isEmpty() ? start(SCRIPT) : start(SCRIPT, line);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: ").hasLineCount(2);
  }

  @Test
  void aScriptWithoutAJarSaysHowToGetOne() throws Exception {
    Path scripts = Files.createDirectory(directory.resolve("submit-scripts"));
    Path copy = Files.copy(SCRIPT, scripts.resolve("fs-migrate"));

    Cli.Result result = start(copy, "branch", "list");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("not built yet", scripts + "/setup");
  }

  @Test
  void optionsOfSparkGoToSparkAndTheOthersToTheProgram() throws Exception {
    sparkHomeThatTellsItsArguments();

    Cli.Result result =
        start(
            SCRIPT,
            "--driver-memory=2g",
            "--conf",
            "spark.sql.shuffle.partitions=7",
            "--conf",
            "my file.conf",
            "--master",
            "yarn",
            "--set",
            "warehouse=s3a://b/w",
            "migrate",
            "flights@1.0.0",
            "--conf",
            "spark.a=b");

    String all = String.join("|", result.out().split("\n"));
    String jar = System.getProperty("fsmigrate.jar");
    assertThat(all)
        .isEqualTo(
            "--driver-memory|2g|--conf|spark.sql.shuffle.partitions=7|--master|yarn"
                + "|--class|io.fsmigrate.jobs.FsMigrate|"
                + jar
                + "|--conf|my file.conf|--set|warehouse=s3a://b/w|migrate|flights@1.0.0|--conf|spark.a=b");
  }

  @Test
  void theMasterIsLocalUnlessSomebodySaysOtherwise() throws Exception {
    sparkHomeThatTellsItsArguments();

    assertThat(start(SCRIPT, "plan").out()).startsWith("--master\nlocal[*]\n");
    assertThat(start(SCRIPT, "--conf", "spark.master=k8s://x", "plan").out())
        .doesNotContain("local[*]")
        .contains("spark.master=k8s://x");
  }

  @Test
  void theExitCodeOfACommandOnSparkReachesTheCaller() throws Exception {
    Path data = directory.resolve("example data");

    Cli.Result made =
        start(SCRIPT, "--master", "local[1]", "example-data", data.toString(), "--rows", "5000");
    Cli.Result again = start(SCRIPT, "example-data", data.toString(), "--rows", "5000");

    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(data.resolve("card_payments")).isDirectoryContaining("glob:**.parquet");
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.err()).startsWith("error: " + data).doesNotContain("\tat ");
  }

  private void sparkHomeThatTellsItsArguments() throws IOException {
    Path home = Files.createDirectories(directory.resolve("spark home"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    environment.put("SPARK_HOME", home.toString());
  }

  private Cli.Result start(Path script, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(args));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("FS_MIGRATE_LOG", directory.resolve("log").toString());
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new Cli.Result(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
