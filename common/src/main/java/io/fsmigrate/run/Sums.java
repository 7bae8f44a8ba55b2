package io.fsmigrate.run;

import static io.fsmigrate.run.Counters.ACCEPTED;
import static io.fsmigrate.run.Counters.EXPECTED;
import static io.fsmigrate.run.Counters.FAILED;
import static io.fsmigrate.run.Counters.FILTERED;
import static io.fsmigrate.run.Counters.NEWEST;
import static io.fsmigrate.run.Counters.READ;
import static io.fsmigrate.run.Counters.STALE;
import static io.fsmigrate.run.Counters.SUBMITTED;
import static io.fsmigrate.run.Counters.SUPERSEDED;
import static io.fsmigrate.run.Counters.UNCHANGED;
import static io.fsmigrate.run.Counters.UNEXPLAINED;
import static io.fsmigrate.run.Counters.UNREADABLE;
import static io.fsmigrate.run.Counters.WRITTEN;
import static io.fsmigrate.run.Counters.get;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sums that must hold for a run, or it fails. Their terms come from independent places: the
 * snapshot's statistics, the scans' own metrics, the counts that ride along with the rows, Delta's
 * commit metrics, the failed-record table and the stores' answers.
 */
final class Sums {
  private final boolean published;
  private final List<String> broken = new ArrayList<>();

  /**
   * @param published whether the branch shows the run's rows already
   */
  Sums(boolean published) {
    this.published = published;
  }

  /**
   * The offline sums over all units.
   *
   * @param counted the units' counters, summed
   * @param everythingRead whether no filter was pushed into the source and all files have
   *     statistics
   * @param writtenByLog rows that the log of the run's table says were added
   * @param failedByLog rows that the log of the failed-record table says were added
   */
  Sums offline(
      Map<String, Long> counted, boolean everythingRead, long writtenByLog, long failedByLog) {
    if (everythingRead) {
      equal(
          "offline: rows by the source's statistics = read%s"
              .formatted(get(counted, UNREADABLE) == 0 ? "" : " + unreadable"),
          get(counted, EXPECTED),
          get(counted, READ) + get(counted, UNREADABLE));
    }
    equal(
        "offline: read = filtered + failed + accepted",
        get(counted, READ),
        get(counted, FILTERED) + get(counted, FAILED) + get(counted, ACCEPTED));
    equal("offline: rows lost within a migration = none", get(counted, UNEXPLAINED), 0);
    equal(
        "offline: accepted = written + unchanged",
        get(counted, ACCEPTED),
        writtenByLog + get(counted, UNCHANGED));
    equal("offline: failed = failed records kept", get(counted, FAILED), failedByLog);
    return this;
  }

  /**
   * The sums of one online store over all its units.
   *
   * @param tableRows rows of the published table by its statistics
   */
  Sums online(String store, Map<String, Long> counted, long tableRows) {
    equal(
        store + ": rows of the table = newest + superseded",
        tableRows,
        get(counted, NEWEST) + get(counted, SUPERSEDED));
    equal(
        store + ": newest = written + submitted + stale + failed",
        get(counted, NEWEST),
        get(counted, WRITTEN)
            + get(counted, SUBMITTED)
            + get(counted, STALE)
            + get(counted, FAILED));
    return this;
  }

  /**
   * The sums of a feature group's offline store that takes the rows of the table.
   *
   * @param tableRows rows of the published table by its statistics
   */
  Sums history(String store, Map<String, Long> counted, long tableRows) {
    equal(store + ": rows of the table = read", tableRows, get(counted, READ));
    equal(
        store + ": read = written + unchanged",
        get(counted, READ),
        get(counted, WRITTEN) + get(counted, UNCHANGED));
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
      throw RunErrors.sums(broken, published);
    }
  }
}
