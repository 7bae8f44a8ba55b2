package io.fsmigrate.online;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as people write it, such as {@code 30 days}, with the names that SageMaker has for units.
 *
 * @param value 1 or more
 */
public record SpanOfTime(int value, Unit unit) {
  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,8})\\s*(second|minute|hour|day|week)s?");

  /** Units, those that SageMaker has. */
  public enum Unit {
    SECOND(1, "Seconds"),
    MINUTE(60, "Minutes"),
    HOUR(3_600, "Hours"),
    DAY(86_400, "Days"),
    WEEK(604_800, "Weeks");

    private final int seconds;
    private final String text;

    Unit(int seconds, String text) {
      this.seconds = seconds;
      this.text = text;
    }

    /** The name in the API of SageMaker. */
    public String text() {
      return text;
    }
  }

  /** The time; empty where the text is not of the form. */
  public static Optional<SpanOfTime> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    return matcher.matches()
        ? Optional.of(
            new SpanOfTime(
                Integer.parseInt(matcher.group(1)),
                Unit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT))))
        : Optional.empty();
  }

  /** The same for the JVM. */
  public Duration duration() {
    return Duration.ofSeconds((long) value * unit.seconds);
  }
}
