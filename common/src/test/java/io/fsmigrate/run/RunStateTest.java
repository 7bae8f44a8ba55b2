package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RunStateTest {
  @Test
  void onlyWhatIsFinishedOrGivenUpCannotBeResumed() {
    assertThat(Arrays.stream(RunState.values()).filter(state -> !state.resumable()))
        .containsExactly(RunState.FINISHED, RunState.FINISHED_WITH_DIFFERENCES, RunState.ABANDONED);
  }

  @Test
  void everyStateSaysWhyAndWhatToDo() {
    assertThat(RunState.values())
        .allSatisfy(
            state -> {
              assertThat(state.text()).isEqualTo(state.name().toLowerCase().replace('_', ' '));
              assertThat(state.likelyCause()).isNotBlank();
              assertThat(state.whatToDo()).isNotBlank();
            });
  }

  /** However the clock jumps, a later run sorts later and no id is longer or shorter. */
  @Property(tries = 200)
  void idsSortInTheOrderOfTheRuns(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -100_000, max = 100_000) Integer> steps,
      @ForAll long seed) {
    Random random = new Random(seed);
    Instant now = Instant.parse("2026-12-31T23:59:58.9Z");
    Optional<String> newest = Optional.empty();
    for (int step : steps) {
      now = now.plusSeconds(step);
      String id = RunId.next(now, newest, random);
      assertThat(id).matches("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
      newest.ifPresent(previous -> assertThat(id).isGreaterThan(previous));
      newest = Optional.of(id);
    }
  }

  @Test
  void aForeignIdDoesNotDisturb() {
    for (String foreign : List.of("zzz", "20261399T256199Z-abcdef")) {
      assertThat(RunId.next(Instant.EPOCH, Optional.of(foreign), new Random(1)))
          .startsWith("19700101T000000Z-");
    }
  }
}
