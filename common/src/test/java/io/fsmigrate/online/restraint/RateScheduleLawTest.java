package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.online.restraint.RateSchedule.Reservation;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** No second has more than the limit, and with demand hardly less, however threads wake up. */
class RateScheduleLawTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long END = 8 * SECOND;

  /** Where a participant is: it asks next, or starts what it has reserved. */
  private static final class Participant {
    private long wakesAt;
    private Reservation held;
  }

  private long now;

  @Property(tries = 150)
  void theLimitHoldsInEverySecond(
      @ForAll @IntRange(min = 1, max = 8) int participants,
      @ForAll @DoubleRange(min = 1, max = 20_000) double limit,
      @ForAll @DoubleRange(min = 0, max = 1) double largest,
      @ForAll @IntRange(min = 0, max = 40) int jitterMillis,
      @ForAll @DoubleRange(min = 0, max = 0.2) double oversleeping,
      @ForAll long seed) {
    SimulatedStarts starts = new SimulatedStarts();
    double mostCost = Math.max(1, limit * largest);
    simulate(participants, limit, mostCost, jitterMillis, oversleeping, seed, starts);

    assertThat(starts.count()).isPositive();
    assertThat(starts.mostInAnySecond()).isLessThanOrEqualTo(limit * (1 + 1e-9));
  }

  @Property(tries = 100)
  void withDemandItIsUsed(
      @ForAll @IntRange(min = 1, max = 8) int participants,
      @ForAll @DoubleRange(min = 100, max = 20_000) double limit,
      @ForAll @IntRange(min = 0, max = 6) int jitterMillis,
      @ForAll long seed) {
    SimulatedStarts starts = new SimulatedStarts();
    double mostCost = Math.min(25, limit / 50);
    simulate(participants, limit, mostCost, jitterMillis, 0, seed, starts);

    assertThat(starts.mostInAnySecond()).isLessThanOrEqualTo(limit * (1 + 1e-9));
    // What is left of a second and too little for a call stays unused.
    assertThat(starts.perSecond(2 * SECOND, END - SECOND))
        .isGreaterThanOrEqualTo(0.96 * limit - mostCost);
  }

  @Property(tries = 60)
  void equalBatchesReachNearlyAllOfTheLimit(
      @ForAll @IntRange(min = 1, max = 8) int participants,
      @ForAll @IntRange(min = 40, max = 800) int batchesPerSecond,
      @ForAll long seed) {
    SimulatedStarts starts = new SimulatedStarts();
    double limit = 25.0 * batchesPerSecond;
    simulate(participants, limit, -25, 3, 0, seed, starts);

    assertThat(starts.mostInAnySecond()).isLessThanOrEqualTo(limit);
    assertThat(starts.perSecond(2 * SECOND, END - SECOND)).isGreaterThanOrEqualTo(0.95 * limit);
  }

  /**
   * @param cost the largest of random costs; negative: all of them
   * @param oversleeping how often a thread wakes far too late
   */
  private void simulate(
      int participants,
      double limit,
      double cost,
      int jitterMillis,
      double oversleeping,
      long seed,
      SimulatedStarts starts) {
    Random random = new Random(seed);
    now = random.nextLong() / 2;
    long began = now;
    RateSchedule schedule = new RateSchedule(limit, () -> now);
    PriorityQueue<Participant> asleep =
        new PriorityQueue<>(Comparator.comparingLong(p -> p.wakesAt - began));
    for (int i = 0; i < participants; i++) {
      Participant participant = new Participant();
      participant.wakesAt = now + random.nextLong(10 * MILLI);
      asleep.add(participant);
    }
    while (now - began < END) {
      Participant awake = asleep.poll();
      now = awake.wakesAt;
      if (awake.held != null && now - awake.held.at() > RateSchedule.VALID_NANOS) {
        schedule.giveBack(awake.held.id(), awake.held.cost());
        awake.held = null;
      }
      if (awake.held != null) {
        // From permission to start it takes a while, too.
        long start = now + random.nextLong(RateSchedule.MARGIN_NANOS);
        starts.add(start - began, awake.held.cost());
      }
      double next = cost < 0 ? -cost : Math.max(1, Math.floor(random.nextDouble() * cost));
      awake.held = schedule.reserve(next);
      // Who need not wait does not oversleep.
      long late =
          jitterMillis == 0 || awake.held.at() - now <= 0
              ? 0
              : random.nextLong(jitterMillis * MILLI);
      if (random.nextDouble() < oversleeping) {
        late = random.nextLong(200 * MILLI);
      }
      awake.wakesAt = (awake.held.at() - now > 0 ? awake.held.at() : now) + late + 1000;
      asleep.add(awake);
    }
  }

  @Property(tries = 100)
  void whatIsGivenBackIsFreeAndNothingElseIs(
      @ForAll List<@IntRange(min = 1, max = 120) Integer> costs, @ForAll long seed) {
    Random random = new Random(seed);
    now = 0;
    RateSchedule schedule = new RateSchedule(1000, () -> now);
    SimulatedStarts starts = new SimulatedStarts();
    for (int cost : costs) {
      Reservation made = schedule.reserve(cost);
      double unused = random.nextInt(3) * cost / 2.0;
      schedule.giveBack(made.id(), unused);
      starts.add(made.at() + random.nextLong(RateSchedule.VALID_NANOS), cost - unused);
      now += random.nextLong(100 * MILLI);
    }
    assertThat(starts.mostInAnySecond()).isLessThanOrEqualTo(1000);
  }
}
