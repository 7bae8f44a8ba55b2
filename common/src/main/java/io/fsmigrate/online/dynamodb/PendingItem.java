package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import io.fsmigrate.online.calls.PumpedWriter;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A record on its way, and the batch that waits for it. */
final class PendingItem implements PumpedWriter.Pending {
  /** Beside the bytes that the service counts, an attribute is an object or two. */
  private static final int FACTOR = 3;

  private final PendingBatch batch;
  private final int index;
  private final OnlineRecord record;
  private final Item item;
  private boolean wins;
  private AttributeValue over;

  PendingItem(PendingBatch batch, int index, OnlineRecord record, Item item) {
    this.batch = batch;
    this.index = index;
    this.record = record;
    this.item = item;
  }

  @Override
  public Object id() {
    return item.key();
  }

  @Override
  public int bytes() {
    return FACTOR * item.bytes();
  }

  PendingBatch batch() {
    return batch;
  }

  int index() {
    return index;
  }

  OnlineRecord record() {
    return record;
  }

  Item item() {
    return item;
  }

  /**
   * Notes that it wins over a stored item of the same event time.
   *
   * @param digest of that item; null where it has none
   */
  void winsOver(AttributeValue digest) {
    wins = true;
    over = digest;
  }

  /** Whether it wins over an item of the same event time, as far as that was seen. */
  boolean wins() {
    return wins;
  }

  /** The digest of that item; null where it has none. */
  AttributeValue over() {
    return over;
  }
}
