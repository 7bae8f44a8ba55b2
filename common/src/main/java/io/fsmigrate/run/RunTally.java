package io.fsmigrate.run;

import java.time.Clock;
import java.util.Map;
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

  RunTally(RunRecord record, Clock clock) {
    this.record = record;
    this.clock = clock;
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
    timings.put(stage, millis);
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
