package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The images are built on bases that cannot move, from paths that exist, and do not run as root.
 */
class ImageTest {
  private static final Pattern PINNED =
      Pattern.compile("[a-z0-9./-]+:[A-Za-z0-9._-]+@sha256:[0-9a-f]{64}");

  /** An instruction with its arguments, continued lines joined. */
  private record Instruction(String name, List<String> arguments) {}

  private static List<Instruction> instructions(String file) {
    String text = Repository.text(Repository.file("submit-scripts/image/" + file));
    List<Instruction> instructions = new ArrayList<>();
    for (String line : text.replaceAll("(?m)^#.*\\R", "").replace("\\\n", " ").split("\n")) {
      if (!line.isBlank()) {
        List<String> words = List.of(line.strip().split("\\s+"));
        instructions.add(new Instruction(words.get(0), words.subList(1, words.size())));
      }
    }
    return instructions;
  }

  private static List<List<String>> arguments(String file, String name) {
    return instructions(file).stream()
        .filter(instruction -> instruction.name().equals(name))
        .map(Instruction::arguments)
        .toList();
  }

  @Test
  void theBasesArePinned() {
    assertThat(arguments("Dockerfile", "FROM"))
        .hasSize(2)
        .allSatisfy(from -> assertThat(from.get(0)).matches(PINNED));
  }

  @Test
  void theBasesOnKubernetesAreGivenAndHaveNoDefault() {
    List<String> given =
        arguments("kubernetes.Dockerfile", "ARG").stream().map(arg -> arg.get(0)).toList();

    assertThat(given).containsExactly("FS_MIGRATE", "SPARK");
    assertThat(arguments("kubernetes.Dockerfile", "FROM"))
        .extracting(from -> from.get(0))
        .containsExactly("${FS_MIGRATE}", "${SPARK}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "kubernetes.Dockerfile"})
  void theLastUserIsNotRoot(String file) {
    List<List<String>> users = arguments(file, "USER");

    assertThat(users).isNotEmpty();
    assertThat(users.get(users.size() - 1).get(0)).matches("[1-9]\\d*(:[1-9]\\d*)?");
    // Only what changes nothing may stand after it.
    List<String> names = instructions(file).stream().map(Instruction::name).toList();
    assertThat(names.subList(names.lastIndexOf("USER") + 1, names.size()))
        .isSubsetOf("WORKDIR", "VOLUME", "ENTRYPOINT", "CMD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "kubernetes.Dockerfile"})
  void whatIsCopiedIsInTheCheckoutOrMadeByTheBuild(String file) {
    List<List<String>> copies = arguments(file, "COPY");

    assertThat(copies).isNotEmpty();
    for (List<String> copy : copies) {
      for (String source : copy.subList(copy.get(0).startsWith("--") ? 1 : 0, copy.size() - 1)) {
        String path = source.replace("/opt/fs-migrate/", "");
        if (path.startsWith("jobs/target/")) {
          assertThat(path)
              .matches("jobs/target/(spark|fs-migrate\\.jar|spark/jars/delta-\\*\\.jar)");
        } else {
          assertThat(Repository.file(path)).exists();
        }
      }
    }
  }

  @Test
  void theEntryPointIsTheStartScript() {
    assertThat(arguments("Dockerfile", "ENTRYPOINT"))
        .containsExactly(List.of("[\"/opt/fs-migrate/submit-scripts/fs-migrate\"]"));
    assertThat(Repository.file("submit-scripts/fs-migrate")).isExecutable();
  }

  @Test
  void nothingThatABuildMadeGoesIntoAnImage() {
    assertThat(Repository.text(Repository.file(".dockerignore")).lines())
        .contains("**/target", ".git", "demo");
  }
}
