package io.fsmigrate.online;

import java.util.random.RandomGenerator;

/**
 * When to try again: after any part of a time that doubles with every failure ("full jitter"), so
 * that those who failed together do not come back together.
 */
public record RetryPolicy(RandomGenerator random) {
  /** Twice a quick call. */
  private static final long FIRST_NANOS = 50_000_000L;

  /** A service that is back should be noticed soon. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private static final int MOST_DOUBLINGS = 7;

  /**
   * How long to wait.
   *
   * @param failures so far, from 1
   */
  public long waitNanos(int failures) {
    long most = Math.min(MOST_NANOS, FIRST_NANOS << Math.min(failures - 1, MOST_DOUBLINGS));
    return random.nextLong(most + 1);
  }
}
