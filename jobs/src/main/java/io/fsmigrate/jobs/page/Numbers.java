package io.fsmigrate.jobs.page;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  /** With separators of thousands. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Such as {@code 12.3 s} or {@code 1 h 02 min}. */
  static String time(Duration time) {
    if (time.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (time.compareTo(Duration.ofHours(1)) < 0) {
      return String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
    }
    return String.format(Locale.ROOT, "%,d h %02d min", time.toHours(), time.toMinutesPart());
  }
}
