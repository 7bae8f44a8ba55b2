package io.fsmigrate.online.restraint;

import io.fsmigrate.online.restraint.Message.Sender;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of one JVM: its gates, the budgets if it is the driver's, the way to them if not. */
final class JvmGates {
  private static final Logger LOG = LoggerFactory.getLogger(JvmGates.class);

  private final LongSupplier nanos;
  private final BooleanSupplier isExecutor;
  private final ClusterBudgets budgets;
  private final GateRegistry gates;
  private final AtomicReference<Connection> connection = new AtomicReference<>();
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param isExecutor whether this JVM works for a driver in another one
   */
  JvmGates(BooleanSupplier isExecutor, LongSupplier nanos) {
    this.nanos = nanos;
    this.isExecutor = isExecutor;
    this.budgets = new ClusterBudgets(nanos);
    this.gates = new GateRegistry(this::membership, nanos);
  }

  GateLease open(GateKey key, Limits limits, int executors) {
    return gates.open(key, limits, Math.max(1, executors));
  }

  Message answer(Message question) {
    return budgets.answer(question);
  }

  Map<GateKey, GateState> observed() {
    return budgets.observed();
  }

  void connect(String executor, DriverLink driver) {
    disconnect(
        Optional.ofNullable(connection.getAndSet(new Connection(executor, driver, threads()))));
  }

  void disconnect() {
    disconnect(Optional.ofNullable(connection.getAndSet(null)));
  }

  private static void disconnect(Optional<Connection> old) {
    old.ifPresent(o -> o.threads.close());
  }

  private Membership membership(GateKey key, Limits limits, int executors, long number) {
    Connection here = connection.get();
    if (here != null) {
      String name = here.executor + "/" + number;
      return new RemoteMembership(
          new Sender(key, limits, executors, name),
          here.driver,
          here.threads.beats,
          here.threads.fetches,
          nanos);
    }
    if (!isExecutor.getAsBoolean()) {
      return new DirectMembership("driver/" + number, budgets.of(key, limits, executors));
    }
    if (warned.compareAndSet(false, true)) {
      LOG.warn(
          "{} is not in spark.plugins of this application: this executor keeps to 1/{} of the limits"
              + " of online stores, whether the other executors use theirs or not",
          "io.fsmigrate.online.restraint.RestraintPlugin",
          executors);
    }
    return new FixedMembership(limits, executors, nanos);
  }

  private static Threads threads() {
    return new Threads(
        Executors.newSingleThreadScheduledExecutor(daemons("beat")),
        Executors.newCachedThreadPool(daemons("reserve")));
  }

  private static ThreadFactory daemons(String name) {
    return body -> {
      Thread thread = new Thread(body, "fs-migrate-restraint-" + name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** The way to the driver. */
  private record Connection(String executor, DriverLink driver, Threads threads) {}

  private record Threads(ScheduledExecutorService beats, ExecutorService fetches) {
    void close() {
      beats.shutdownNow();
      fetches.shutdownNow();
    }
  }
}
