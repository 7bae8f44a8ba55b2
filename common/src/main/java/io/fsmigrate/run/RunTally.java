package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** What a run has counted so far and how long its stages took, for its line in the ledger. */
final class RunTally {
  private final RunRecord record;
  private final Clock clock;
  // Read by another thread when the process is interrupted.
  private final Map<String, Long> counters = new ConcurrentSkipListMap<>();
  private final Map<String, Long> timings = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Map<String, Long>>> underWay = new ConcurrentHashMap<>();

  private final ThroughputRecorder throughput;
  private volatile Outline outline = new Outline(List.of(), RunReport.Settings.NONE);
  private volatile Optional<Published> published = Optional.empty();

  /** What a report says of a run, however it ends. */
  record Outline(List<String> path, RunReport.Settings settings) {}

  /** The commit that moved the branch, and what the branch shows since. */
  record Published(Optional<String> commit, TablePointer table) {}

  RunTally(RunRecord record, Clock clock) {
    this.record = record;
    this.clock = clock;
    this.throughput = new ThroughputRecorder(clock.instant(), System::nanoTime);
  }

  /** Another process has worked on the run. */
  RunTally resumed() {
    throughput.resumed();
    return this;
  }

  ThroughputRecorder throughput() {
    return throughput;
  }

  void outline(Outline known) {
    outline = known;
  }

  Outline outline() {
    return outline;
  }

  void published(Published moved) {
    published = Optional.of(moved);
  }

  Optional<Published> published() {
    return published;
  }

  /** The run's line with what is known now. */
  RunRecord record() {
    underWay.forEach((stage, soFar) -> put(stage, soFar.get()));
    return record.withProgress(counters, timings);
  }

  /**
   * Has the run's line tell what a stage has counted so far, until it is counted.
   *
   * @param soFar may be asked in any thread
   */
  void underWay(String stage, Supplier<Map<String, Long>> soFar) {
    underWay.put(stage, soFar);
  }

  String run() {
    return record.id();
  }

  Map<String, Long> timings() {
    return timings;
  }

  void count(String stage, Map<String, Long> counted) {
    underWay.remove(stage);
    put(stage, counted);
  }

  private void put(String stage, Map<String, Long> counted) {
    counted.forEach((name, value) -> counters.put(stage + "." + name, value));
  }

  void took(String stage, long millis) {
    // The clock may have been set back meanwhile.
    timings.put(stage, Math.max(0, millis));
  }

  /** Times a stage that counts nothing. */
  <T> T timed(String stage, Supplier<T> work) {
    long start = clock.millis();
    T result = work.get();
    took(stage, clock.millis() - start);
    return result;
  }

  /**
   * Times and counts a stage. Whatever ends it, what it had counted until then is kept.
   *
   * @param soFar asked where the stage fails, and now and then before; in any thread
   */
  Map<String, Long> counted(
      String stage, Supplier<Map<String, Long>> work, Supplier<Map<String, Long>> soFar) {
    underWay(stage, soFar);
    try {
      Map<String, Long> counted = timed(stage, work);
      count(stage, counted);
      return counted;
    } catch (Throwable e) {
      count(stage, soFar.get());
      throw e;
    }
  }
}
