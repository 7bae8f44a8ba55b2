package io.fsmigrate.online.redis;

import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.PendingBatch;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriterGuard;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes records to Redis. The server compares event times; where they are equal and the features
 * are not, the rule is applied here, and the record is written only if the server still holds what
 * it was compared with.
 */
final class RedisRecordWriter implements RecordWriter, ScriptPump.Outcomes {
  private final RecordForm form;
  private final TieRule rule;
  private final Topology topology;
  private final WriterGuard guard;
  private final int id;
  private final AutoCloseable resources;
  private final ScriptPump pump;

  /**
   * @param address of the target, for messages
   * @param id place of the record identifier
   * @param resources closed with the writer
   * @param pump makes it, given who is told of records
   */
  RedisRecordWriter(
      RecordForm form,
      TieRule rule,
      Topology topology,
      String address,
      int id,
      AutoCloseable resources,
      Function<ScriptPump.Outcomes, ScriptPump> pump) {
    this.form = form;
    this.rule = rule;
    this.topology = topology;
    this.guard = new WriterGuard(address);
    this.id = id;
    this.resources = resources;
    this.pump = pump.apply(this);
  }

  @Override
  public void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome) {
    guard.run(
        () -> {
          PendingBatch pending = new PendingBatch(batch.size(), outcome);
          for (int i = 0; i < batch.size(); i++) {
            take(pending, i, batch.get(i));
          }
        });
  }

  @Override
  public void rest() {
    guard.run(pump::rest);
  }

  @Override
  public void flush() {
    guard.run(pump::drain);
  }

  @Override
  public void commit() {
    // How durable an answered write is, the server's own configuration says.
    flush();
  }

  @Override
  public void close() {
    pump.close();
    try {
      resources.close();
    } catch (Exception e) {
      throw new IllegalStateException("The gate to the store cannot be closed", e);
    }
  }

  private void take(PendingBatch batch, int index, OnlineRecord record) {
    Entry entry;
    try {
      entry = form.encode(record);
    } catch (UnwritableValueException e) {
      batch.failed(new FailedWrite(index, e.code(), e.getMessage(), false));
      return;
    }
    pump.add(new PendingRecord(batch, index, record, entry, topology.slot(entry.key())));
  }

  @Override
  public void written(PendingRecord record) {
    record.batch().written();
  }

  @Override
  public void stale(PendingRecord record) {
    record.batch().stale();
  }

  @Override
  public void tie(PendingRecord record, List<?> fieldsAndValues) {
    List<byte[]> seen = values(fieldsAndValues);
    Optional<OnlineRecord> stored;
    try {
      stored = form.decode(record.record().values().get(id), seen);
    } catch (IllegalArgumentException e) {
      pump.ended(record);
      fail(
          record,
          "UNREADABLE_IN_STORE",
          "key %s has the same event time and values that cannot be compared: %s"
              .formatted(Keys.text(record.entry().key()), e.getMessage()));
      return;
    }
    int order = stored.map(other -> rule.compare(record.record(), other)).orElse(1);
    if (order > 0) {
      record.replaces(digest(seen));
      pump.again(record);
      return;
    }
    pump.ended(record);
    if (order == 0) {
      record.batch().written();
    } else {
      record.batch().stale();
    }
  }

  @Override
  public void failed(PendingRecord record, RedisFault fault) {
    String key = Keys.text(record.entry().key());
    if (fault.fault() == Fault.WRONG_TYPE) {
      fail(
          record,
          "KEY_IN_OTHER_USE",
          "key %s holds something that is no hash; remove it, or set another key-prefix"
              .formatted(key));
    } else {
      fail(
          record,
          "UNREADABLE_IN_STORE",
          "key %s has an event time that is not one; remove it, and write the record again"
              .formatted(key));
    }
  }

  private static void fail(PendingRecord record, String code, String reason) {
    record.batch().failed(new FailedWrite(record.index(), code, reason, false));
  }

  private List<byte[]> values(List<?> fieldsAndValues) {
    Map<ByteBuffer, byte[]> byField = new HashMap<>();
    for (int i = 0; i < fieldsAndValues.size(); i += 2) {
      byField.put(
          ByteBuffer.wrap((byte[]) fieldsAndValues.get(i)), (byte[]) fieldsAndValues.get(i + 1));
    }
    List<byte[]> values = new ArrayList<>(form.fields().size());
    for (byte[] field : form.fields()) {
      values.add(byField.get(ByteBuffer.wrap(field)));
    }
    return values;
  }

  /** As settle.lua makes it. */
  private static byte[] digest(List<byte[]> values) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] value : values) {
      if (value == null) {
        all.write('-');
      } else {
        all.writeBytes(Records.utf8(value.length + ":"));
        all.writeBytes(value);
      }
    }
    return Script.sha1(all.toByteArray());
  }
}
