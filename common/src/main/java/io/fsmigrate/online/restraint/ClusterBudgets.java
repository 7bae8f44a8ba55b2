package io.fsmigrate.online.restraint;

import java.util.HashMap;
import java.util.LinkedHashMap;
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
