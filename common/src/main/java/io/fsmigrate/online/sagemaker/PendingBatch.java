package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Counts one batch until every record of it is counted, and tells. */
final class PendingBatch {
  private final Consumer<WriteOutcome> outcome;
  private final List<FailedWrite> failed = new ArrayList<>();
  private int open;
  private long written;
  private long stale;
  private long submitted;

  PendingBatch(int records, Consumer<WriteOutcome> outcome) {
    this.open = records;
    this.outcome = outcome;
    tellWhenDone();
  }

  void written() {
    written++;
    counted();
  }

  void stale() {
    stale++;
    counted();
  }

  void submitted() {
    submitted++;
    counted();
  }

  void failed(FailedWrite failure) {
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
