package io.fsmigrate.benchmarks;

import java.util.Arrays;

/**
 * When equal calls started, on one machine's clock.
 *
 * @param nanos ascending
 */
record Starts(long[] nanos) {
  private static final long SECOND = 1_000_000_000L;

  /** Of several tasks together. */
  static Starts of(Iterable<long[]> tasks) {
    long[] all = {};
    for (long[] task : tasks) {
      int from = all.length;
      all = Arrays.copyOf(all, from + task.length);
      System.arraycopy(task, 0, all, from, task.length);
    }
    Arrays.sort(all);
    return new Starts(all);
  }

  /** The most that started within any second, wherever it begins. */
  int mostInAnySecond() {
    int most = 0;
    int next = 0;
    for (int first = 0; first < nanos.length; first++) {
      while (next < nanos.length && nanos[next] - nanos[first] < SECOND) {
        next++;
      }
      most = Math.max(most, next - first);
    }
    return most;
  }

  /** How many started in a second, on average between those moments. */
  double perSecond(long from, long until) {
    long counted = Arrays.stream(nanos).filter(at -> at >= from && at < until).count();
    return counted * (double) SECOND / (until - from);
  }
}
