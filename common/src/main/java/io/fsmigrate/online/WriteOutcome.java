package io.fsmigrate.online;

import java.util.List;

/**
 * What became of one batch: every record of it is counted once.
 *
 * @param written records that the store now holds, or held already with equal features
 * @param stale records that the store did not take because it holds a newer one, by {@link TieRule}
 * @param submitted records of which the store does not tell whether it took them or holds a newer
 *     one
 * @param failed records that could not be written, by their place in the batch
 */
public record WriteOutcome(long written, long stale, long submitted, List<FailedWrite> failed) {
  /** Of a store that tells of every record. */
  public WriteOutcome(long written, long stale, List<FailedWrite> failed) {
    this(written, stale, 0, failed);
  }

  public WriteOutcome {
    failed = List.copyOf(failed);
  }
}
