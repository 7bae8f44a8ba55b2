package io.fsmigrate.online.postgresql;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to go on without any success, and how long to wait between two tries. */
final class Patience {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final long limitNanos;
  private int failures;
  private long since;

  Patience(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  void succeeded() {
    failures = 0;
  }

  /** Notes a failure; false where nothing has succeeded for too long. */
  boolean bears(long now) {
    since = failures == 0 ? now : since;
    failures++;
    return now - since <= limitNanos;
  }

  /** Waits before the next try, longer every time, and never as long as another one does. */
  void pause() {
    long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(10, failures - 1));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for PostgreSQL", e);
    }
  }
}
