package io.fsmigrate.emulator.fault;

import java.util.concurrent.atomic.AtomicLong;

/** A rule in force: how many calls it has met, and its own sequence of chances. */
final class ActiveRule {
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final FaultRule rule;
  private final long setAtMillis;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong draws = new AtomicLong();

  ActiveRule(FaultRule rule, long setAtMillis) {
    this.rule = rule;
    this.setAtMillis = setAtMillis;
  }

  FaultRule rule() {
    return rule;
  }

  /** Counts a matching call and says whether the rule acts on it. */
  boolean meet(long nowMillis) {
    long number = calls.incrementAndGet();
    long after = rule.afterCalls() == null ? 0 : rule.afterCalls();
    return number > after
        && (rule.forCalls() == null || number <= after + rule.forCalls())
        && (rule.forMillis() == null || nowMillis < setAtMillis + rule.forMillis());
  }

  /** Whether the token of a call counts as expired. */
  boolean expiresToken() {
    return rule.expiredTokenAfterCalls() != null && calls.get() > rule.expiredTokenAfterCalls();
  }

  /** Whether a share of the cases includes the next one. */
  boolean hits(Double share) {
    return share != null && share > 0 && chance() < share;
  }

  /** The delay of an answer in milliseconds. */
  long latency() {
    long jitter = rule.latencyJitterMillis() == null ? 0 : rule.latencyJitterMillis();
    return (rule.latencyMillis() == null ? 0 : rule.latencyMillis())
        + (jitter == 0 ? 0 : (long) (chance() * (jitter + 1)));
  }

  /** The next number of a sequence that looks random: SplitMix64 over a counter. */
  private double chance() {
    long seed = rule.seed() == null ? 0 : rule.seed();
    long mixed = seed * 31 + draws.incrementAndGet() * STEP;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    mixed = mixed ^ (mixed >>> 31);
    return (mixed >>> 11) * 0x1.0p-53;
  }
}
