package io.fsmigrate.online;

import java.io.Serializable;

/**
 * The run that a writer writes for.
 *
 * @param run its id
 * @param maxWorkers calls to the store in flight at once, for the whole run
 * @param executors JVMs that write for the run, as many as there were at its start
 * @param staleCheck whether a store that does not tell stale records is asked first
 * @param strategy what {@link OnlineStore#confirm} said
 * @param fence what tells this run from one that was taken over; see {@link OnlineStore#raiseFence}
 */
public record WriteContext(
    String run,
    int maxWorkers,
    int executors,
    StaleCheck staleCheck,
    WriteStrategy strategy,
    Fence fence)
    implements Serializable {
  /** Whole records, without asking the store first. */
  public WriteContext(String run, int maxWorkers, int executors) {
    this(run, maxWorkers, executors, StaleCheck.NONE, WriteStrategy.FULL, Fence.NONE);
  }

  /** For writers that need not be told from earlier ones. */
  public WriteContext(
      String run, int maxWorkers, int executors, StaleCheck staleCheck, WriteStrategy strategy) {
    this(run, maxWorkers, executors, staleCheck, strategy, Fence.NONE);
  }
}
