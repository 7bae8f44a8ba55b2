package io.fsmigrate.online.restraint;

import java.util.Map;

/**
 * The gates of this JVM, created on first use. This is the one place with state per JVM: tasks of
 * one executor have nothing else in common.
 */
public final class CallGates {
  private static final JvmGates JVM = new JvmGates(SparkPlace::isExecutor, System::nanoTime);

  private CallGates() {}

  /**
   * A task opens the gate of its JVM and closes it at its end; the first to open it makes it, with
   * the limits given then.
   *
   * @param executors of the cluster when the run started, from 1
   */
  public static GateLease open(GateKey key, Limits limits, int executors) {
    return JVM.open(key, limits, executors);
  }

  /**
   * In the driver's JVM: what the gates of all JVMs are doing together, for each key that is or was
   * in use lately.
   */
  public static Map<GateKey, GateState> observed() {
    return JVM.observed();
  }

  static Message answer(Message question) {
    return JVM.answer(question);
  }

  static void connect(String executor, DriverLink driver) {
    JVM.connect(executor, driver);
  }

  static void disconnect() {
    JVM.disconnect();
  }
}
