package io.fsmigrate.online.calls;

import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;

/**
 * Tells a service that is away from a record that is in trouble. Time is that of {@link
 * System#nanoTime}; a time in which nothing is tried does not count as away.
 *
 * <p>Not safe for several threads.
 */
public final class Outage {
  /** Failures between successes that are closer together are everyday life. */
  private static final long NOTABLE_NANOS = 3_000_000_000L;

  private final long patience;
  private boolean away;
  private long since;
  private long recovered;
  private long lastSuccess;
  private ServiceFault last;

  /**
   * @param patience how long to go on without any success
   */
  public Outage(Duration patience, long now) {
    this.patience = patience.toNanos();
    this.recovered = now;
    this.lastSuccess = now;
  }

  void succeeded(long now) {
    lastSuccess = now;
    if (away) {
      away = false;
      recovered = now - since > NOTABLE_NANOS ? now : recovered;
    }
  }

  void failed(ServiceFault fault, long now) {
    last = fault;
    if (!away) {
      away = true;
      since = now;
    }
  }

  /** Whether nothing has succeeded for too long. */
  boolean isOver(long now) {
    return away && now - since > patience;
  }

  /** Why the last call failed. */
  ServiceFault last() {
    return last;
  }

  /**
   * Whether an entry failed for so long, while others succeeded, that it is its own trouble.
   *
   * @param firstFailure when it failed for the first time
   */
  boolean isAlone(long firstFailure, long now) {
    long from = firstFailure - recovered > 0 ? firstFailure : recovered;
    return now - from > patience && lastSuccess - from > 0;
  }
}
