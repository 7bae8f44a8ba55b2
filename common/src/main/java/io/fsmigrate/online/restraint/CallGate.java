package io.fsmigrate.online.restraint;

import java.time.Duration;
import java.util.Optional;

/**
 * Permission for calls to one feature group of one store from this JVM, for one run. Callers are
 * served in the order in which they came. Safe for many threads.
 *
 * <p>A call must be started as soon as its permit is there: the rate limit counts it from then on.
 */
public interface CallGate {
  /**
   * Waits until a call of that cost may start.
   *
   * @throws io.fsmigrate.error.FsMigrateException when the driver, which keeps the budget of the
   *     cluster, cannot be reached for too long
   */
  Permit acquire(CallCost cost) throws InterruptedException;

  /**
   * The same, at most that long; empty when the time is over. Without patience it never waits.
   *
   * @throws io.fsmigrate.error.FsMigrateException as above
   */
  Optional<Permit> acquire(CallCost cost, Duration patience) throws InterruptedException;

  /** What this JVM is doing. */
  GateState state();
}
