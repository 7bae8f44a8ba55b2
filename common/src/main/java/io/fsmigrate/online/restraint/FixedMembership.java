package io.fsmigrate.online.restraint;

import java.util.Optional;
import java.util.function.LongSupplier;

/** On an executor that cannot reach the driver's budget: the same part for each executor. */
final class FixedMembership implements Membership {
  private final int share;
  private final Budget budget;

  FixedMembership(Limits limits, int executors, LongSupplier nanos) {
    this.share = Math.max(1, limits.maxInFlight() / executors);
    Optional<RateSchedule> schedule =
        limits.rate().map(rate -> new RateSchedule(rate.perSecond() / executors, nanos));
    this.budget = schedule.<Budget>map(ScheduledBudget::new).orElse(Budget.UNLIMITED);
  }

  @Override
  public void join(Gate gate) {}

  @Override
  public void leave(Gate gate) {
    gate.rest();
  }

  @Override
  public int share(int inFlight, long now) {
    return share;
  }

  @Override
  public Budget budget() {
    return budget;
  }
}
