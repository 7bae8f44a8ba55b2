package io.fsmigrate.run;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * What one task reports about the bucket that it wrote to one store.
 *
 * @param newest records of the bucket
 * @param superseded rows that were older than the newest of their record
 * @param written records that the store holds now
 * @param stale records that the store did not take because it has a newer one
 * @param submitted records of which the store does not tell whether it took them
 */
record BucketResult(
    String store,
    int bucket,
    long newest,
    long superseded,
    long written,
    long stale,
    long submitted,
    List<Failure> failures)
    implements Serializable {
  /**
   * A record that the store refused.
   *
   * @param record its features, in the order of the target's
   */
  record Failure(String code, String reason, boolean retryable, Row record)
      implements Serializable {}
}
