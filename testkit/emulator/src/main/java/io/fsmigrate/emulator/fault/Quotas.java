package io.fsmigrate.emulator.fault;

import io.fsmigrate.emulator.observe.SlidingSecond;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Limits of calls and units; what is above them is throttled and not counted. */
final class Quotas {
  private final QuotaSettings settings;
  private final Map<String, SlidingSecond> windows = new ConcurrentHashMap<>();
  private final Map<String, Burst> identifiers = new ConcurrentHashMap<>();

  Quotas(QuotaSettings settings) {
    this.settings = settings;
  }

  QuotaSettings settings() {
    return settings;
  }

  boolean admitCall(String operation, long nowMillis) {
    Double limit = settings.callsPerSecond().get(operation);
    return limit == null || window("calls " + operation).addWithin(nowMillis, 1, limit);
  }

  boolean admitRecord(String group, String identifier, int units, boolean write, long nowMillis) {
    Double each = write ? settings.writeUnitsPerIdentifier() : settings.readUnitsPerIdentifier();
    Double all = write ? settings.writeUnitsPerSecond() : settings.readUnitsPerSecond();
    String kind = write ? "write " : "read ";
    return (each == null
            || admitIdentifier(kind + group + ' ' + identifier, units, each, nowMillis))
        && (all == null || window(kind + group).addWithin(nowMillis, units, all));
  }

  private SlidingSecond window(String name) {
    return windows.computeIfAbsent(name, any -> new SlidingSecond());
  }

  /** Whole seconds are enough for single identifiers, of which there may be very many. */
  private boolean admitIdentifier(String key, int units, double limit, long nowMillis) {
    boolean[] admitted = {false};
    if (identifiers.size() > 100_000) {
      identifiers.values().removeIf(burst -> burst.second() < nowMillis / 1000);
    }
    identifiers.compute(
        key,
        (any, burst) -> {
          long second = nowMillis / 1000;
          int used = burst == null || burst.second() != second ? 0 : burst.units();
          admitted[0] = used + units <= limit;
          return new Burst(second, admitted[0] ? used + units : used);
        });
    return admitted[0];
  }

  private record Burst(long second, int units) {}
}
