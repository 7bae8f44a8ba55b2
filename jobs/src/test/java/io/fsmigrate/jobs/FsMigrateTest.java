package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FsMigrateTest {
  record Answer(String name, int rows) {}

  private static final Cli.Probe.Body ANSWERS =
      (output, options) -> {
        output.people().println("one moment");
        output.result(
            "fs-migrate/answer/1",
            new Answer("flights", 3),
            (answer, out) -> out.println(answer.name() + " has " + answer.rows() + " rows"));
        return 0;
      };

  @Test
  void helpShowsOptionsAndExamples() {
    Cli.Result help = Cli.run("--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out())
        .contains("--conf=FILE", "--set=KEY=VALUE", "--output=text|json")
        .contains("fs-migrate --conf my.conf migrate flights@1.0.0");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void successDoesNotEndTheProcessThatMainIsCalledIn() {
    // An exit would end the process of the tests.
    FsMigrate.main(new String[] {"--version"});
  }

  @Test
  void versionIsTheBuildsVersion() {
    Cli.Result version = Cli.run("--version");

    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).matches("fs-migrate \\d+\\.\\d+\\.\\d+\\R");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "frobnicate", "--frobnicate", "--output=xml", "--set novalue"})
  void aCommandLineThatCannotBeUnderstoodIsAUsageErrorOfTwoLines(String line) {
    Cli.Result result = Cli.run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().toList()).hasSize(2).first().asString().startsWith("error: ");
    assertThat(result.err()).contains("Run 'fs-migrate --help'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--conf a --conf b probe", "--conf a probe --conf b"})
  void twoConfigurationFilesAreRefused(String line) {
    Cli.Result result = Cli.probe(ANSWERS, line.split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(result.err()).startsWith("error: ").contains("--conf").hasLineCount(2);
  }

  @Test
  void aMistypedCommandNamesTheNearest() {
    Cli.Result result = Cli.probe(ANSWERS, "prob");

    assertThat(result.err()).contains("'prob'; did you mean").contains("probe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--frobnicate --output json", "--output=json --frobnicate", "--output JSON nope"})
  void aUsageErrorIsOneJsonDocumentWhereJsonIsAsked(String line) throws Exception {
    Cli.Result result = Cli.run(line.split(" "));

    JsonNode document = onlyDocument(result.out());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(document.get("schema").asText()).isEqualTo("fs-migrate/error/1");
    assertThat(document.get("code").asText()).isEqualTo("USAGE");
    assertThat(document.get("exitCode").asInt()).isEqualTo(2);
    assertThat(document.get("message").asText()).contains("Run 'fs-migrate --help'");
  }

  @Test
  void textGoesToStandardOutputAndTheRestToStandardError() {
    Cli.Result result = Cli.probe(ANSWERS, "probe");

    assertThat(result).isEqualTo(new Cli.Result(0, "flights has 3 rows\n", "one moment\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--output json probe", "probe --output json"})
  void jsonIsExactlyOneDocumentWithItsSchemaFirst(String line) throws Exception {
    Cli.Result result = Cli.probe(ANSWERS, line.split(" "));

    assertThat(onlyDocument(result.out()))
        .hasToString("{\"schema\":\"fs-migrate/answer/1\",\"name\":\"flights\",\"rows\":3}");
    assertThat(result.err()).isEqualTo("one moment\n");
  }

  @Test
  void aSecondResultIsADefect() {
    Cli.Result result =
        Cli.probe(
            (output, options) -> ANSWERS.call(output, options) + ANSWERS.call(output, options),
            "probe",
            "--output=json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.DEFECT.code());
    assertThat(result.out()).contains("fs-migrate/answer/1").doesNotContain("fs-migrate/error/1");
  }

  @Test
  void globalOptionsAddUpBeforeAndAfterTheCommand() {
    AtomicReference<GlobalOptions> seen = new AtomicReference<>();

    Cli.probe(
        (output, options) -> {
          seen.set(options);
          return 0;
        },
        "--conf a.conf --set run.max-workers=4 --set a=b=c probe --set x= --output text"
            .split(" "));

    assertThat(seen.get().conf()).contains(Path.of("a.conf"));
    assertThat(seen.get().settings())
        .isEqualTo(Map.of("run.max-workers", "4", "a", "b=c", "x", ""));
    assertThat(seen.get().output()).isEqualTo(OutputFormat.TEXT);
  }

  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void anExpectedErrorReturnsItsExitCodeAndItsMessage(ExitCode exitCode) throws Exception {
    Cli.Probe.Body refuses =
        (output, options) -> {
          throw new FsMigrateException(
              exitCode, "BRANCH_MISSING", "main: no such branch\nCreate it");
        };

    Cli.Result text = Cli.probe(refuses, "probe");
    Cli.Result json = Cli.probe(refuses, "probe", "--output", "json");

    assertThat(text)
        .isEqualTo(new Cli.Result(exitCode.code(), "", "error: main: no such branch\nCreate it\n"));
    assertThat(json.exitCode()).isEqualTo(exitCode.code());
    assertThat(onlyDocument(json.out()))
        .hasToString(
            "{\"schema\":\"fs-migrate/error/1\",\"code\":\"BRANCH_MISSING\","
                + "\"message\":\"main: no such branch\\nCreate it\",\"exitCode\":"
                + exitCode.code()
                + "}");
    assertThat(json.err()).isEqualTo(text.err());
  }

  @Test
  void aDefectIsOneLineWithoutATrace() throws Exception {
    Cli.Result result =
        Cli.probe(
            (output, options) -> {
              throw new IllegalStateException("a hash bucket is missing\nwith details");
            },
            "probe",
            "--output=json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.DEFECT.code());
    assertThat(result.err())
        .isEqualTo(
            "error: Unexpected IllegalStateException: a hash bucket is missing"
                + " (the trace is in the log)\n");
    assertThat(onlyDocument(result.out()).get("code").asText()).isEqualTo("DEFECT");
  }

  @Test
  void anErrorOfTheVirtualMachineIsADefectToo() {
    Cli.Result result =
        Cli.probe(
            (output, options) -> {
              throw new NoClassDefFoundError("org/apache/spark/sql/SparkSession");
            },
            "probe");

    assertThat(result.exitCode()).isEqualTo(ExitCode.DEFECT.code());
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("NoClassDefFoundError: org/apache/spark/sql/SparkSession");
  }

  @Test
  void anInterruptionReturns130() {
    Cli.Result interrupted =
        Cli.probe(
            (output, options) -> {
              throw new InterruptedException();
            },
            "probe");
    Cli.Result cancelled =
        Cli.probe(
            (output, options) -> {
              throw new CancellationException();
            },
            "probe");

    assertThat(interrupted).isEqualTo(new Cli.Result(130, "", "error: Interrupted.\n"));
    assertThat(cancelled).isEqualTo(interrupted);
  }

  private static JsonNode onlyDocument(String out) throws JsonProcessingException {
    ObjectMapper strict =
        new ObjectMapper()
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    return strict.readTree(out);
  }
}
