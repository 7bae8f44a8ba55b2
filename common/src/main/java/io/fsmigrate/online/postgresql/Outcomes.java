package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.function.Consumer;

/** Batches whose outcome has not been told. Records are numbered over all batches of a bucket. */
final class Outcomes {
  private final Deque<Batch> waiting = new ArrayDeque<>();

  /**
   * @param first number of its first record
   */
  void begin(long first, int size, Consumer<WriteOutcome> outcome) {
    waiting.addLast(new Batch(first, size, outcome));
  }

  /** A record of the latest batch did not become a row. */
  void failed(FailedWrite failure) {
    waiting.getLast().failed.add(failure);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Tells the outcome of every batch that waits; all other records were written.
   *
   * @param stale numbers of records
   * @param failed code and reason by number of the record
   */
  void tell(NavigableSet<Long> stale, NavigableMap<Long, RowFailure> failed) {
    while (!waiting.isEmpty()) {
      Batch batch = waiting.removeFirst();
      long end = batch.first + batch.size;
      for (Map.Entry<Long, RowFailure> row :
          failed.subMap(batch.first, true, end, false).entrySet()) {
        RowFailure failure = row.getValue();
        batch.failed.add(
            new FailedWrite(
                (int) (row.getKey() - batch.first), failure.code(), failure.reason(), false));
      }
      batch.failed.sort(Comparator.comparingInt(FailedWrite::index));
      long older = stale.subSet(batch.first, true, end, false).size();
      batch.outcome.accept(
          new WriteOutcome(batch.size - older - batch.failed.size(), older, batch.failed));
    }
  }

  /** Why the server did not take a row. */
  record RowFailure(String code, String reason) {}

  private static final class Batch {
    private final long first;
    private final int size;
    private final Consumer<WriteOutcome> outcome;
    private final List<FailedWrite> failed = new ArrayList<>();

    Batch(long first, int size, Consumer<WriteOutcome> outcome) {
      this.first = first;
      this.size = size;
      this.outcome = outcome;
    }
  }
}
