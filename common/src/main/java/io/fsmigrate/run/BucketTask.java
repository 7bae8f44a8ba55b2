package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction2;

/**
 * Writes one bucket, usually from within a Spark task, to every store that lacks it: read once,
 * batch by batch, and in each store one commit at the end. A store that takes no more does not keep
 * the others from the bucket.
 */
final class BucketTask extends AbstractFunction2<TaskContext, Iterator<Row>, BucketOutcome>
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(BucketTask.class);

  private final List<StoreWork> stores;
  private final VersionedGroup target;
  private final int batchSize;

  BucketTask(List<StoreWork> stores, VersionedGroup target, int batchSize) {
    this.stores = new ArrayList<>(stores);
    this.target = target;
    this.batchSize = batchSize;
  }

  @Override
  public BucketOutcome apply(TaskContext task, Iterator<Row> rows) {
    return write(task.partitionId(), rows, Optional.of(task));
  }

  /** Writes the rows of a bucket outside of a task. */
  BucketOutcome write(int bucket, Iterator<Row> rows) {
    return write(bucket, rows, Optional.empty());
  }

  private BucketOutcome write(int bucket, Iterator<Row> rows, Optional<TaskContext> task) {
    List<StoreLane> lanes = new ArrayList<>();
    try {
      for (StoreWork store : stores) {
        if (store.open().get(bucket)) {
          lanes.add(StoreLane.start(bucket, store, target, batchSize));
        }
      }
      List<Row> next = new ArrayList<>(batchSize);
      while (rows.hasNext()) {
        next.add(rows.next());
        if (next.size() == batchSize || !rows.hasNext()) {
          StoreLane.Batch batch =
              new StoreLane.Batch(
                  List.copyOf(next), next.stream().map(BucketTask::record).toList());
          for (StoreLane lane : lanes) {
            untilTrue(() -> lane.offer(batch), task);
          }
          next.clear();
        }
      }
      for (StoreLane lane : lanes) {
        untilTrue(lane::offerEnd, task);
      }
      for (StoreLane lane : lanes) {
        untilTrue(lane::hasEnded, task);
      }
      return outcome(lanes);
    } finally {
      lanes.forEach(StoreLane::close);
    }
  }

  private static BucketOutcome outcome(List<StoreLane> lanes) {
    List<BucketResult> results = new ArrayList<>();
    List<BucketOutcome.StoreFailure> failures = new ArrayList<>();
    for (StoreLane lane : lanes) {
      Optional<Throwable> failure = lane.failure();
      if (failure.isEmpty()) {
        results.add(lane.result());
      } else if (failure.get() instanceof VirtualMachineError fatal) {
        throw fatal;
      } else {
        LOG.warn("Online store {} took no more", lane.store(), failure.get());
        failures.add(BucketOutcome.StoreFailure.of(lane.store(), failure.get()));
      }
    }
    return new BucketOutcome(results, failures);
  }

  private interface Attempt {
    boolean succeeds() throws InterruptedException;
  }

  /** Spark does not interrupt a task that it kills; who waits has to look. */
  private static void untilTrue(Attempt attempt, Optional<TaskContext> task) {
    try {
      while (!attempt.succeeds()) {
        if (task.isPresent() && task.get().isInterrupted()) {
          throw new TaskKilledException("while stores were written");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while stores were written", e);
    }
  }

  /** A row of {@link NewestRecords} as stores take it. */
  static OnlineRecord record(Row row) {
    List<Object> values = new ArrayList<>(row.length() - 1);
    for (int i = 0; i < row.length() - 1; i++) {
      values.add(value(row.get(i)));
    }
    return new OnlineRecord(values);
  }

  /** From Spark's Scala collections and rows to what {@link OnlineRecord} lists. */
  private static Object value(Object value) {
    if (value instanceof scala.collection.Seq<?> seq) {
      return CollectionConverters.asJava(seq).stream()
          .collect(ArrayList::new, (list, v) -> list.add(value(v)), ArrayList::addAll);
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      Map<Object, Object> converted = new LinkedHashMap<>();
      CollectionConverters.asJava(map).forEach((k, v) -> converted.put(value(k), value(v)));
      return converted;
    }
    if (value instanceof Row row) {
      List<Object> fields = new ArrayList<>();
      for (int i = 0; i < row.length(); i++) {
        fields.add(value(row.get(i)));
      }
      return fields;
    }
    return value;
  }
}
