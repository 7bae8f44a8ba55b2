package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.Locale;
import java.util.stream.Stream;

/** A file system without room for what a run writes: the run can go on once there is some. */
final class DiskFullErrors {
  /** How systems, and HDFS for its quotas, put it; Java has no exception for it. */
  private static final String[] WORDS = {
    "no space left on device", "disk quota exceeded", "not enough space", "diskspace quota"
  };

  private DiskFullErrors() {}

  /** Whether that is what a failure comes from, and nobody has told of it yet. */
  static boolean is(Throwable failure) {
    return causes(failure).noneMatch(FsMigrateException.class::isInstance)
        && causes(failure)
            .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
            .anyMatch(message -> Stream.of(WORDS).anyMatch(message::contains));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  /**
   * What to tell of it.
   *
   * @param location what was being written
   */
  static FsMigrateException error(String location, String run, Throwable failure) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "DISK_FULL",
        "%s: no space left for it, or in a directory that Spark keeps for itself (spark.local.dir).\nMake room, then go on with --resume-from %s; what is done is not done again"
            .formatted(location, run),
        failure);
  }
}
