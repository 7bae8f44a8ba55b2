package io.fsmigrate.run;

import java.time.Duration;
import java.time.Instant;

/**
 * What is stored of a lock: which run holds it, through which process, since when.
 *
 * @param token grows with every lock that is taken in the warehouse, so that what an earlier holder
 *     still wants to write can be told from what the present one writes
 * @param beats how often it was renewed; where this changes the holder is at work, whatever clocks
 *     say
 * @param renewedAt by the holder's clock
 * @param leaseMillis for how long a holder may work after it was renewed
 */
record HeldLock(
    String run,
    RunOwner owner,
    Instant since,
    long token,
    long beats,
    Instant renewedAt,
    long leaseMillis) {
  static HeldLock taken(String run, Instant now, long token, Duration lease) {
    return new HeldLock(run, RunOwner.current(), now, token, 0, now, lease.toMillis());
  }

  HeldLock renewed(Instant now) {
    return new HeldLock(run, owner, since, token, beats + 1, now, leaseMillis);
  }

  boolean isOf(String otherRun, RunOwner other) {
    return run.equals(otherRun) && owner.equals(other);
  }

  /**
   * Whether it looks as if nobody renews it. Clocks of two hosts differ, so that it looks so proves
   * nothing; see {@link SilenceProof}.
   */
  boolean looksSilent(Instant now) {
    return Duration.between(renewedAt, now).abs().toMillis() > leaseMillis;
  }
}
