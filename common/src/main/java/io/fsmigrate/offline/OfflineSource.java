package io.fsmigrate.offline;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A pinned source of full history. Reading a unit reads that unit's files and no others. */
public interface OfflineSource {
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
   * @param directory where the run may keep what it brings together
   * @return the source with its slices known; until then they may be none
   */
  default OfflineSource stage(String directory) {
    return this;
  }

  /** Whether the slices are known without staging. */
  default boolean isStaged() {
    return true;
  }

  /** What bringing the rows together took, by counter; for the report. */
  default Map<String, Long> costs() {
    return Map.of();
  }

  /** Removes what staging left elsewhere; the run has ended and will not be resumed. */
  default void release() {}
}
