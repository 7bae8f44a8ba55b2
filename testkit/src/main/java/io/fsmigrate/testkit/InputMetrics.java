package io.fsmigrate.testkit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts the records that successful tasks read while it is open, for proving how often the input
 * was read.
 *
 * <p>Reads of Delta's own log are counted apart: jobs that Delta calls {@code Delta: …}, stages
 * over its cached table state, and scans of JSON, which no feature data is in. Tasks that were
 * repeated after a failure count once.
 */
public final class InputMetrics extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final Set<Integer> logStages = ConcurrentHashMap.newKeySet();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong logRecords = new AtomicLong();

  private InputMetrics(SparkContext context) {
    this.context = context;
  }

  /** Counts from now on, for every session of this Spark application. */
  public static InputMetrics of(SparkSession spark) {
    InputMetrics metrics = new InputMetrics(spark.sparkContext());
    metrics.settle();
    metrics.context.addSparkListener(metrics);
    return metrics;
  }

  /** Records of data read by the tasks that have ended so far. */
  public long recordsRead() {
    settle();
    return records.get();
  }

  /** Records of Delta logs read by the tasks that have ended so far. */
  public long logRecordsRead() {
    settle();
    return logRecords.get();
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (readsLog(submitted)) {
      logStages.add(submitted.stageInfo().stageId());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd ended) {
    if (ended.reason() == Success$.MODULE$ && ended.taskMetrics() != null) {
      (logStages.contains(ended.stageId()) ? logRecords : records)
          .addAndGet(ended.taskMetrics().inputMetrics().recordsRead());
    }
  }

  @Override
  public void close() {
    settle();
    context.removeSparkListener(this);
  }

  private static boolean readsLog(SparkListenerStageSubmitted submitted) {
    return (submitted.properties() != null
            && submitted.properties().getProperty("spark.job.description", "").startsWith("Delta:"))
        || CollectionConverters.asJava(submitted.stageInfo().rddInfos()).stream()
            .anyMatch(InputMetrics::belongsToLog);
  }

  private static boolean belongsToLog(RDDInfo rdd) {
    return rdd.name().startsWith("Delta Table State")
        || (rdd.scope().isDefined() && rdd.scope().get().name().startsWith("Scan json"));
  }

  // Events reach listeners later than results reach the caller.
  private void settle() {
    try {
      context.listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException("Spark's events did not settle", e);
    }
  }
}
