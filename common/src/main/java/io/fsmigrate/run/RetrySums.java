package io.fsmigrate.run;

import static io.fsmigrate.run.Counters.get;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sums that must hold for a retry, or it fails: what was tried, as the failed records of the
 * other run say, is what was settled, as the tables of this one and the stores say.
 */
final class RetrySums {
  private final List<String> broken = new ArrayList<>();

  /**
   * Of rows that failed offline.
   *
   * @param tried by the plan
   * @param writtenByLog rows that the log of the run's table says were added
   * @param failedByLog rows that the log of the failed-record table says were added
   * @param settledByLog outcomes that the log of their table says were added
   */
  RetrySums offline(
      Map<String, Long> counted,
      long tried,
      long writtenByLog,
      long failedByLog,
      long settledByLog) {
    equal(
        "offline: retried = written + unchanged + filtered + failed",
        tried,
        writtenByLog
            + get(counted, Counters.UNCHANGED)
            + get(counted, Counters.FILTERED)
            + get(counted, Counters.FAILED));
    equal("offline: failed = failed records kept", get(counted, Counters.FAILED), failedByLog);
    equal("offline: retried = outcomes kept", tried, settledByLog);
    return this;
  }

  /**
   * Of one online store over all its units.
   *
   * @param tried failed records of the store, by the plan
   * @param accepted rows that were accepted offline, which the store is given as well
   * @param settledByLog outcomes that the log of their table says were added
   */
  RetrySums online(
      String store, Map<String, Long> counted, long tried, long accepted, long settledByLog) {
    equal(
        store + ": retried + rows accepted = newest + superseded",
        tried + accepted,
        get(counted, Counters.NEWEST) + get(counted, Counters.SUPERSEDED));
    equal(
        store + ": newest = written + submitted + stale + failed",
        get(counted, Counters.NEWEST),
        get(counted, Counters.WRITTEN)
            + get(counted, Counters.SUBMITTED)
            + get(counted, Counters.STALE)
            + get(counted, Counters.FAILED));
    equal(store + ": retried = outcomes kept", tried, settledByLog);
    return this;
  }

  private void equal(String sum, long left, long right) {
    if (left != right) {
      broken.add("%s does not hold: %d against %d".formatted(sum, left, right));
    }
  }

  /**
   * @throws io.fsmigrate.error.FsMigrateException SUMS_DO_NOT_ADD_UP naming every sum that does not
   *     hold
   */
  void require() {
    if (!broken.isEmpty()) {
      throw RunErrors.sums(broken, true);
    }
  }
}
