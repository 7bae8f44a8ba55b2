package io.fsmigrate.catalog;

import io.fsmigrate.error.FsMigrateException;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many records of a run may fail before it stops: a share of the rows read, or a count. */
public sealed interface MaxFailures {
  /** Whether more have failed than are allowed. */
  boolean isExceeded(long failed, long read);

  /**
   * Whether so many are too many however the rest turns out. While a run is under way its rows are
   * not all counted: a bad stretch at the start must not end a run that would have passed.
   *
   * @param most an upper bound of the rows that will have been read in the end
   */
  default boolean isExceededFor(long failed, OptionalLong most) {
    return isExceeded(failed, most.orElse(Long.MAX_VALUE));
  }

  /**
   * The failed records that are held against this limit in a part of a run, such as one online
   * store.
   *
   * <p>A count is one for the whole run. A share is one of each part's own records: otherwise a
   * store that refuses everything would hide behind the rows of a large table.
   *
   * @param here failed in this part
   * @param elsewhere failed in the other parts so far
   */
  long held(long here, long elsewhere);

  /** A share of the rows read, in percent from 0 to 100. */
  record Percentage(BigDecimal percent) implements MaxFailures {
    @Override
    public boolean isExceeded(long failed, long read) {
      BigDecimal allowedHundredfold = percent.multiply(BigDecimal.valueOf(read));
      return BigDecimal.valueOf(failed).movePointRight(2).compareTo(allowedHundredfold) > 0;
    }

    @Override
    public long held(long here, long elsewhere) {
      return here;
    }

    @Override
    public String toString() {
      return percent.toPlainString() + "%";
    }
  }

  /** A number of rows. */
  record Count(long rows) implements MaxFailures {
    @Override
    public boolean isExceeded(long failed, long read) {
      return failed > rows;
    }

    @Override
    public long held(long here, long elsewhere) {
      return here + elsewhere;
    }

    @Override
    public String toString() {
      return Long.toString(rows);
    }
  }

  /**
   * Reads {@code 1%}, {@code 0.5 %} or {@code 250}.
   *
   * @throws FsMigrateException INVALID_MAX_FAILURES
   */
  static MaxFailures parse(String text) {
    Matcher matcher =
        Pattern.compile("(\\d{1,18})|(\\d{1,3}(?:\\.\\d{1,9})?)\\s*%").matcher(text.trim());
    if (!matcher.matches()) {
      throw CatalogErrors.invalidMaxFailures(text);
    }
    if (matcher.group(1) != null) {
      return new Count(Long.parseLong(matcher.group(1)));
    }
    BigDecimal percent = new BigDecimal(matcher.group(2));
    if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw CatalogErrors.invalidMaxFailures(text);
    }
    return new Percentage(percent);
  }
}
