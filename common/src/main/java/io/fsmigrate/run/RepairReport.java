package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.verify.Remaining;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verification repaired.
 *
 * @param changes what it would do, or has done, in words
 * @param done whether it was done; it is not where nobody said yes
 * @param table what the branch shows now; empty where the table was left as it was
 * @param branchCommit the commit that moved the branch
 * @param online records by what became of them, by store: {@code repaired}, {@code stale} (the
 *     store has newer ones), {@code refused}
 * @param failedRecords where those that a store refused are; empty when there are none
 * @param remaining what is still not as it should be, by side, found by comparing again
 */
public record RepairReport(
    List<String> changes,
    boolean done,
    Optional<TablePointer> table,
    Optional<String> branchCommit,
    Map<String, Map<String, Long>> online,
    Optional<String> failedRecords,
    Map<String, Remaining> remaining) {
  /** What nobody said yes to. */
  static RepairReport notDone(List<String> changes) {
    return new RepairReport(
        changes, false, Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), Map.of());
  }

  /** Rows and records that are still not as they should be. */
  long left() {
    return remaining.values().stream().mapToLong(Remaining::total).sum();
  }
}
