package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The way of a record: put by itself under a condition, or many a call without one. The service
 * compares event times; where they are equal and the values are not, the rule is applied here to
 * the item that the service compared with, and the record is put again only over exactly that one.
 */
final class ItemWrites {
  private final ItemForm form;
  private final TieRule rule;
  private final boolean loads;
  private final Consumer<PendingItem> ended;
  private final Lane<PendingItem, Optional<Map<String, AttributeValue>>> puts;
  private final Lane<PendingItem, Void> batches;

  /**
   * @param mostRecords of one batch, where a rate limit allows fewer than the call
   * @param loads whether to write without conditions, into a table without items
   * @param ended is told of each record that has ended
   */
  ItemWrites(
      CallPump pump,
      DynamoDbAsyncClient client,
      String table,
      ItemForm form,
      TieRule rule,
      int mostRecords,
      boolean loads,
      Consumer<PendingItem> ended) {
    this.form = form;
    this.rule = rule;
    this.loads = loads;
    this.ended = ended;
    this.puts =
        pump.lane(
            new PutItemCall(client, table, form.keyName()),
            1,
            new Lane.Outcomes<>() {
              @Override
              public void done(PendingItem entry, Optional<Map<String, AttributeValue>> stored) {
                stored.ifPresentOrElse(item -> judge(entry, item), () -> written(entry));
              }

              @Override
              public void refused(PendingItem entry, ServiceFault fault) {
                fail(entry, fault);
              }
            });
    this.batches =
        pump.lane(
            BatchWriteCall.puts(client, table, form.keyName()),
            mostRecords,
            new Lane.Outcomes<>() {
              @Override
              public void done(PendingItem entry, Void nothing) {
                written(entry);
              }

              @Override
              public void refused(PendingItem entry, ServiceFault fault) {
                fail(entry, fault);
              }
            });
  }

  /** Sends a record on its way. */
  void begin(PendingItem record) {
    if (loads) {
      batches.add(record);
    } else {
      puts.add(record);
    }
  }

  private void judge(PendingItem record, Map<String, AttributeValue> stored) {
    OptionalLong age = EventTimes.compare(stored.get(ItemForm.TIME), record.item().time());
    if (age.isEmpty()) {
      unreadable(record, "has no event time (" + ItemForm.TIME + ") of this form");
    } else if (age.getAsLong() > 0) {
      end(record);
      record.batch().stale();
    } else if (age.getAsLong() < 0) {
      // Not what the service compared with.
      puts.add(record);
    } else {
      settle(record, stored);
    }
  }

  private void settle(PendingItem record, Map<String, AttributeValue> stored) {
    OnlineRecord other;
    try {
      other = form.decode(stored);
    } catch (IllegalArgumentException e) {
      unreadable(
          record, "has the same event time and values that cannot be compared: " + e.getMessage());
      return;
    }
    int order = rule.compare(record.record(), other);
    if (order > 0) {
      record.winsOver(stored.get(ItemForm.DIGEST));
      puts.add(record);
    } else if (order == 0) {
      written(record);
    } else {
      end(record);
      record.batch().stale();
    }
  }

  private void unreadable(PendingItem record, String why) {
    end(record);
    record
        .batch()
        .failed(
            new FailedWrite(
                record.index(),
                "UNREADABLE_IN_STORE",
                "the item with key %s %s; remove it, and write the record again"
                    .formatted(text(record.item().key()), why),
                false));
  }

  private static String text(AttributeValue key) {
    return switch (key.type()) {
      case S -> key.s();
      case N -> key.n();
      default -> String.valueOf(key.b());
    };
  }

  private void fail(PendingItem record, ServiceFault fault) {
    end(record);
    record
        .batch()
        .failed(
            new FailedWrite(
                record.index(),
                fault.code(),
                String.valueOf(fault.getMessage()),
                fault.isRetryable()));
  }

  private void written(PendingItem record) {
    end(record);
    record.batch().written();
  }

  private void end(PendingItem record) {
    ended.accept(record);
  }
}
