package io.fsmigrate.offline.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * What one execution of a pipeline counted, segment by segment. Good for one execution.
 *
 * <p>The counts ride along with the write; nothing is scanned for them.
 */
public final class SegmentObservations {
  /** Spark reports right after the query; this long without a report is a defect, not load. */
  private static final Duration PATIENCE = Duration.create(5, "minutes");

  private final RowPipeline pipeline;
  private final List<Observation> observations = new ArrayList<>();

  /** Prepares one observation for each segment of the pipeline. */
  public SegmentObservations(RowPipeline pipeline) {
    this.pipeline = pipeline;
    for (int i = 0; i < pipeline.segmentCount(); i++) {
      observations.add(new Observation());
    }
  }

  Observation get(int segment) {
    return observations.get(segment);
  }

  /** The counts, once the frame has run. */
  public RowCounts counts() {
    long entered = 0;
    long filtered = 0;
    long failed = 0;
    long good = 0;
    long unexplained = 0;
    for (int i = 0; i < observations.size(); i++) {
      Row row = await(observations.get(i));
      long in = row.getLong(row.fieldIndex(RowPipeline.ENTERED));
      if (i == 0) {
        entered = in;
      } else if (pipeline.mayDropRows(i) && in <= good) {
        filtered += good - in;
      } else {
        unexplained += good - in;
      }
      long segmentFailed = row.getLong(row.fieldIndex(RowPipeline.FAILED));
      long segmentFiltered = row.getLong(row.fieldIndex(RowPipeline.FILTERED));
      failed += segmentFailed;
      filtered += segmentFiltered;
      good = in - segmentFailed - segmentFiltered;
    }
    return new RowCounts(entered, filtered, failed, good, unexplained);
  }

  private static Row await(Observation observation) {
    try {
      return Await.result(observation.future(), PATIENCE);
    } catch (TimeoutException e) {
      throw new IllegalStateException("Spark did not report the counts of a finished query", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the counts of a query", e);
    }
  }
}
