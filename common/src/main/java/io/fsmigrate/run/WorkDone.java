package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the work of a run has brought about; the rest of its report is known without it.
 *
 * @param offline rows by what became of them
 * @param online records by what became of them, by store
 * @param serving what each online store that has a pointer serves now
 * @param branchCommit the commit that moved the branch; empty if it did not move
 * @param table what the branch shows now
 */
record WorkDone(
    Map<String, Long> offline,
    Map<String, Map<String, Long>> online,
    List<RunReport.Serving> serving,
    Optional<String> branchCommit,
    Optional<TablePointer> table) {

  /** Records that failed, on the way to the table or to a store. */
  long failed() {
    return Counters.get(offline, Counters.FAILED)
        + Counters.get(Counters.sum(online.values()), Counters.FAILED);
  }

  /** Whether nothing failed and nothing was left out because nobody could read it. */
  boolean isWhole() {
    return failed() == 0
        && Counters.get(offline, Counters.UNREADABLE) == 0
        && Counters.get(offline, Counters.UNREADABLE_FILES) == 0;
  }
}
