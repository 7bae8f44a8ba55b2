package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.online.sagemaker.StoredComparison.Decision;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The way of a record: looked up where that was asked for, then written whole, updated or left.
 * Ends with its batch being told.
 */
final class WritePath {
  /** How records are looked up before they are written. */
  enum Look {
    /** Not at all. */
    NONE,
    /** To find those that the store has newer. */
    ALL,
    /** To add features to those that the store has with the same event time. */
    ADDED
  }

  private final Look look;
  private final StoredComparison comparison;
  private final List<String> added;
  private final Consumer<PendingRecord> ended;
  private final Lane<PendingRecord, Optional<StoredRecord>> looks;
  private final Lane<PendingRecord, Optional<StoredRecord>> comparisons;
  private final Lane<PendingRecord, Void> writes;
  private final Lane<PendingUpdate, UpdateRecordCall.Result> updates;

  /**
   * @param added features, by the group's names, for {@link Look#ADDED}
   * @param mostRecords of one write, where a rate limit allows fewer than the call
   * @param ended is told of each record that has ended
   */
  WritePath(
      CallPump pump,
      GroupCalls calls,
      RecordCodec codec,
      RecordWrite write,
      int mostRecords,
      Look look,
      List<String> added,
      StoredComparison comparison,
      Consumer<PendingRecord> ended) {
    this.look = look;
    this.comparison = comparison;
    this.added = List.copyOf(added);
    this.ended = ended;
    List<String> seen = new ArrayList<>(List.of(codec.idName(), codec.eventTimeName()));
    seen.addAll(added);
    this.looks = pump.lane(reads(calls, seen), GetRecordsCall.MOST_RECORDS, outcomes(this::looked));
    this.comparisons =
        pump.lane(reads(calls, List.of()), GetRecordsCall.MOST_RECORDS, outcomes(this::compared));
    this.updates =
        pump.lane(
            new UpdateRecordCall(calls, codec),
            1,
            new Lane.Outcomes<>() {
              @Override
              public void done(PendingUpdate entry, UpdateRecordCall.Result result) {
                updated(entry, result);
              }

              @Override
              public void refused(PendingUpdate entry, ServiceFault fault) {
                fail(entry.record(), fault);
              }
            });
    this.writes = pump.lane(write, mostRecords, outcomes((record, nothing) -> wrote(record)));
  }

  private static GetRecordsCall<PendingRecord> reads(GroupCalls calls, List<String> features) {
    return new GetRecordsCall<>(calls, record -> record.encoded().id(), features);
  }

  /** Sends a record on its way. */
  void begin(PendingRecord record) {
    if (look == Look.NONE) {
      writes.add(record);
    } else {
      looks.add(record);
    }
  }

  private void looked(PendingRecord record, Optional<StoredRecord> stored) {
    switch (comparison.age(stored, record.encoded().eventTime())) {
      case MISSING, OLDER -> writes.add(record);
      case NEWER -> stale(record);
      case EQUAL -> {
        if (look == Look.ADDED) {
          follow(record, comparison.decideAdded(record, stored.orElseThrow(), added));
        } else {
          comparisons.add(record);
        }
      }
    }
  }

  private void compared(PendingRecord record, Optional<StoredRecord> stored) {
    switch (comparison.age(stored, record.encoded().eventTime())) {
      case MISSING, OLDER -> writes.add(record);
      case NEWER -> stale(record);
      case EQUAL -> follow(record, comparison.decide(record, stored.orElseThrow()));
    }
  }

  private void follow(PendingRecord record, Decision decision) {
    if (decision instanceof Decision.Update update) {
      updates.add(new PendingUpdate(record, update.features()));
    } else if (decision instanceof Decision.Impossible impossible) {
      fail(
          record,
          StoredComparison.EQUAL_EVENT_TIME,
          "the store has the record with the same event time and other features, and %s"
              .formatted(impossible.why()),
          false);
    } else if (decision instanceof Decision.Loses) {
      stale(record);
    } else {
      end(record);
      record.batch().written();
    }
  }

  private void updated(PendingUpdate update, UpdateRecordCall.Result result) {
    PendingUpdate rest = update.after(UpdateRecordCall.FEATURES_PER_CALL);
    switch (result) {
      case IS_NEWER -> stale(update.record());
      // Deleted since it was looked up; whole, it can be there again.
      case IS_MISSING -> writes.add(update.record());
      case UPDATED -> {
        if (!rest.features().isEmpty()) {
          updates.add(rest);
        } else {
          end(update.record());
          update.record().batch().written();
        }
      }
    }
  }

  private void wrote(PendingRecord record) {
    end(record);
    if (look == Look.NONE) {
      record.batch().submitted();
    } else {
      record.batch().written();
    }
  }

  private void stale(PendingRecord record) {
    end(record);
    record.batch().stale();
  }

  private void fail(PendingRecord record, ServiceFault fault) {
    fail(record, fault.code(), String.valueOf(fault.getMessage()), fault.isRetryable());
  }

  private void fail(PendingRecord record, String code, String reason, boolean retryable) {
    end(record);
    record.batch().failed(new FailedWrite(record.index(), code, reason, retryable));
  }

  private void end(PendingRecord record) {
    ended.accept(record);
  }

  private <R> Lane.Outcomes<PendingRecord, R> outcomes(
      java.util.function.BiConsumer<PendingRecord, R> done) {
    return new Lane.Outcomes<>() {
      @Override
      public void done(PendingRecord entry, R result) {
        done.accept(entry, result);
      }

      @Override
      public void refused(PendingRecord entry, ServiceFault fault) {
        fail(entry, fault);
      }
    };
  }
}
