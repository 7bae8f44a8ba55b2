package io.fsmigrate.offline;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.CollectMetricsExec;
import org.apache.spark.sql.execution.FileSourceScanLike;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.util.QueryExecutionListener;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Collects what finished queries counted on the side: the observed metrics of their frames and the
 * rows that their scans delivered, but for scans that say they are not the source's ({@link
 * ParquetSource#NOT_COUNTED}). The two come from different places, so that one can be held against
 * the other.
 *
 * <p>A query is found by its tag: the observations of its frames are named {@code tag|...}.
 */
public final class RowMeter implements QueryExecutionListener, AutoCloseable {
  /** Spark reports right after the query; this long without a report is a defect, not load. */
  private static final long PATIENCE_MINUTES = 5;

  private final SparkSession session;
  private final Map<String, CompletableFuture<Measured>> expected = new ConcurrentHashMap<>();

  /**
   * @param observed by the observation's name without the tag
   * @param scanned rows that the file scans below that observation delivered, after pushdown
   */
  public record Measured(Map<String, Row> observed, Map<String, Long> scanned) {}

  /** Starts listening to the queries of a session. */
  public RowMeter(SparkSession session) {
    this.session = session;
    session.listenerManager().register(this);
  }

  /** The name of an observation within the query of that tag. */
  public static String name(String tag, String rest) {
    return tag + "|" + rest;
  }

  /** Announces a query; call before it runs. */
  public void expect(String tag) {
    expected.put(tag, new CompletableFuture<>());
  }

  /** What the announced query counted; waits for Spark's report. */
  public Measured await(String tag) {
    try {
      return expected.get(tag).get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the counts of " + tag, e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Spark did not report the counts of " + tag, e);
    } finally {
      expected.remove(tag);
    }
  }

  // Spark guards the metrics while a query runs; this one has finished.
  @SuppressWarnings("GuardedBy")
  @Override
  public void onSuccess(String function, QueryExecution execution, long nanos) {
    Map<String, Row> metrics = CollectionConverters.asJava(execution.observedMetrics());
    Map<String, Map<String, Row>> byTag = new HashMap<>();
    metrics.forEach(
        (name, row) -> {
          int end = name.indexOf('|');
          if (end > 0) {
            byTag
                .computeIfAbsent(name.substring(0, end), tag -> new HashMap<>())
                .put(name.substring(end + 1), row);
          }
        });
    byTag.forEach(
        (tag, observed) -> {
          CompletableFuture<Measured> waiting = expected.get(tag);
          if (waiting != null) {
            Map<String, Long> scanned = new HashMap<>();
            scan(execution.executedPlan(), tag + "|", scanned);
            waiting.complete(new Measured(observed, scanned));
          }
        });
  }

  @Override
  public void onFailure(String function, QueryExecution execution, Exception failure) {
    // The thread that ran the query has the exception; it does not wait for counts then.
  }

  /** Adds up the scans below each observation; returns those below the plan. */
  private static long scan(SparkPlan plan, String prefix, Map<String, Long> scanned) {
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      return scan(adaptive.executedPlan(), prefix, scanned);
    }
    if (plan instanceof QueryStageExec stage) {
      return scan(stage.plan(), prefix, scanned);
    }
    long rows = 0;
    if (plan instanceof FileSourceScanLike files
        && !files.relation().options().contains(ParquetSource.NOT_COUNTED)) {
      rows += plan.metrics().apply("numOutputRows").value();
    }
    for (SparkPlan child : CollectionConverters.asJava(plan.children())) {
      rows += scan(child, prefix, scanned);
    }
    if (plan instanceof CollectMetricsExec metrics && metrics.name().startsWith(prefix)) {
      scanned.put(metrics.name().substring(prefix.length()), rows);
    }
    return rows;
  }

  @Override
  public void close() {
    session.listenerManager().unregister(this);
  }
}
