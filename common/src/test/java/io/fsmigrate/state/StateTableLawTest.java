package io.fsmigrate.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.hadoop.conf.Configuration;

/** Whatever several writers do in whatever order, the table is what a plain map would be. */
class StateTableLawTest {
  private static final Configuration CONFIGURATION = new Configuration();

  /**
   * @param writer which of the open tables does it
   * @param fresh whether the writer expects what is there now, or what it saw last
   * @param value the new value; empty removes
   */
  record Step(int writer, String key, boolean fresh, Optional<String> value, boolean row) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.integers().between(0, 2),
                Arbitraries.of("a", "a/b", "c"),
                Arbitraries.of(true, true, false),
                Arbitraries.of("1", "2", "{\"x\":\"y\"}").optional(0.7),
                Arbitraries.of(true, false))
            .as(Step::new);
    return step.list().ofMinSize(1).ofMaxSize(14);
  }

  @Property(tries = 25)
  void aTableIsAMapUnderCompareAndSet(@ForAll("steps") List<Step> steps) throws IOException {
    Path directory = Files.createTempDirectory("state-laws");
    try {
      replay(directory, steps);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void replay(Path directory, List<Step> steps) {
    List<StateTable> writers = List.of(open(directory), open(directory), open(directory));
    List<Map<String, String>> seen = List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Map<String, String> model = new TreeMap<>();
    List<StateRow> rows = new ArrayList<>();
    for (Step step : steps) {
      StateTable writer = writers.get(step.writer());
      Map<String, String> known = step.fresh() ? model : seen.get(step.writer());
      Optional<String> expected = Optional.ofNullable(known.get(step.key()));
      StateRow row = new StateRow("r" + rows.size(), "k", Instant.EPOCH, "{}");
      boolean applied = apply(writer, step, expected, row);

      assertThat(applied).isEqualTo(expected.equals(Optional.ofNullable(model.get(step.key()))));
      if (applied) {
        step.value()
            .ifPresentOrElse(value -> model.put(step.key(), value), () -> model.remove(step.key()));
        if (step.row() || (step.value().isEmpty() && expected.isEmpty())) {
          rows.add(row);
        }
      }
      seen.get(step.writer()).clear();
      seen.get(step.writer()).putAll(writer.all(""));
      assertThat(seen.get(step.writer())).isEqualTo(model);
    }
    assertThat(open(directory).all("")).isEqualTo(model);
    assertThat(open(directory).rows()).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(rows).allSatisfy(row -> assertThat(writers.get(0).row(row.id())).contains(row));
  }

  private static boolean apply(
      StateTable table, Step step, Optional<String> expected, StateRow row) {
    StateChange.Builder change = StateChange.builder();
    if (step.value().isPresent()) {
      change.put(step.key(), expected, step.value().get());
    } else if (expected.isPresent()) {
      change.remove(step.key(), expected.get());
    } else {
      // There is nothing to remove, so the expectation guards a row.
      change.expect(step.key(), expected).append(row);
    }
    if (step.row() && (step.value().isPresent() || expected.isPresent())) {
      change.append(row);
    }
    try {
      table.commit(change.build());
      return true;
    } catch (StateConflictException e) {
      return false;
    }
  }

  private static StateTable open(Path directory) {
    return new StateTable(
        directory.resolve("t").toString(),
        CONFIGURATION,
        Clock.systemUTC(),
        new StateOptions(3, 0, Duration.ZERO, 20));
  }
}
