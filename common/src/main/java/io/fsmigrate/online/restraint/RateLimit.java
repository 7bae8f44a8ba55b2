package io.fsmigrate.online.restraint;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How much may start in any second, over the whole cluster.
 *
 * @param perSecond more than 0
 */
public record RateLimit(double perSecond, Unit unit) implements Serializable {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s*([a-z-]+)\\s*/\\s*s");

  /** What is counted. */
  public enum Unit {
    RECORDS("records"),
    CALLS("calls"),
    WRITE_UNITS("write-units");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    /** As in a configuration. */
    @Override
    public String toString() {
      return text;
    }

    double cost(CallCost call) {
      return switch (this) {
        case RECORDS -> call.records();
        case CALLS -> 1;
        case WRITE_UNITS -> call.writeUnits();
      };
    }

    private static Optional<Unit> named(String text) {
      return Arrays.stream(values()).filter(unit -> unit.text.equals(text)).findFirst();
    }
  }

  /** A limit that lets nothing through is refused. */
  public RateLimit {
    if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
      throw new IllegalArgumentException(perSecond + " a second is no limit to work with");
    }
  }

  /**
   * Reads {@code 20000 records/s}, {@code 500 calls/s} or {@code 40000 write-units/s}.
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_RATE_LIMIT
   */
  public static RateLimit parse(String text) {
    Matcher matcher = TEXT.matcher(text.trim());
    Optional<Unit> unit = matcher.matches() ? Unit.named(matcher.group(2)) : Optional.<Unit>empty();
    double perSecond = unit.isPresent() ? Double.parseDouble(matcher.group(1)) : 0;
    if (perSecond == 0) {
      throw RestraintErrors.invalidRate(
          text, Arrays.stream(Unit.values()).map(Unit::toString).collect(Collectors.toList()));
    }
    return new RateLimit(perSecond, unit.get());
  }

  /** What that call takes of the limit; a call that costs nothing is not held back. */
  public double cost(CallCost call) {
    return unit.cost(call);
  }

  /** As it is parsed. */
  @Override
  public String toString() {
    return "%s %s/s".formatted(plain(), unit);
  }

  private String plain() {
    return BigDecimal.valueOf(perSecond).stripTrailingZeros().toPlainString();
  }
}
