package io.fsmigrate.run;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds out whether the holder of a lock is silent, without comparing the clocks of two hosts: a
 * holder renews its lock several times within a lease, so one that is looked at for a whole lease
 * and does not change has nobody who renews it.
 */
final class SilenceProof {
  private static final int LOOKS = 12;

  private final Pause pause;

  /** Waits; a test's returns at once. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  SilenceProof(Pause pause) {
    this.pause = pause;
  }

  static SilenceProof byWaiting() {
    return new SilenceProof(time -> Thread.sleep(time.toMillis()));
  }

  /**
   * Looks for as long as a lease.
   *
   * @param stored what is stored of the lock now
   * @return whether the same was stored all the time
   */
  boolean holds(HeldLock seen, Supplier<Optional<HeldLock>> stored) {
    Duration step = Duration.ofMillis(Math.max(1, seen.leaseMillis() / LOOKS));
    try {
      for (int look = 0; look <= LOOKS; look++) {
        pause.of(step);
        if (!Objects.equals(stored.get(), Optional.of(seen))) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a lock was watched", e);
    }
  }
}
