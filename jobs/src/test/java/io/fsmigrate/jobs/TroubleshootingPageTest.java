package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.error.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has every error code of the sources below its exit code. */
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");
  private static final List<Path> SOURCES =
      List.of(Path.of("..", "common", "src", "main", "java"), Path.of("src", "main", "java"));

  private static final Pattern LITERAL = Pattern.compile("\"([A-Z][A-Z_]+)\"");

  /** {@code ExitCode.X, "CODE"}, or {@code usage("CODE"}: a private method that adds the exit. */
  private static final Pattern PAIR =
      Pattern.compile("(?:ExitCode\\.(\\w+),|\\b(\\w+)\\()\\s*\"([A-Z][A-Z_]+)\"");

  private static final Pattern SHORTHAND =
      Pattern.compile("FsMigrateException (\\w+)\\(String code[^{]*\\{[^}]*?ExitCode\\.(\\w+)");

  /** {@code new Failure("CODE", ..., ExitCode.X} of the command line itself. */
  private static final Pattern FAILURE =
      Pattern.compile("new Failure\\(\"([A-Z][A-Z_]+)\",[^;]*?ExitCode\\.(\\w+)");

  private static final Pattern HEADING = Pattern.compile("## Exit code (\\d+)");
  private static final Pattern CODE = Pattern.compile("`([A-Z][A-Z_]+)`");

  @Test
  void everyExitCodeHasItsPart() throws IOException {
    assertThat(
            Files.readAllLines(PAGE).stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> Integer.valueOf(heading.group(1))))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values()).map(ExitCode::code).sorted().toList());
  }

  @Test
  void everyErrorCodeOfTheSourcesIsThereAndNoOther() throws IOException {
    Set<String> inSources = new TreeSet<>();
    for (Path source : sources()) {
      inSources.addAll(codes(source));
    }

    assertThat(inSources).contains("4 TARGET_LOCKED", "2 UNKNOWN_KEY", "1 DEFECT", "6 STATE_BUSY");
    assertThat(onPage())
        .as("exit and error codes of %s against those of the sources", PAGE)
        .containsExactlyInAnyOrderElementsOf(inSources);
  }

  /** The first cells of the tables, with the exit code of the part that they are in. */
  private static Set<String> onPage() throws IOException {
    Set<String> codes = new TreeSet<>();
    String exit = "";
    for (String line : Files.readAllLines(PAGE)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        exit = heading.group(1);
      } else if (line.startsWith("| `")) {
        Matcher code = CODE.matcher(line.split("\\|")[1]);
        while (code.find()) {
          codes.add(exit + " " + code.group(1));
        }
      }
    }
    return codes;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path root : SOURCES) {
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static Set<String> codes(Path source) {
    String text = read(source);
    String name = source.getFileName().toString();
    if (name.endsWith("Errors.java")) {
      return ofErrors(name, text);
    }
    if (source.getParent().endsWith("catalog")) {
      // What the binders find ends as a configuration error, and they have no other such texts.
      return LITERAL
          .matcher(text)
          .results()
          .map(code -> line(ExitCode.USAGE, code.group(1)))
          .collect(Collectors.toSet());
    }
    assertThat(text)
        .as("%s: exceptions are made in a class ...Errors, where this test looks", name)
        .doesNotContain("new FsMigrateException(");
    return FAILURE
        .matcher(text)
        .results()
        .map(found -> line(ExitCode.valueOf(found.group(2)), found.group(1)))
        .collect(Collectors.toSet());
  }

  private static Set<String> ofErrors(String name, String text) {
    Map<String, String> shorthands = new HashMap<>();
    SHORTHAND.matcher(text).results().forEach(m -> shorthands.put(m.group(1), m.group(2)));
    Set<String> lines = new TreeSet<>();
    Set<String> paired = new TreeSet<>();
    PAIR.matcher(text)
        .results()
        .forEach(
            pair -> {
              String exit = pair.group(1) == null ? shorthands.get(pair.group(2)) : pair.group(1);
              assertThat(exit).as("%s: the exit code of %s", name, pair.group(3)).isNotNull();
              lines.add(line(ExitCode.valueOf(exit), pair.group(3)));
              paired.add(pair.group(3));
            });
    assertThat(paired)
        .as("%s: codes whose exit code this test can tell", name)
        .isEqualTo(
            LITERAL.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet()));
    return lines;
  }

  private static String line(ExitCode exit, String code) {
    return exit.code() + " " + code;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
