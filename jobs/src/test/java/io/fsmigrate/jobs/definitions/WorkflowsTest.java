package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workflows use nothing that can move, do not run for ever, and may do no more than they say. */
class WorkflowsTest {
  static List<Path> workflows() throws Exception {
    try (var files = Files.list(Repository.file(".github/workflows"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsPinnedToACommitWithItsVersionBehindIt(Path workflow) {
    List<String> uses =
        Repository.text(workflow)
            .lines()
            .map(line -> line.replaceFirst("^\\s*(- )?", ""))
            .filter(line -> line.startsWith("uses:"))
            .toList();

    assertThat(uses)
        .isNotEmpty()
        .allMatch(
            line ->
                line.matches("uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+")
                    || line.matches("uses: \\./\\.github/workflows/[a-z]+\\.yml"));
    assertThat(Repository.tree(workflow).findValuesAsText("uses")).hasSize(uses.size());
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyJobHasATimeout(Path workflow) {
    jobs(workflow)
        .forEach(
            (name, job) -> {
              // A job that is another workflow has the times of that one.
              if (!job.has("uses")) {
                assertThat(job.path("timeout-minutes").asInt()).as(name).isBetween(1, 120);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void nothingMayBeWrittenUnlessAJobSaysSo(Path workflow) {
    JsonNode permissions = Repository.tree(workflow).path("permissions");

    assertThat(permissions.isObject()).isTrue();
    assertThat(permissions.fieldNames()).toIterable().containsExactly("contents");
    assertThat(permissions.path("contents").asText()).isEqualTo("read");
    assertThat(Repository.text(workflow))
        .doesNotContain("write-all", "pull_request_target", "permissions: {}");
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void noExpressionIsPastedIntoAScript(Path workflow) {
    // What a branch or a tag is called would be run as a program.
    assertThat(Repository.tree(workflow).findValuesAsText("run"))
        .isNotEmpty()
        .noneMatch(script -> script.contains("${{"));
  }

  @Test
  void whatIsTestedIsWhatIsPromised() {
    Map<String, JsonNode> jobs = jobs(Repository.file(".github/workflows/check.yml"));

    assertThat(jobs.keySet())
        .containsExactly("static", "lint", "test", "spark", "sbom", "secrets", "image");
    JsonNode matrix = jobs.get("spark").at("/strategy/matrix");
    assertThat(matrix.path("java")).extracting(JsonNode::asText).containsExactly("17", "21");
    String pom = Repository.text(Repository.file("pom.xml"));
    assertThat(matrix.path("spark"))
        .extracting(JsonNode::asText)
        .containsExactly("4.0", "4.1", "4.2")
        .allSatisfy(
            spark ->
                assertThat(spark.equals("4.2") ? pom : assembled(spark))
                    .contains("<spark.version>" + spark + "."));
    assertThat(pom).contains("<id>sbom</id>");
  }

  private static String assembled(String spark) {
    return Repository.text(Repository.file("testkit/spark-" + spark + "/pom.xml"));
  }

  @Test
  void productionComesAfterStagingAndInAnEnvironmentOfItsOwn() {
    Map<String, JsonNode> jobs = jobs(Repository.file(".github/workflows/deploy.yml"));

    assertThat(jobs.keySet()).containsExactly("staging", "production");
    assertThat(jobs.get("production").path("needs").asText()).isEqualTo("staging");
    jobs.forEach(
        (name, job) -> {
          assertThat(job.path("environment").asText()).isEqualTo(name);
          assertThat(job.findValuesAsText("run"))
              .anyMatch(script -> script.contains("cosign verify"))
              .anyMatch(script -> script.startsWith(".github/deploy " + name + " "));
        });
  }

  @Test
  void theRevisionsOfPreCommitAreCommits() {
    JsonNode repositories =
        Repository.tree(Repository.file(".pre-commit-config.yaml")).path("repos");

    assertThat(repositories)
        .filteredOn(repository -> !repository.path("repo").asText().equals("local"))
        .hasSizeGreaterThan(3)
        .allSatisfy(
            repository -> assertThat(repository.path("rev").asText()).matches("[0-9a-f]{40}"));
  }

  @Test
  void actionlintFindsNothing() throws Exception {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "actionlint")));
    assumeTrue(there, "actionlint is not on the PATH: the workflows are only looked at as YAML");

    Process process =
        new ProcessBuilder("actionlint")
            .directory(Repository.ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
  }

  private static Map<String, JsonNode> jobs(Path workflow) {
    Map<String, JsonNode> jobs = new java.util.LinkedHashMap<>();
    Repository.tree(workflow)
        .path("jobs")
        .fields()
        .forEachRemaining(e -> jobs.put(e.getKey(), e.getValue()));
    assertThat(jobs).isNotEmpty();
    return jobs;
  }
}
