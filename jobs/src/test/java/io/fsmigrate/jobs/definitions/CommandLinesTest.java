package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.jobs.FsMigrate;
import io.fsmigrate.jobs.ProgramLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What every definition starts is this program, with a command line that it understands. */
class CommandLinesTest {
  static List<Launch> all() {
    return Launch.all();
  }

  @Test
  void everyDefinitionIsLookedAt() throws Exception {
    try (var directories = Files.list(Repository.definition(""))) {
      List<String> withLaunches =
          directories
              .filter(Files::isDirectory)
              .map(directory -> directory.getFileName().toString())
              .filter(name -> !name.equals("iam"))
              .toList();

      assertThat(all().stream().map(launch -> launch.definition().split("/")[0]).distinct())
          .containsExactlyInAnyOrderElementsOf(withLaunches);
    }
    // Two steps, two job runs, two tasks, an application for each operator, five commands of the
    // DAG, one crontab line.
    assertThat(all()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theProgramUnderstandsTheArguments(Launch launch) {
    ParseResult parsed = ProgramLine.parse(launch.arguments().toArray(String[]::new));

    String command = parsed.commandSpec().name();
    assertThat(command).isIn("plan", "migrate", "show", "failed");
    if (command.equals("plan") || command.equals("migrate")) {
      boolean saidByThePlan = parsed.hasMatchedOption("--plan");
      assertThat(parsed.matchedPositionals()).hasSize(saidByThePlan ? 0 : 2);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aMistypedOptionWouldBeNoticed(Launch launch) {
    String[] arguments =
        launch.arguments().stream()
            .map(word -> word.equals("--conf") ? "--config" : word)
            .toArray(String[]::new);

    assertThatThrownBy(() -> ProgramLine.parse(arguments)).isInstanceOf(ParameterException.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsStartedIsThisProgram(Launch launch) throws Exception {
    assertThat(Class.forName(launch.mainClass())).isEqualTo(FsMigrate.class);
    if (launch.program().endsWith(".jar")) {
      assertThat(Repository.text(Path.of("pom.xml")))
          .contains("<finalName>" + jarName(launch) + "</finalName>");
    } else {
      assertThat(Repository.file("submit-scripts/fs-migrate")).isExecutable();
    }
  }

  private static String jarName(Launch launch) {
    String name = launch.program().substring(launch.program().lastIndexOf('/') + 1);
    return name.substring(0, name.length() - ".jar".length());
  }

  @ParameterizedTest
  @MethodSource("all")
  void theWarehouseIsNowhereThatTheProgramRefuses(Launch launch) {
    assertThat(launch.arguments().stream().filter(word -> word.startsWith("warehouse=")))
        .allMatch(word -> word.matches("warehouse=(hdfs|file)://.*"));
  }

  @Test
  void theCatalogIsRightAndHasTheTargets() {
    StringWriter out = new StringWriter();
    String conf = Repository.definition("feature-store.conf").toString();

    int exitCode =
        FsMigrate.run(
            new PrintWriter(out), new PrintWriter(out), "--conf", conf, "catalog", "check");

    assertThat(exitCode).as(out.toString()).isZero();
    assertThat(
            all().stream()
                .flatMap(launch -> launch.arguments().stream())
                .filter(word -> word.contains("@"))
                .distinct())
        .containsExactly("clicks@1.0.0");
    assertThat(targets(conf)).contains("clicks").contains("1.0.0");
  }

  private static String targets(String conf) {
    StringWriter out = new StringWriter();
    String[] arguments = {"--conf", conf, "migrations", "list"};
    assertThat(FsMigrate.run(new PrintWriter(out), new PrintWriter(out), arguments))
        .as(Arrays.toString(arguments) + out)
        .isZero();
    return out.toString();
  }
}
