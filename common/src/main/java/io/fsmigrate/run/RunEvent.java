package io.fsmigrate.run;

import java.util.List;

/**
 * Something that happened in a run.
 *
 * @param run the run's id
 * @param store {@code offline} or the online store's name; empty where none is meant
 * @param units the units it concerns; may be empty
 * @param rows rows it concerns, from the units' counters; 0 where none are
 */
public record RunEvent(Kind kind, String run, String store, List<String> units, long rows) {
  /** What happened. */
  public enum Kind {
    /** The run has its line in the ledger and the lock on its target; {@code rows} is the total. */
    STARTED,
    /** Units were done by an earlier process of the same run. */
    SKIPPED,
    /** The rows of offline units are in the run's table; their progress is not recorded yet. */
    OFFLINE_WRITTEN,
    /** The progress of units is recorded. */
    RECORDED,
    /** All offline units are done; the branch shows the new table. */
    REF_MOVED,
    /** Failed records of another run are tried; {@code rows} is how many. */
    RETRYING,
    /** What the branch shows is brought into online stores, by a run that does not move it. */
    SERVING,
    /** Rows are being added to an offline store in bulk; {@code rows} is the total. */
    HISTORY_STARTED,
    /** They are there. */
    HISTORY_ENDED,
    /** The store has the records of an online unit; its progress is not recorded yet. */
    ONLINE_WRITTEN,
    /** The run has ended, well or not. */
    ENDED
  }
}
