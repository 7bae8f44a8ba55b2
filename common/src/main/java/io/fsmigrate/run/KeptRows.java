package io.fsmigrate.run;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that several queries use and that are worked out once. The queries do not see how: to cache
 * a frame would have each of them compared with the whole of its plan.
 */
final class KeptRows implements AutoCloseable {
  private final JavaRDD<Row> kept;
  private final Dataset<Row> rows;

  KeptRows(Dataset<Row> made) {
    kept = made.javaRDD().persist(StorageLevel.MEMORY_AND_DISK());
    rows = made.sparkSession().createDataFrame(kept, made.schema());
  }

  Dataset<Row> rows() {
    return rows;
  }

  @Override
  public void close() {
    kept.unpersist(false);
  }
}
