package io.fsmigrate.run;

import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a run is asking of its online stores, as the driver sees it. */
public final class StoreCalls {
  private StoreCalls() {}

  /** By store, of those whose calls are counted; over all processes of the cluster. */
  public static Map<String, GateState> of(String run) {
    Map<String, GateState> states = new TreeMap<>();
    CallGates.observed()
        .forEach(
            (key, state) -> {
              if (key.run().equals(run)) {
                states.put(key.store(), state);
              }
            });
    return states;
  }

  /** The same for a report. */
  static Map<String, Map<String, Long>> counted(String run) {
    Map<String, Map<String, Long>> counted = new TreeMap<>();
    of(run)
        .forEach(
            (store, state) -> {
              Map<String, Long> counters = new LinkedHashMap<>();
              counters.put("calls", state.calls());
              counters.put("throttled", state.throttled());
              counters.put("in-flight", (long) state.mostInFlight());
              counters.put("concurrency", (long) state.concurrency());
              counted.put(store, counters);
            });
    return counted;
  }
}
