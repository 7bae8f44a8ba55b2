package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes records to a feature group. Calls are filled over the borders of batches; of two records
 * with the same identifier the second waits for the first, so that no call and no two calls at a
 * time have both.
 */
final class SageMakerRecordWriter implements RecordWriter {
  private final CallPump pump;
  private final RecordCodec codec;
  private final ByteBudget budget;
  private final boolean keepsRecords;
  private final WritePath path;
  private final AutoCloseable resources;
  private final String address;
  private final JsonBytes json = new JsonBytes();
  private final Map<String, Deque<PendingRecord>> underWay = new HashMap<>();
  private long held;
  private boolean broken;

  /**
   * @param keepsRecords whether parts of a record may be sent later
   * @param path makes the way of records, given who is told of their end
   * @param resources closed with the writer, after the calls in flight
   */
  SageMakerRecordWriter(
      CallPump pump,
      RecordCodec codec,
      ByteBudget budget,
      boolean keepsRecords,
      Function<Consumer<PendingRecord>, WritePath> path,
      AutoCloseable resources,
      String address) {
    this.pump = pump;
    this.codec = codec;
    this.budget = budget;
    this.keepsRecords = keepsRecords;
    this.resources = resources;
    this.address = address;
    this.path = path.apply(this::ended);
  }

  @Override
  public void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome) {
    guarded(
        () -> {
          PendingBatch pending = new PendingBatch(batch.size(), outcome);
          for (int i = 0; i < batch.size(); i++) {
            take(pending, i, batch.get(i));
          }
          pump.advance();
        });
  }

  @Override
  public void flush() {
    guarded(pump::drain);
  }

  @Override
  public void commit() {
    // A record is durable once the service has answered.
    flush();
  }

  @Override
  public void close() {
    pump.close();
    budget.giveBack(held);
    held = 0;
    try {
      resources.close();
    } catch (Exception e) {
      throw new IllegalStateException("The connections to the store cannot be closed", e);
    }
  }

  private void take(PendingBatch batch, int index, OnlineRecord record) {
    EncodedRecord encoded;
    try {
      encoded = codec.encode(record, json);
    } catch (UnwritableValueException e) {
      batch.failed(new FailedWrite(index, e.code(), e.getMessage(), false));
      return;
    }
    while (!budget.take(encoded.json().length, underWay.isEmpty())) {
      pump.await();
    }
    held += encoded.json().length;
    PendingRecord pending = new PendingRecord(batch, index, encoded, keepsRecords ? record : null);
    Deque<PendingRecord> before = underWay.get(encoded.id());
    if (before == null) {
      underWay.put(encoded.id(), new ArrayDeque<>(0));
      path.begin(pending);
    } else {
      before.addLast(pending);
    }
  }

  private void ended(PendingRecord record) {
    int bytes = record.encoded().json().length;
    budget.giveBack(bytes);
    held -= bytes;
    PendingRecord next = underWay.get(record.encoded().id()).pollFirst();
    if (next == null) {
      underWay.remove(record.encoded().id());
    } else {
      path.begin(next);
    }
  }

  private void guarded(Runnable work) {
    if (broken) {
      throw new IllegalStateException(
          "Cannot go on with a writer to %s whose store has failed; open another"
              .formatted(address));
    }
    boolean done = false;
    try {
      work.run();
      done = true;
    } finally {
      broken = !done;
    }
  }
}
