package io.fsmigrate.online.calls;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriterGuard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes records by calls side by side. Calls are filled over the borders of batches; of two
 * records with the same identifier the second waits for the first, so that no call and no two calls
 * at a time have both.
 *
 * @param <P> a record on its way
 */
public final class PumpedWriter<P extends PumpedWriter.Pending> implements RecordWriter {
  /** A record on its way. */
  public interface Pending {
    /** Equal for equal record identifiers. */
    Object id();

    /** What it holds, about. */
    int bytes();
  }

  /** Makes a record ready to be sent. */
  public interface Encoding<P> {
    /**
     * The record on its way.
     *
     * @param index its place in the batch
     * @throws UnwritableValueException when the store cannot hold it
     */
    P encode(PendingBatch batch, int index, OnlineRecord record) throws UnwritableValueException;
  }

  private final CallPump pump;
  private final Encoding<P> encoding;
  private final ByteBudget budget;
  private final Consumer<P> way;
  private final AutoCloseable resources;
  private final WriterGuard guard;
  private final Map<Object, Deque<P>> underWay = new HashMap<>();
  private long held;

  /**
   * @param way makes the way of records, given who is told of the end of each
   * @param resources closed with the writer, after the calls in flight
   * @param address of the target, for messages
   */
  public PumpedWriter(
      CallPump pump,
      Encoding<P> encoding,
      ByteBudget budget,
      Function<Consumer<P>, Consumer<P>> way,
      AutoCloseable resources,
      String address) {
    this.pump = pump;
    this.encoding = encoding;
    this.budget = budget;
    this.resources = resources;
    this.guard = new WriterGuard(address);
    this.way = way.apply(this::ended);
  }

  @Override
  public void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome) {
    guard.run(
        () -> {
          PendingBatch pending = new PendingBatch(batch.size(), outcome);
          for (int i = 0; i < batch.size(); i++) {
            take(pending, i, batch.get(i));
          }
          pump.advance();
        });
  }

  @Override
  public void rest() {
    guard.run(
        () -> {
          if (!pump.isIdle()) {
            pump.await();
          }
        });
  }

  @Override
  public void flush() {
    guard.run(pump::drain);
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
    P pending;
    try {
      pending = encoding.encode(batch, index, record);
    } catch (UnwritableValueException e) {
      batch.failed(new FailedWrite(index, e.code(), e.getMessage(), false));
      return;
    }
    while (!budget.take(pending.bytes(), underWay.isEmpty())) {
      pump.await();
    }
    held += pending.bytes();
    Deque<P> before = underWay.get(pending.id());
    if (before == null) {
      underWay.put(pending.id(), new ArrayDeque<>(0));
      way.accept(pending);
    } else {
      before.addLast(pending);
    }
  }

  private void ended(P record) {
    budget.giveBack(record.bytes());
    held -= record.bytes();
    P next = underWay.get(record.id()).pollFirst();
    if (next == null) {
      underWay.remove(record.id());
    } else {
      way.accept(next);
    }
  }
}
