package io.fsmigrate.migration;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A migration written in Java. Name the implementation in {@code
 * META-INF/services/io.fsmigrate.migration.MigrationFunction} of a jar on the class path; it needs
 * a public constructor without parameters.
 *
 * <p>What an implementation promises:
 *
 * <ul>
 *   <li>the same rows give the same rows, on any machine and at any time;
 *   <li>every input row gives exactly one output row, unless {@link #dropsRows} says that some give
 *       none; a function that multiplies rows makes the sums of a run fail;
 *   <li>where {@link #rowLocal} is true, an output row depends on its own input row only: no
 *       aggregate, window, join, distinct, sort, limit or {@code mapPartitions}, which a plan
 *       refuses. The run then splits its input into units and calls {@link #apply} for each;
 *   <li>columns whose name starts with {@code __fs_} are carried along unchanged;
 *   <li>it reads and writes nothing else.
 * </ul>
 *
 * <p>An exception fails the whole run and is told with the migration's name. The checksum covers
 * everything in the jar that the implementing class comes from; a change in another jar is not
 * seen.
 */
public interface MigrationFunction {
  /** The feature group that it belongs to. */
  String group();

  /** The version of the rows that it takes, {@code raw} for a bare file. */
  String from();

  /** The version of the rows that it gives. */
  String to();

  /** What it is for. */
  default String description() {
    return "";
  }

  /** Whether an output row depends on one input row only; false costs the split into units. */
  boolean rowLocal();

  /** Whether some input rows give no output row; they then count as filtered. */
  default boolean dropsRows() {
    return false;
  }

  /** Builds the query that gives rows of the version {@link #to}; must not start a job. */
  Dataset<Row> apply(Dataset<Row> source);
}
