package io.fsmigrate.emulator.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.http.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts of calls: by operation and outcome, in flight, and by second. */
public final class Stats {
  /** The outcome of a call that was answered without an error. */
  public static final String SUCCESS = "success";

  /** The outcome of a call whose connection was cut. */
  public static final String CUT = "cut";

  private final Map<String, OfOperation> operations = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();
  private volatile SlidingSecond calls = new SlidingSecond();
  private volatile SlidingSecond records = new SlidingSecond();

  private static final class OfOperation {
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final LongAdder calls = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder entryErrors = new LongAdder();
    private final LongAdder unprocessed = new LongAdder();
    private final SlidingSecond perSecond = new SlidingSecond();
    private final SlidingSecond recordsPerSecond = new SlidingSecond();
  }

  /** A call has come. */
  public void begin() {
    int now = inFlight.incrementAndGet();
    mostInFlight.accumulateAndGet(now, Math::max);
  }

  /** A call was answered, or cut. */
  public void end() {
    inFlight.decrementAndGet();
  }

  /** What became of a call. */
  public void count(
      String operation, int entries, String outcome, int errors, int unprocessed, long millis) {
    OfOperation of = operations.computeIfAbsent(operation, any -> new OfOperation());
    of.calls.increment();
    of.entries.add(entries);
    of.entryErrors.add(errors);
    of.unprocessed.add(unprocessed);
    of.outcomes.computeIfAbsent(outcome, any -> new LongAdder()).increment();
    of.perSecond.add(millis, 1);
    of.recordsPerSecond.add(millis, entries);
    calls.add(millis, 1);
    records.add(millis, entries);
  }

  /** Forgets all counts but what is in flight. */
  public void clear() {
    operations.clear();
    mostInFlight.set(inFlight.get());
    calls = new SlidingSecond();
    records = new SlidingSecond();
  }

  /** All counts. */
  public ObjectNode json() {
    ObjectNode byOperation = Json.object();
    new TreeMap<>(operations)
        .forEach(
            (name, of) ->
                byOperation.set(
                    name,
                    Json.object(
                        "calls", of.calls.sum(),
                        "entries", of.entries.sum(),
                        "entryErrors", of.entryErrors.sum(),
                        "unprocessed", of.unprocessed.sum(),
                        "outcomes", sums(of.outcomes),
                        "maxCallsInASecond", of.perSecond.most(),
                        "maxRecordsInASecond", of.recordsPerSecond.most())));
    return Json.object(
        "operations", byOperation,
        "inFlight", inFlight.get(),
        "maxInFlight", mostInFlight.get(),
        "maxCallsInASecond", calls.most(),
        "maxRecordsInASecond", records.most());
  }

  private static Map<String, Long> sums(Map<String, LongAdder> adders) {
    Map<String, Long> sums = new TreeMap<>();
    adders.forEach((name, adder) -> sums.put(name, adder.sum()));
    return sums;
  }
}
