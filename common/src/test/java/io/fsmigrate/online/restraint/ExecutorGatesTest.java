package io.fsmigrate.online.restraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several JVMs' gates and one driver's budgets, with all that is said between them as bytes. */
class ExecutorGatesTest {
  private static final CallCost BATCH = new CallCost(25, 0);
  private static final Limits LIMITS =
      new Limits(Optional.of(RateLimit.parse("5000 records/s")), 10);

  private final GateKey key = new GateKey("run", "store", "group");
  private final AtomicLong later = new AtomicLong();
  private final AtomicBoolean reachable = new AtomicBoolean(true);
  private final JvmGates driver = new JvmGates(() -> false, System::nanoTime);
  private final List<JvmGates> executors = new ArrayList<>();

  @AfterEach
  void disconnect() {
    executors.forEach(JvmGates::disconnect);
  }

  @Test
  void twoExecutorsKeepOneLimitAndTheDriverSeesBoth() throws Exception {
    SimulatedStarts starts = new SimulatedStarts();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<List<Long>>> tasks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      JvmGates executor = executor();
      tasks.add(threads.submit(task(executor)));
    }
    long began = System.nanoTime();
    for (Future<List<Long>> task : tasks) {
      task.get().forEach(at -> starts.add(at - began, 25));
    }
    threads.shutdown();

    assertThat(starts.mostInAnySecond()).isLessThanOrEqualTo(5000);
    assertThat(starts.count()).isGreaterThan(3 * 200 / 2);
    GateState together = awaitRest();
    assertThat(together.calls()).isEqualTo(starts.count());
    assertThat(together.mostInFlight()).isBetween(1, 10);
  }

  private Callable<List<Long>> task(JvmGates executor) {
    return () -> {
      List<Long> starts = new ArrayList<>();
      try (GateLease gate = executor.open(key, LIMITS, 2)) {
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        while (System.nanoTime() < end) {
          Permit permit = gate.acquire(BATCH);
          starts.add(System.nanoTime());
          permit.succeeded();
        }
      }
      return starts;
    };
  }

  private GateState awaitRest() throws InterruptedException {
    GateState state = driver.observed().get(key);
    for (int i = 0; i < 100 && state.concurrency() > 0; i++) {
      Thread.sleep(20);
      state = driver.observed().get(key);
    }
    assertThat(state.concurrency()).isZero();
    return state;
  }

  @Test
  void withoutTheDriverNoCallStartsAndAfterAWhileThatIsAnError() throws Exception {
    try (GateLease gate = executor().open(key, new Limits(Optional.empty(), 10), 1)) {
      gate.acquire(BATCH).succeeded();
      reachable.set(false);
      later.addAndGet(RemoteMembership.SILENCE_NANOS + 1_000_000_000L);
      assertThat(gate.acquire(BATCH, Duration.ofMillis(200))).isEmpty();
      reachable.set(true);
      gate.acquire(BATCH).succeeded();
      reachable.set(false);
      Thread.sleep(50);
      later.addAndGet(RemoteMembership.LOST_NANOS + 1_000_000_000L);
      assertThatThrownBy(() -> gate.acquire(BATCH))
          .isInstanceOfSatisfying(
              FsMigrateException.class,
              e -> {
                assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(e).hasMessageContaining("store").hasMessageContaining("resumed");
              });
    }
  }

  @Test
  void aReservationThatFailsIsMadeAgain() throws Exception {
    try (GateLease gate = executor().open(key, LIMITS, 1)) {
      gate.acquire(BATCH).succeeded();
      reachable.set(false);
      while (gate.acquire(BATCH, Duration.ofMillis(300)).map(this::end).isPresent()) {
        Thread.onSpinWait();
      }
      reachable.set(true);
      gate.acquire(BATCH).succeeded();
    }
  }

  private boolean end(Permit permit) {
    permit.succeeded();
    return true;
  }

  @Test
  void withoutThePluginEachExecutorKeepsToItsPart() throws Exception {
    JvmGates alone = new JvmGates(() -> true, System::nanoTime);
    Limits limits = new Limits(Optional.of(RateLimit.parse("4 calls/s")), 8);
    try (GateLease gate = alone.open(key, limits, 4)) {
      gate.acquire(BATCH).succeeded();
      assertThat(gate.acquire(BATCH, Duration.ofMillis(100))).isEmpty();
      gate.acquire(BATCH, Duration.ofSeconds(2)).orElseThrow().succeeded();
      assertThat(gate.state().concurrency()).isEqualTo(2);
    }
    assertThat(alone.observed()).isEmpty();
  }

  @Test
  void onlyItsOwnMessagesAreRead() throws IOException {
    Message.Share share = new Message.Share(3);
    assertThat(Wire.message(Wire.bytes(share))).isEqualTo(share);
    assertThatThrownBy(() -> driver.answer(share)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Wire.message(new byte[] {1, 2, 3, 4})).isInstanceOf(IOException.class);
  }

  /** Its clock runs with the driver's and can be set forward. */
  private JvmGates executor() {
    JvmGates executor = new JvmGates(() -> true, () -> System.nanoTime() + later.get());
    executor.connect(
        "executor-" + executors.size(),
        question -> {
          if (!reachable.get()) {
            throw new IOException("no driver");
          }
          return Wire.message(Wire.bytes(driver.answer(Wire.message(Wire.bytes(question)))));
        });
    executors.add(executor);
    return executor;
  }
}
