package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.verify.RecordComparison;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Reads one bucket from an online store, usually from within a Spark task, and compares it. */
final class ReadBucketTask extends AbstractFunction2<TaskContext, Iterator<Row>, ReadBucket>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ReadBucketTask.class);

  /** Parts of which a sample takes some. */
  private static final int PARTS = 1_000_000;

  private final OnlineStoreDefinition store;
  private final VersionedGroup target;
  private final RecordComparison comparison;
  private final int identifier;
  private final double sample;
  private final int batchSize;
  private final int mostKept;
  private final BucketRepair repair;

  /**
   * @param identifier the position of the record identifier
   * @param sample share of the identifiers to look at
   * @param mostKept records that are kept of those that differ in a bucket
   * @param repair what is written when a bucket has been read
   */
  ReadBucketTask(
      OnlineStoreDefinition store,
      VersionedGroup target,
      RecordComparison comparison,
      int identifier,
      double sample,
      int batchSize,
      int mostKept,
      BucketRepair repair) {
    this.store = store;
    this.target = target;
    this.comparison = comparison;
    this.identifier = identifier;
    this.sample = sample;
    this.batchSize = batchSize;
    this.mostKept = mostKept;
    this.repair = repair;
  }

  @Override
  public ReadBucket apply(TaskContext task, Iterator<Row> rows) {
    return read(task.partitionId(), rows);
  }

  /** Reads outside of a task. */
  ReadBucket read(int bucket, Iterator<Row> rows) {
    ReadBucket.Tally tally = new ReadBucket.Tally(bucket, mostKept, repair.kinds());
    Optional<BucketOutcome.StoreFailure> failure = Optional.empty();
    List<ReadBucket.Wanted> batch = new ArrayList<>(batchSize);
    // What goes wrong with the rows is for Spark to mend, or to tell.
    while (failure.isEmpty() && rows.hasNext()) {
      Row row = rows.next();
      OnlineRecord record = RecordValues.of(row, row.length() - 1);
      tally.record();
      if (isChosen(record)) {
        batch.add(new ReadBucket.Wanted(row, record));
      }
      if (batch.size() == batchSize || (!rows.hasNext() && !batch.isEmpty())) {
        failure = asking(online -> compare(online, batch, tally));
        batch.clear();
      }
    }
    if (failure.isEmpty() && repair.isRepaired(tally)) {
      failure = asking(online -> repair.write(online, target, tally));
    }
    return tally.result(failure);
  }

  /** Why the store did not do it; empty if it did. */
  private Optional<BucketOutcome.StoreFailure> asking(Consumer<OnlineStore> work) {
    try {
      work.accept(OnlineStores.of(store));
      return Optional.empty();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      LOG.warn("Online store {} could not be read", store.name(), e);
      return Optional.of(BucketOutcome.StoreFailure.of(store.name(), e));
    }
  }

  private void compare(OnlineStore online, List<ReadBucket.Wanted> batch, ReadBucket.Tally tally) {
    Map<Object, OnlineRecord> stored = new HashMap<>();
    online.read(
        target,
        batch.stream().map(wanted -> wanted.record().values().get(identifier)).toList(),
        record -> stored.put(record.values().get(identifier), record));
    for (ReadBucket.Wanted wanted : batch) {
      OnlineRecord expected = wanted.record();
      Optional<OnlineRecord> actual =
          Optional.ofNullable(stored.get(expected.values().get(identifier)));
      RecordComparison.Result result = comparison.compare(expected, actual);
      tally.looked(
          result,
          wanted,
          actual,
          result == RecordComparison.Result.DIFFERENT
              ? comparison.differing(expected, actual.orElseThrow())
              : List.of());
    }
  }

  /** The same ones each time, whatever else the table holds. */
  private boolean isChosen(OnlineRecord record) {
    if (sample >= 1) {
      return true;
    }
    CRC32 hash = new CRC32();
    hash.update(String.valueOf(record.values().get(identifier)).getBytes(StandardCharsets.UTF_8));
    return hash.getValue() % PARTS < sample * PARTS;
  }
}
