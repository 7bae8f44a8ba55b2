package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import io.fsmigrate.online.calls.PumpedWriter;

/** A record on its way, and the batch that waits for it. */
final class PendingRecord implements PumpedWriter.Pending {
  private final PendingBatch batch;
  private final int index;
  private final EncodedRecord encoded;
  private final OnlineRecord record;

  /**
   * @param index its place in the batch
   * @param record kept where parts of it may be sent; otherwise null
   */
  PendingRecord(PendingBatch batch, int index, EncodedRecord encoded, OnlineRecord record) {
    this.batch = batch;
    this.index = index;
    this.encoded = encoded;
    this.record = record;
  }

  @Override
  public Object id() {
    return encoded.id();
  }

  @Override
  public int bytes() {
    return encoded.json().length;
  }

  PendingBatch batch() {
    return batch;
  }

  int index() {
    return index;
  }

  EncodedRecord encoded() {
    return encoded;
  }

  OnlineRecord record() {
    return record;
  }
}
