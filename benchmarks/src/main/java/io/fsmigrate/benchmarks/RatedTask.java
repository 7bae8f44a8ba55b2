package io.fsmigrate.benchmarks;

import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateLease;
import io.fsmigrate.online.restraint.Limits;
import io.fsmigrate.online.restraint.Permit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.Function;

/**
 * Makes as many calls as its gate allows for some seconds and tells when each started. A call does
 * nothing and takes some milliseconds.
 */
final class RatedTask implements Function<Integer, long[]> {
  private static final long serialVersionUID = 1L;

  private final GateKey key;
  private final Limits limits;
  private final int executors;
  private final int batch;
  private final long callMillis;
  private final long seconds;

  RatedTask(GateKey key, Limits limits, int executors, int batch, long callMillis, long seconds) {
    this.key = key;
    this.limits = limits;
    this.executors = executors;
    this.batch = batch;
    this.callMillis = callMillis;
    this.seconds = seconds;
  }

  @Override
  public long[] call(Integer task) throws InterruptedException {
    List<Long> starts = new ArrayList<>();
    ScheduledExecutorService store = Executors.newSingleThreadScheduledExecutor();
    try (GateLease gate = CallGates.open(key, limits, executors)) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() - end < 0) {
        Permit permit = gate.acquire(new CallCost(batch, 0));
        starts.add(System.nanoTime());
        var unused = store.schedule(permit::succeeded, callMillis, TimeUnit.MILLISECONDS);
      }
      // Calls under way come to their end, as those of a real task would.
      store.shutdown();
      store.awaitTermination(seconds, TimeUnit.SECONDS);
    }
    return starts.stream().mapToLong(Long::longValue).toArray();
  }
}
