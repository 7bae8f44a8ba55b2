package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** How long to go on without any success, and how long to wait between two tries. */
final class Patience {
  private final RetryPolicy retry = new RetryPolicy(RandomGenerator.getDefault());
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

  /** Waits before the next try. */
  void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(retry.waitNanos(failures));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for PostgreSQL", e);
    }
  }
}
