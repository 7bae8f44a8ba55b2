package io.fsmigrate.online.restraint;

import io.fsmigrate.online.restraint.RateSchedule.Reservation;

/** Reserves call by call from a schedule in the same JVM. */
final class ScheduledBudget implements Budget {
  private final RateSchedule schedule;
  private Reservation held;

  ScheduledBudget(RateSchedule schedule) {
    this.schedule = schedule;
  }

  @Override
  public long take(double cost, long now) {
    if (cost == 0) {
      return 0;
    }
    if (held != null && !fits(held, cost, now)) {
      rest();
    }
    if (held == null) {
      held = schedule.reserve(cost, now);
    }
    long wait = held.at() - now;
    if (wait > 0) {
      return wait;
    }
    if (held.cost() > cost) {
      schedule.giveBack(held.id(), held.cost() - cost);
    }
    held = null;
    return 0;
  }

  @Override
  public void rest() {
    if (held != null) {
      schedule.giveBack(held.id(), held.cost());
      held = null;
    }
  }

  private static boolean fits(Reservation reservation, double cost, long now) {
    return reservation.cost() >= cost && now - reservation.at() <= RateSchedule.VALID_NANOS;
  }
}
