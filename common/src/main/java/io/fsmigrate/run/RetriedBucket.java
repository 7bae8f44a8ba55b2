package io.fsmigrate.run;

import io.fsmigrate.offline.transform.RowFates;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The records of one bucket that are tried in a store, and what became of each. */
final class RetriedBucket {
  /** The columns of {@link #failedAgain}. */
  static final StructType FAILED_AGAIN =
      StructType.fromDDL("id string, code string, reason string, retryable boolean");

  /** The first columns of {@link #failedNew}; the last is the record. */
  static final StructType FAILED_NEW =
      StructType.fromDDL("code string, reason string, retryable boolean");

  private final String store;
  private final int batchSize;
  private final List<Tried> newest = new ArrayList<>();
  private final Map<String, Long> counted = new LinkedHashMap<>();
  private final List<Row> outcomes = new ArrayList<>();
  private final List<Row> failedAgain = new ArrayList<>();
  private final List<Row> failedNew = new ArrayList<>();

  /** A record, and its id where it is a failed record. */
  private record Tried(Optional<String> id, Row row) {
    OnlineRecord record() {
      return RecordValues.of(row, row.length());
    }
  }

  RetriedBucket(String store, int batchSize) {
    this.store = store;
    this.batchSize = batchSize;
  }

  /**
   * Takes one record of the bucket.
   *
   * @param id of a failed record
   * @param rank among those of its record identifier, from 1
   * @param row null where it does not read as it was written
   */
  void take(Optional<String> id, int rank, Row row) {
    if (row == null) {
      count(Counters.NEWEST);
      count(Counters.FAILED);
      failedAgain.add(
          RowFactory.create(
              id.orElseThrow(),
              RowFates.UNREADABLE,
              "the original of the record: it does not read as it was written",
              false));
      settle(id, SettledRecords.FAILED);
    } else if (rank > 1) {
      count(Counters.SUPERSEDED);
      settle(id, Counters.STALE);
    } else {
      count(Counters.NEWEST);
      newest.add(new Tried(id, row));
    }
  }

  /**
   * Writes them. A store tells how many of a batch were stale, not which: where that leaves a
   * question, the records are written once more, each on its own, which changes nothing in the
   * store.
   *
   * @param mayWrite throws where the process may not go on; asked before each batch
   */
  void write(RecordWriter writer, Runnable mayWrite) {
    List<Tried> unclear = new ArrayList<>();
    for (int from = 0; from < newest.size(); from += batchSize) {
      List<Tried> batch = newest.subList(from, Math.min(newest.size(), from + batchSize));
      mayWrite.run();
      writer.write(
          batch.stream().map(Tried::record).toList(), outcome -> told(batch, outcome, unclear));
    }
    writer.flush();
    for (Tried tried : unclear) {
      mayWrite.run();
      writer.write(List.of(tried.record()), outcome -> told(List.of(tried), outcome, unclear));
    }
    writer.flush();
  }

  private void told(List<Tried> batch, WriteOutcome outcome, List<Tried> unclear) {
    for (FailedWrite failed : outcome.failed()) {
      failed(batch.get(failed.index()), failed);
    }
    Set<Integer> failed =
        outcome.failed().stream().map(FailedWrite::index).collect(Collectors.toSet());
    boolean clear =
        LongStream.of(outcome.written(), outcome.stale(), outcome.submitted())
                .filter(number -> number > 0)
                .count()
            <= 1;
    for (int i = 0; i < batch.size(); i++) {
      if (!failed.contains(i)) {
        if (clear) {
          taken(batch.get(i), outcome);
        } else {
          unclear.add(batch.get(i));
        }
      }
    }
  }

  private void taken(Tried tried, WriteOutcome outcome) {
    count(
        outcome.stale() > 0
            ? Counters.STALE
            : outcome.submitted() > 0 ? Counters.SUBMITTED : Counters.WRITTEN);
    settle(tried.id(), outcome.stale() > 0 ? Counters.STALE : Counters.WRITTEN);
  }

  private void failed(Tried tried, FailedWrite failed) {
    count(Counters.FAILED);
    if (tried.id().isPresent()) {
      failedAgain.add(
          RowFactory.create(tried.id().get(), failed.code(), failed.reason(), failed.retryable()));
    } else {
      failedNew.add(
          RowFactory.create(failed.code(), failed.reason(), failed.retryable(), tried.row()));
    }
    settle(tried.id(), SettledRecords.FAILED);
  }

  private void settle(Optional<String> id, String outcome) {
    id.ifPresent(known -> outcomes.add(RowFactory.create(known, store, outcome)));
  }

  private void count(String counter) {
    counted.merge(counter, 1L, Long::sum);
  }

  Map<String, Long> counted() {
    return counted;
  }

  /** Of {@link SettledRecords#SCHEMA}, of failed records only. */
  List<Row> outcomes() {
    return outcomes;
  }

  /** Failed records that failed once more. */
  List<Row> failedAgain() {
    return failedAgain;
  }

  /** Records that were none. */
  List<Row> failedNew() {
    return failedNew;
  }
}
