package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Gates of one JVM, in real time. */
class CallGatesTest {
  private static final CallCost ONE = new CallCost(1, 1);

  private final GateKey key = new GateKey(UUID.randomUUID().toString(), "store", "group");

  @Test
  void manyCallsAreInFlightSoonAndNeverMoreThanAllowed() throws Exception {
    ScheduledExecutorService store = Executors.newScheduledThreadPool(1);
    try (GateLease gate = CallGates.open(key, new Limits(Optional.empty(), 256), 1)) {
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      while (System.nanoTime() < end) {
        Permit permit = gate.acquire(ONE);
        var unused = store.schedule(permit::succeeded, 10, TimeUnit.MILLISECONDS);
      }
      GateState state = gate.state();
      assertThat(state.mostInFlight()).isEqualTo(256);
      assertThat(state.concurrency()).isLessThanOrEqualTo(256);
      assertThat(CallGates.observed().get(key).calls()).isEqualTo(state.calls());
    } finally {
      store.shutdownNow();
    }
  }

  @Test
  void theRateLimitHoldsInAnySecond() throws Exception {
    Limits limits = new Limits(Optional.of(RateLimit.parse("1000 records/s")), 64);
    List<Long> starts = new ArrayList<>();
    try (GateLease gate = CallGates.open(key, limits, 1)) {
      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      while (System.nanoTime() < end) {
        Permit permit = gate.acquire(new CallCost(25, 0));
        starts.add(System.nanoTime());
        permit.succeeded();
      }
    }
    int most = 0;
    for (int first = 0, next = 0; first < starts.size(); first++) {
      while (next < starts.size() && starts.get(next) - starts.get(first) < 1_000_000_000L) {
        next++;
      }
      most = Math.max(most, next - first);
    }
    assertThat(most).isBetween(38, 40);
  }

  @Test
  void patienceEndsAndPlacesAreFreedByEveryOutcome() throws Exception {
    try (GateLease gate = CallGates.open(key, new Limits(Optional.empty(), 1), 1)) {
      Permit first = gate.acquire(ONE);
      assertThat(gate.acquire(ONE, Duration.ofMillis(20))).isEmpty();
      first.throttled();
      gate.acquire(ONE, Duration.ZERO).orElseThrow().failed();
      gate.acquire(ONE, Duration.ZERO).orElseThrow().succeeded();
      assertThat(gate.state().throttled()).isEqualTo(1);
      assertThat(gate.state().calls()).isEqualTo(3);
      assertThatThrownBy(first::succeeded).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aGateIsSharedByTheTasksOfAJvmAndAClosedLeaseIsOver() throws Exception {
    Limits limits = new Limits(Optional.empty(), 4);
    GateLease one = CallGates.open(key, limits, 1);
    GateLease two = CallGates.open(key, limits, 1);
    one.acquire(ONE).succeeded();
    assertThat(two.state().calls()).isEqualTo(1);
    one.close();
    one.close();
    two.acquire(ONE).succeeded();
    assertThatThrownBy(() -> one.acquire(ONE)).isInstanceOf(IllegalStateException.class);
    two.close();
    assertThat(CallGates.observed().get(key).concurrency()).isZero();
    try (GateLease again = CallGates.open(key, limits, 1)) {
      assertThat(again.state().calls()).isEqualTo(2);
    }
  }
}
