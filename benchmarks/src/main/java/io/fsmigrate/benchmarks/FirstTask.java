package io.fsmigrate.benchmarks;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Ends a driver at its first task, or at its first task that has written a row, so that the time of
 * the process is the time until then. Named by {@code spark.extraListeners}; what it waits for is
 * the system property {@value #UNTIL}.
 */
public final class FirstTask extends SparkListener {
  static final String UNTIL = "fsmigrate.until";

  private final boolean row = "row".equals(System.getProperty(UNTIL));

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    if (!row) {
      Runtime.getRuntime().halt(0);
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    // Delta reads its own log in tasks as well; those write nothing.
    if (end.taskMetrics() != null && end.taskMetrics().outputMetrics().recordsWritten() > 0) {
      Runtime.getRuntime().halt(0);
    }
  }
}
