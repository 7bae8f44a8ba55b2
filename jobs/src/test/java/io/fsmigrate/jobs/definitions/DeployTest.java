package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script that deploys, with a program named docker that keeps one tag in a file. */
@DisabledOnOs(OS.WINDOWS)
class DeployTest {
  private static final String OLD = "sha256:" + "a".repeat(64);
  private static final String NEW = "sha256:" + "b".repeat(64);
  private static final String DOCKER =
      """
      #!/bin/sh
      case "$1 $2 $3" in
        'buildx imagetools inspect')
          if [ -n "$REGISTRY_DOWN" ]; then echo 'connection refused' >&2; exit 1; fi
          if [ ! -f "$TAG" ]; then echo "ERROR: $4: not found" >&2; exit 1; fi
          cat "$TAG" ;;
        'buildx imagetools create') printf '%s' "${6#*@}" > "$TAG" ;;
        run*) cp "$TAG" "$RAN"; exit "${QUICKSTART_ENDS:-0}" ;;
        *) echo "unexpected: $*" >&2; exit 99 ;;
      esac
      """;

  @TempDir Path directory;
  private Path tag;
  private Path ran;
  private final Map<String, String> environment = new HashMap<>();

  private record Result(int exitCode, String output) {}

  @BeforeEach
  void registry() throws Exception {
    Path docker = Files.writeString(directory.resolve("docker"), DOCKER);
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    tag = directory.resolve("tag");
    ran = directory.resolve("ran");
    environment.put("TAG", tag.toString());
    environment.put("RAN", ran.toString());
  }

  @Test
  void theTagShowsTheImageThatRan() throws Exception {
    Files.writeString(tag, OLD);

    Result result = deploy("staging", "registry/fs-migrate", NEW);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(tag).hasContent(NEW);
    assertThat(ran).hasContent(NEW);
  }

  @Test
  void aFailedQuickstartPutsTheTagBack() throws Exception {
    Files.writeString(tag, OLD);
    environment.put("QUICKSTART_ENDS", "1");

    Result result = deploy("production", "registry/fs-migrate", NEW);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(ran).hasContent(NEW);
    assertThat(tag).hasContent(OLD);
    assertThat(result.output()).contains("production", "it is " + OLD + " again");
  }

  @Test
  void theFirstDeploymentHasNothingToGoBackTo() throws Exception {
    environment.put("QUICKSTART_ENDS", "1");

    Result result = deploy("staging", "registry/fs-migrate", NEW);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("no earlier image");
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNotTakenForAnEmptyOne() throws Exception {
    Files.writeString(tag, OLD);
    environment.put("REGISTRY_DOWN", "yes");

    Result result = deploy("staging", "registry/fs-migrate", NEW);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("nothing was changed", "connection refused");
    assertThat(tag).hasContent(OLD);
    assertThat(ran).doesNotExist();
  }

  @Test
  void anImageWithoutADigestIsNotDeployed() throws Exception {
    Files.writeString(tag, OLD);

    Result result = deploy("staging", "registry/fs-migrate", "latest");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).startsWith("Usage: deploy");
    assertThat(tag).hasContent(OLD);
  }

  private Result deploy(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Repository.file(".github/deploy").toString()));
    command.addAll(List.of(arguments));
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    builder
        .environment()
        .merge("PATH", directory.toString(), (path, first) -> first + File.pathSeparator + path);
    int exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(output));
  }
}
