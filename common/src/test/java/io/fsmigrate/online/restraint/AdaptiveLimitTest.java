package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  @Test
  void hundredsAreInFlightWithinASecondAtTenMilliseconds() {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(256, 0), 1);
    store.run(500);
    assertThat(store.limit().limit()).isEqualTo(256);
  }

  @Test
  void aSteadyStoreIsNotTakenForAnOverloadedOneHoweverSlowItIs() {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(64, 0), 1);
    store.latencyMillis = 500;
    store.run(20_000);
    assertThat(store.limit().limit()).isEqualTo(64);
  }

  @Test
  void aStoreThatBecomesSlowByItselfKeepsItsCalls() {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(64, 0), 1);
    store.run(2_000);
    store.latencyMillis = 500;
    store.run(60_000);
    assertThat(store.limit().limit()).isGreaterThan(40);
  }

  @Test
  void callsThatOnlyQueueInTheStoreAreTakenBackAndItStaysBusy() {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(256, 0), 1);
    store.perSecond = 1000; // 10 in flight are enough
    store.run(30_000);
    assertThat(store.limit().limit()).isBetween(15, 80);
    long before = store.succeeded;
    store.run(10_000);
    assertThat(store.succeeded - before).isGreaterThan(9_500);
  }

  @Test
  void manyThrottledCallsOfOneRoundCountOnce() {
    AdaptiveLimit limit = new AdaptiveLimit(100, 0);
    for (int i = 0; i < 92; i++) {
      limit.succeeded(0, 10, true);
    }
    for (int i = 0; i < 50; i++) {
      limit.throttled(5, 20);
    }
    assertThat(limit.limit()).isEqualTo(70);
    limit.throttled(20, 30);
    assertThat(limit.limit()).isEqualTo(49);
  }

  @Test
  void withoutDemandItDoesNotGrow() {
    AdaptiveLimit limit = new AdaptiveLimit(100, 0);
    for (int i = 0; i < 1000; i++) {
      limit.succeeded(i, i + 10, false);
    }
    assertThat(limit.limit()).isEqualTo(8);
  }

  @Property(tries = 40)
  void itIsAlwaysBetweenOneAndTheMaximum(
      @ForAll @IntRange(min = 1, max = 300) int most,
      @ForAll @DoubleRange(min = 0, max = 1) double throttling,
      @ForAll long seed) {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(most, 0), seed);
    store.throttling = throttling;
    store.run(2_000);
    assertThat(store.mostLimit).isLessThanOrEqualTo(most);
    assertThat(store.leastLimit).isGreaterThanOrEqualTo(1);
  }

  @Property(tries = 20)
  void itRecoversAfterThrottling(@ForAll long seed) {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(100, 0), seed);
    store.throttling = 0.4;
    store.run(3_000);
    assertThat(store.limit().limit()).isLessThan(20);
    // At one call in flight for 10 ms there would be 180.
    assertThat(store.succeeded).isGreaterThan(180);
    store.throttling = 0;
    store.run(5_000);
    assertThat(store.limit().limit()).isEqualTo(100);
  }

  @Test
  void theShareOfTheJvmMayChange() {
    AdaptiveLimit limit = new AdaptiveLimit(100, 0);
    limit.ceiling(0);
    assertThat(limit.limit()).isZero();
    limit.ceiling(3);
    assertThat(limit.limit()).isEqualTo(3);
    limit.ceiling(100);
    assertThat(limit.limit()).isEqualTo(8);
  }

  @Test
  void unrestOfTheMachineIsNotTakenForLoad() {
    SimulatedStore store = new SimulatedStore(new AdaptiveLimit(64, 0), 7);
    store.unrestMillis = 15;
    store.run(10_000);
    assertThat(store.limit().limit()).isEqualTo(64);
  }
}
