package io.fsmigrate.offline;

import java.util.List;
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
}
