package io.fsmigrate.offline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A pinned source of full history. Reading a unit reads that unit's files and no others. */
public interface OfflineSource {
  /** What the observation of rows left out counts, see {@link #read(InputUnit, String)}. */
  String LEFT_OUT = "left_out";

  /** What was pinned. */
  SourceSnapshot snapshot();

  /** The columns it delivers, in order. */
  StructType schema();

  /** Everything there is, in pieces no smaller than can be read on their own. */
  List<InputSlice> slices();

  /** The rows of one unit, unfiltered. */
  Dataset<Row> read(InputUnit unit);

  /**
   * What is left to do before rows can be read, by the run that reads them: nothing for files that
   * are there. Doing it again, in whichever process, gives the same rows.
   *
   * @param runDirectory of the run that keeps below it what it brings together
   * @return the source with its slices known; until then they may be none
   */
  default OfflineSource stage(String runDirectory) {
    return this;
  }

  /** Whether the slices are known without staging. */
  default boolean isStaged() {
    return true;
  }

  /** Which of several ways it is read, and why so; empty where there is one way only. */
  default Optional<String> strategy() {
    return Optional.empty();
  }

  /** What somebody who approves a plan should know about it. */
  default List<String> warnings() {
    return List.of();
  }

  /** Files that are there and were left out because they cannot be read. */
  default List<String> unreadableFiles() {
    return List.of();
  }

  /** What bringing the rows together took, by counter; for the report. */
  default Map<String, Long> costs() {
    return Map.of();
  }

  /** Removes what staging left elsewhere; the run has ended and will not be resumed. */
  default void release() {}

  /**
   * Whether the units' files hold rows that it does not deliver, such as deleted ones. It then
   * counts them, see {@link #read(InputUnit, String)}, so that every row read is accounted for.
   */
  default boolean leavesOutRows() {
    return false;
  }

  /**
   * The rows of one unit, those left out counted as {@link #LEFT_OUT} by an observation of that
   * name where {@link #leavesOutRows}.
   */
  default Dataset<Row> read(InputUnit unit, String observation) {
    return read(unit);
  }

  /** Columns that must be decoded before rows are filtered or migrated; often none. */
  default List<Decoding> decodings() {
    return List.of();
  }
}
