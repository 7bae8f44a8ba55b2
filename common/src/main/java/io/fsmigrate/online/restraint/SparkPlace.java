package io.fsmigrate.online.restraint;

import org.apache.spark.SparkEnv;

/** Which part of a Spark application this JVM is. */
final class SparkPlace {
  /** What Spark calls the driver among its executors. */
  static final String DRIVER = "driver";

  private SparkPlace() {}

  /** Whether tasks run here for a driver in another JVM. */
  static boolean isExecutor() {
    SparkEnv env = SparkEnv.get();
    return env != null && !env.executorId().equals(DRIVER);
  }
}
