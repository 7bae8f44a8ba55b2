package io.fsmigrate.emulator.observe;

import java.util.ArrayList;
import java.util.List;

/** The last calls, as many as fit. */
public final class CallLog {
  private static final int DEFAULT_CAPACITY = 100_000;

  private CallRecord[] ring = new CallRecord[DEFAULT_CAPACITY];
  private long count;
  private volatile boolean withIdentifiers;

  /** Whether calls keep the identifiers of their records. */
  public boolean withIdentifiers() {
    return withIdentifiers;
  }

  /** Sets whether identifiers are kept, and how many calls; forgets the calls so far. */
  public synchronized void configure(boolean identifiers, int capacity) {
    withIdentifiers = identifiers;
    ring = new CallRecord[capacity > 0 ? capacity : DEFAULT_CAPACITY];
    count = 0;
  }

  /** Makes a call of its number and keeps it. */
  public synchronized void add(java.util.function.LongFunction<CallRecord> call) {
    count++;
    ring[(int) (count % ring.length)] = call.apply(count);
  }

  /**
   * The calls that match, oldest first.
   *
   * @param operation empty for any
   * @param group empty for any; a call for several groups matches each
   * @param since only calls of a greater number
   * @param limit at most so many, the oldest ones
   */
  public synchronized List<CallRecord> find(String operation, String group, long since, int limit) {
    List<CallRecord> found = new ArrayList<>();
    long first = Math.max(Math.max(since, 0) + 1, count - ring.length + 1);
    for (long number = Math.max(1, first); number <= count && found.size() < limit; number++) {
      CallRecord call = ring[(int) (number % ring.length)];
      if ((operation.isEmpty() || call.operation().equals(operation))
          && (group.isEmpty() || List.of(call.group().split(",", -1)).contains(group))) {
        found.add(call);
      }
    }
    return found;
  }

  /** How many calls there were. */
  public synchronized long count() {
    return count;
  }

  /** Forgets all calls. */
  public synchronized void clear() {
    java.util.Arrays.fill(ring, null);
    count = 0;
  }
}
