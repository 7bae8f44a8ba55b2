package io.fsmigrate.online.restraint;

/**
 * The driver's clock as seen from an executor. An answer that carries the driver's time was written
 * between the question and its arrival; the fastest exchange tells most. Nanoseconds throughout.
 * Not safe for several threads.
 */
final class DriverClock {
  /** How much two clocks may drift apart, far more than they do. */
  private static final double DRIFT = 1e-4;

  private boolean known;
  private long low;
  private long high;
  private long at;

  /**
   * @param sent when the question was sent, by this clock
   * @param driver when it was answered, by the driver's
   * @param received when the answer was here, by this clock
   */
  void exchanged(long sent, long driver, long received) {
    if (!known || received - sent <= high - low + 2 * drift(received)) {
      known = true;
      low = sent - driver;
      high = received - driver;
      at = received;
    }
  }

  /** By this clock, a time at which that time of the driver's has surely come. */
  long surely(long driver, long now) {
    return driver + high + drift(now);
  }

  /** By this clock, a time before which that time of the driver's cannot have come. */
  long earliest(long driver, long now) {
    return driver + low - drift(now);
  }

  private long drift(long now) {
    return (long) (DRIFT * Math.max(0, now - at));
  }
}
