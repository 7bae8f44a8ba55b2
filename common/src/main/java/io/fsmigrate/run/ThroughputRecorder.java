package io.fsmigrate.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Takes samples of a run's progress. When there are too many, every second one is given up and the
 * least time between two doubles: a run of any length leaves about as many.
 */
final class ThroughputRecorder implements RunListener {
  /** The most samples that are kept. */
  static final int MOST = 200;

  private static final double NANOS = 1e9;

  private final Instant since;
  private final LongSupplier nanos;
  private final long start;
  private final Map<String, Long> rows = new TreeMap<>();
  private final List<Throughput.Sample> kept = new ArrayList<>();
  private Optional<Throughput.Sample> newest = Optional.empty();
  private double gap;
  private boolean resumed;

  /**
   * @param since when the work begins
   * @param nanos a time that never goes back, unlike that of a clock
   */
  ThroughputRecorder(Instant since, LongSupplier nanos) {
    this.since = since;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
  }

  /** An earlier process has worked on the run. */
  synchronized void resumed() {
    resumed = true;
  }

  @Override
  public synchronized void on(RunEvent event) {
    switch (event.kind()) {
      case STARTED -> sample();
      case SKIPPED, RECORDED, HISTORY_ENDED -> {
        rows.merge(event.store(), event.rows(), Long::sum);
        sample();
      }
      case OFFLINE_WRITTEN, REF_MOVED, SERVING, HISTORY_STARTED, ONLINE_WRITTEN, ENDED -> {}
    }
  }

  private void sample() {
    Throughput.Sample sample = new Throughput.Sample(seconds(), Map.copyOf(rows));
    newest = Optional.of(sample);
    if (kept.isEmpty() || sample.seconds() - kept.get(kept.size() - 1).seconds() >= gap) {
      kept.add(sample);
    }
    if (kept.size() == MOST) {
      thin();
    }
  }

  private void thin() {
    gap = Math.max(2 * gap, 2 * kept.get(MOST - 1).seconds() / MOST);
    List<Throughput.Sample> fewer = new ArrayList<>();
    for (int i = 0; i < MOST; i += 2) {
      fewer.add(kept.get(i));
    }
    kept.clear();
    kept.addAll(fewer);
  }

  private double seconds() {
    return Math.round((nanos.getAsLong() - start) / NANOS * 1000) / 1000.0;
  }

  /** The samples so far; the newest is always among them. */
  synchronized Throughput samples() {
    List<Throughput.Sample> samples = new ArrayList<>(kept);
    newest
        .filter(sample -> !samples.get(samples.size() - 1).equals(sample))
        .ifPresent(samples::add);
    return new Throughput(Optional.of(since), resumed, samples);
  }
}
