package io.fsmigrate.emulator.record;

import java.util.concurrent.atomic.AtomicLong;

/** The time by which records expire; it can be moved, unlike that of signatures. */
public final class EmulatorClock {
  private final AtomicLong offsetMillis = new AtomicLong();

  /** Microseconds since 1970. */
  public long micros() {
    return (System.currentTimeMillis() + offsetMillis.get()) * 1000L;
  }

  /** Moves the clock by some milliseconds, forwards or back. */
  public void advance(long millis) {
    offsetMillis.addAndGet(millis);
  }

  /** Back to the real time. */
  public void reset() {
    offsetMillis.set(0);
  }
}
