package io.fsmigrate.online.restraint;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The gates of one JVM. A gate outlives its last lease by a minute: the next task then begins with
 * what was learned about the store.
 */
final class GateRegistry {
  private static final long MEMORY_NANOS = 60_000_000_000L;

  /** How a gate takes part in the limits of its key. */
  @FunctionalInterface
  interface Memberships {
    /**
     * @param number of the gate, unique in this JVM
     */
    Membership of(GateKey key, Limits limits, int executors, long number);
  }

  private final Memberships memberships;
  private final LongSupplier nanos;
  private final Map<GateKey, Entry> gates = new HashMap<>();
  private long numbers;

  GateRegistry(Memberships memberships, LongSupplier nanos) {
    this.memberships = memberships;
    this.nanos = nanos;
  }

  synchronized GateLease open(GateKey key, Limits limits, int executors) {
    long now = nanos.getAsLong();
    gates.values().removeIf(e -> e.leases == 0 && now - e.restsSince > MEMORY_NANOS);
    Entry entry =
        gates.computeIfAbsent(
            key,
            any -> {
              Membership membership = memberships.of(key, limits, executors, numbers++);
              return new Entry(new Gate(limits, membership, nanos), membership);
            });
    if (entry.leases++ == 0) {
      entry.membership.join(entry.gate);
    }
    return new GateLease(entry.gate, () -> release(entry));
  }

  private synchronized void release(Entry entry) {
    if (--entry.leases == 0) {
      entry.restsSince = nanos.getAsLong();
      entry.membership.leave(entry.gate);
    }
  }

  private static final class Entry {
    private final Gate gate;
    private final Membership membership;
    private int leases;
    private long restsSince;

    Entry(Gate gate, Membership membership) {
      this.gate = gate;
      this.membership = membership;
    }
  }
}
