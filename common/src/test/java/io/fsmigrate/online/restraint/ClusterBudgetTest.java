package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClusterBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = 3 * SECOND;

  @Test
  void sharesAreCutForThoseThatAreExpectedAndThenForThoseThatCame() {
    ClusterBudget budget = budget(64, 4);
    assertThat(budget.beat("a", state(0, 0, 0), 0)).isEqualTo(16);
    now += 3 * SECOND;
    assertThat(budget.beat("a", state(0, 0, 0), 0)).isEqualTo(64);
  }

  @Test
  void aNewcomerGetsWhatTheOthersNoLongerUse() {
    ClusterBudget budget = budget(64, 1);
    assertThat(budget.beat("a", state(0, 0, 0), 0)).isEqualTo(64);
    assertThat(budget.beat("b", state(0, 0, 0), 0)).isZero();
    assertThat(budget.beat("a", state(60, 60, 60), 60)).isEqualTo(32);
    assertThat(budget.beat("b", state(0, 0, 0), 0)).isZero();
    assertThat(budget.beat("a", state(40, 60, 100), 60)).isEqualTo(32);
    assertThat(budget.beat("b", state(0, 0, 0), 0)).isEqualTo(24);
    budget.leave("a", state(0, 60, 120));
    assertThat(budget.beat("b", state(24, 24, 30), 24)).isEqualTo(64);
    assertThat(budget.observed()).isEqualTo(new GateState(24, 24, 60, Optional.of(1.0), 150, 0));
  }

  @Test
  void whoIsSilentIsDroppedAndMayComeBack() {
    ClusterBudget budget = budget(10, 2);
    budget.beat("a", state(5, 5, 5), 5);
    budget.beat("b", state(5, 5, 5), 5);
    now += 4 * SECOND;
    budget.beat("b", state(5, 5, 5), 5);
    now += 2 * SECOND;
    assertThat(budget.beat("b", state(5, 5, 5), 5)).isEqualTo(10);
    assertThat(budget.observed().inFlight()).isEqualTo(5);
    assertThat(budget.beat("a", state(0, 5, 5), 0)).isZero();
  }

  @Test
  void eachHasOneCallWhereThereAreMoreParticipantsThanCalls() {
    ClusterBudget budget = budget(2, 3);
    for (String name : new String[] {"a", "b", "c"}) {
      budget.beat(name, state(0, 0, 0), 0);
    }
    assertThat(budget.beat("c", state(0, 0, 0), 0)).isEqualTo(1);
  }

  @Test
  void aKeyIsForgottenSomeTimeAfterTheLastHasLeft() {
    ClusterBudgets budgets = new ClusterBudgets(() -> now);
    GateKey key = new GateKey("run", "store", "group");
    ClusterBudget budget = budgets.of(key, new Limits(Optional.empty(), 3), 1);
    budget.beat("a", state(0, 1, 1), 0);
    budget.leave("a", state(0, 1, 1));
    now += ClusterBudgets.MEMORY_NANOS / 2;
    assertThat(budgets.observed()).containsOnlyKeys(key);
    now += ClusterBudgets.MEMORY_NANOS;
    assertThat(budgets.observed()).isEmpty();
  }

  /**
   * Participants use all they were told, as soon as they were told, and calls end at any time.
   * Those that are not heard for too long have stopped, as gates do that do not reach the driver.
   */
  @Property(tries = 200)
  void callsInFlightNeverAddUpToMoreThanTheLimit(
      @ForAll @IntRange(min = 8, max = 100) int most,
      @ForAll @IntRange(min = 1, max = 8) int executors,
      @ForAll long seed) {
    ClusterBudget budget = budget(most, executors);
    Random random = new Random(seed);
    Map<String, Integer> inFlight = new HashMap<>();
    Map<String, Long> heardAt = new HashMap<>();
    for (int step = 0; step < 300; step++) {
      now += random.nextLong(SECOND / 10);
      inFlight.replaceAll(
          (each, n) -> now - heardAt.get(each) > ClusterBudget.SILENCE_NANOS ? 0 : n);
      String name = "p" + random.nextInt(8);
      int calls = inFlight.getOrDefault(name, 0);
      if (calls == 0 && inFlight.containsKey(name) && random.nextInt(3) == 0) {
        budget.leave(name, state(0, 0, 0));
        inFlight.remove(name);
      } else if (random.nextBoolean()) {
        inFlight.computeIfPresent(name, (any, n) -> random.nextInt(n + 1));
      } else {
        int share = budget.beat(name, state(calls, calls, calls), calls);
        inFlight.put(name, Math.max(calls, share));
        heardAt.put(name, now);
      }
      assertThat(inFlight.values().stream().mapToInt(n -> n).sum()).isLessThanOrEqualTo(most);
    }
  }

  private ClusterBudget budget(int most, int executors) {
    return new ClusterBudget(new Limits(Optional.empty(), most), executors, () -> now);
  }

  private static GateState state(int inFlight, int most, long calls) {
    return new GateState(inFlight, inFlight, most, Optional.of(calls > 0 ? 1.0 : 0.0), calls, 0);
  }
}
