package io.fsmigrate.online;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Counts one batch until every record of it is counted, and tells. */
public final class PendingBatch {
  private final Consumer<WriteOutcome> outcome;
  private final List<FailedWrite> failed = new ArrayList<>();
  private int open;
  private long written;
  private long stale;
  private long submitted;

  /**
   * A batch of which nothing is counted yet.
   *
   * @param outcome is told at the end, in whichever thread counts the last record
   */
  public PendingBatch(int records, Consumer<WriteOutcome> outcome) {
    this.open = records;
    this.outcome = outcome;
    tellWhenDone();
  }

  /** A record of it is in the store. */
  public void written() {
    written++;
    counted();
  }

  /** The store has a newer one. */
  public void stale() {
    stale++;
    counted();
  }

  /** The store does not tell. */
  public void submitted() {
    submitted++;
    counted();
  }

  /** A record could not be written. */
  public void failed(FailedWrite failure) {
    failed.add(failure);
    counted();
  }

  private void counted() {
    open--;
    tellWhenDone();
  }

  private void tellWhenDone() {
    if (open == 0) {
      failed.sort(Comparator.comparingInt(FailedWrite::index));
      outcome.accept(new WriteOutcome(written, stale, submitted, failed));
    }
  }
}
