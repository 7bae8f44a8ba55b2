package io.fsmigrate.online.restraint;

import io.fsmigrate.online.restraint.Message.Beat;
import io.fsmigrate.online.restraint.Message.Chunk;
import io.fsmigrate.online.restraint.Message.Refund;
import io.fsmigrate.online.restraint.Message.Reserve;
import io.fsmigrate.online.restraint.Message.Sender;
import io.fsmigrate.online.restraint.Message.Share;
import io.fsmigrate.online.restraint.RateSchedule.Reservation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The budgets of all keys, in the driver's JVM. Safe for several threads. */
final class ClusterBudgets {
  /** How long a key is remembered after its last participant left. */
  static final long MEMORY_NANOS = 300_000_000_000L;

  private final LongSupplier nanos;
  private final Map<GateKey, ClusterBudget> budgets = new HashMap<>();

  ClusterBudgets(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * The budget of that key, with the limits that were given first.
   *
   * @param executors how many are expected to take part
   */
  synchronized ClusterBudget of(GateKey key, Limits limits, int executors) {
    budgets.values().removeIf(budget -> budget.restsFor(MEMORY_NANOS));
    return budgets.computeIfAbsent(key, any -> new ClusterBudget(limits, executors, nanos));
  }

  /** Answers a gate on an executor. */
  Message answer(Message question) {
    if (question instanceof Beat beat) {
      ClusterBudget budget = budget(beat.sender(), beat.refunds());
      String name = beat.sender().name();
      if (beat.live()) {
        return new Share(budget.beat(name, beat.state(), beat.mostSince()));
      }
      budget.leave(name, beat.state());
      return new Share(0);
    }
    if (question instanceof Reserve reserve) {
      ClusterBudget budget = budget(reserve.sender(), reserve.refunds());
      Reservation made = budget.schedule().orElseThrow().reserve(reserve.cost());
      return new Chunk(made.id(), made.at(), nanos.getAsLong(), made.cost());
    }
    throw new IllegalArgumentException("Nothing to answer: " + question);
  }

  private ClusterBudget budget(Sender sender, List<Refund> refunds) {
    ClusterBudget budget = of(sender.key(), sender.limits(), sender.executors());
    budget
        .schedule()
        .ifPresent(schedule -> refunds.forEach(r -> schedule.giveBack(r.id(), r.cost())));
    return budget;
  }

  Map<GateKey, GateState> observed() {
    Map<GateKey, ClusterBudget> now;
    synchronized (this) {
      budgets.values().removeIf(budget -> budget.restsFor(MEMORY_NANOS));
      now = new LinkedHashMap<>(budgets);
    }
    Map<GateKey, GateState> states = new LinkedHashMap<>();
    now.forEach((key, budget) -> states.put(key, budget.observed()));
    return states;
  }
}
