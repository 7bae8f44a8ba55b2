package io.fsmigrate.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names of runs, such as {@code 20261121T003000Z-a1b2c3}: they sort by time, and the last part
 * keeps apart runs of the same second that were started at two places.
 *
 * <p>Where the clock was set back, the names count on from the newest run by a second each, so that
 * a later run still sorts later. The time in a name is then not the time of the run; its record has
 * that.
 */
final class RunId {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern ID = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
  private static final int TIME_LENGTH = "20261121T003000Z".length();

  private RunId() {}

  /**
   * @param newest the id of the newest run there is
   */
  static String next(Instant now, Optional<String> newest, RandomGenerator random) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Instant time =
        newest
            .flatMap(RunId::time)
            .map(newestTime -> newestTime.plusSeconds(1))
            .filter(after -> after.isAfter(second))
            .orElse(second);
    return "%s-%06x".formatted(TIME.format(time), random.nextInt(1 << 24));
  }

  /** The time in an id; empty for an id that somebody made up. */
  private static Optional<Instant> time(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.from(TIME.parse(id.substring(0, TIME_LENGTH))));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
