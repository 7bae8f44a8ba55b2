package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineErrors;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;

/** What to try instead of a group of units that could not be written together. */
final class StubbornGroup {
  /** Spark's name for a file that it could not open, or not read to its end. */
  private static final String FAILED_READ = "FAILED_READ_FILE";

  private StubbornGroup() {}

  /** Whether that was something outside of the program, which may go better in parts. */
  static boolean isWorthAnotherTry(RuntimeException failure) {
    return failure instanceof FsMigrateException known && known.code().equals("STORE_UNAVAILABLE");
  }

  /** The halves of a group of several. */
  static List<List<InputUnit>> halves(List<InputUnit> group) {
    int middle = group.size() / 2;
    return List.of(group.subList(0, middle), group.subList(middle, group.size()));
  }

  /**
   * The file that could not be read, where that is what went wrong; not where its store was away or
   * let nobody in.
   */
  static Optional<String> unreadableFile(Throwable failure) {
    if (OfflineErrors.isOutage(failure)) {
      return Optional.empty();
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark
          && spark.getCondition() != null
          && spark.getCondition().startsWith(FAILED_READ)) {
        return Optional.ofNullable(spark.getMessageParameters().get("path"));
      }
    }
    return Optional.empty();
  }

  /**
   * A group without a file.
   *
   * @param units those that have other files, with these
   * @param left rows of the file by unit, by its statistics; 0 where those are missing
   */
  record Without(List<InputUnit> units, Map<String, Long> left) {}

  static Without without(String file, List<InputUnit> group) {
    List<InputUnit> units = new ArrayList<>();
    Map<String, Long> left = new LinkedHashMap<>();
    for (InputUnit unit : group) {
      List<InputSlice> others = new ArrayList<>();
      for (InputSlice slice : unit.slices()) {
        if (isSame(file, slice.path())) {
          left.merge(unit.id(), Math.max(0, slice.rows()), Long::sum);
        } else {
          others.add(slice);
        }
      }
      if (!others.isEmpty()) {
        units.add(new InputUnit(unit.id(), others));
      }
    }
    return new Without(units, left);
  }

  /** Names of one file differ in how they are encoded, and in slashes after the scheme. */
  private static boolean isSame(String left, String right) {
    return normal(left).equals(normal(right));
  }

  private static String normal(String file) {
    try {
      URI uri = URI.create(file);
      return uri.getPath() == null ? file : uri.getPath();
    } catch (IllegalArgumentException e) {
      return new Path(file).toUri().getPath();
    }
  }
}
