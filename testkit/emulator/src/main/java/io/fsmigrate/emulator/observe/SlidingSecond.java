package io.fsmigrate.emulator.observe;

/** How much happened in the last second, and at most in any second, to a millisecond. */
public final class SlidingSecond {
  private static final int MILLIS = 1000;

  private final int[] buckets = new int[MILLIS];
  private long last;
  private long sum;
  private long most;

  /** Adds an amount at a time in milliseconds. */
  public synchronized void add(long millis, int amount) {
    advance(millis);
    buckets[(int) (last % MILLIS)] += amount;
    sum += amount;
    most = Math.max(most, sum);
  }

  /** Adds an amount unless more than a limit would then be in one second. */
  public synchronized boolean addWithin(long millis, int amount, double limit) {
    advance(millis);
    if (sum + amount > limit) {
      return false;
    }
    add(millis, amount);
    return true;
  }

  /** The most that was in any second. */
  public synchronized long most() {
    return most;
  }

  private void advance(long millis) {
    // Threads may come out of order by a millisecond or so.
    long now = Math.max(millis, last);
    if (now - last >= MILLIS) {
      java.util.Arrays.fill(buckets, 0);
      sum = 0;
    } else {
      for (long at = last + 1; at <= now; at++) {
        int bucket = (int) (at % MILLIS);
        sum -= buckets[bucket];
        buckets[bucket] = 0;
      }
    }
    last = now;
  }
}
