package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction2;

/** Writes one bucket, usually from within a Spark task: batch by batch, one commit at the end. */
final class BucketTask extends AbstractFunction2<TaskContext, Iterator<Row>, BucketResult>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final OnlineStoreDefinition store;
  private final VersionedGroup target;
  private final WriteContext context;
  private final int batchSize;

  BucketTask(
      OnlineStoreDefinition store, VersionedGroup target, WriteContext context, int batchSize) {
    this.store = store;
    this.context = context;
    this.target = target;
    this.batchSize = batchSize;
  }

  @Override
  public BucketResult apply(TaskContext task, Iterator<Row> rows) {
    return write(task.partitionId(), rows);
  }

  /** Writes the rows of a bucket, wherever this is called. */
  BucketResult write(int bucket, Iterator<Row> rows) {
    Tally tally = new Tally();
    try (RecordWriter writer = OnlineStores.of(store).open(target, context)) {
      List<Row> next = new ArrayList<>(batchSize);
      while (rows.hasNext()) {
        next.add(rows.next());
        if (next.size() == batchSize || !rows.hasNext()) {
          List<Row> batch = List.copyOf(next);
          tally.enter(batch);
          writer.write(
              batch.stream().map(this::record).toList(), outcome -> tally.add(batch, outcome));
          next.clear();
        }
      }
      writer.commit();
    }
    return new BucketResult(
        bucket,
        tally.newest,
        tally.superseded,
        tally.written,
        tally.stale,
        tally.submitted,
        tally.failures);
  }

  /** Counts of one bucket. */
  private static final class Tally {
    private long newest;
    private long superseded;
    private long written;
    private long stale;
    private long submitted;
    private final List<BucketResult.Failure> failures = new ArrayList<>();

    private void enter(List<Row> batch) {
      newest += batch.size();
      for (Row row : batch) {
        superseded += row.getLong(row.length() - 1) - 1;
      }
    }

    private void add(List<Row> batch, WriteOutcome outcome) {
      written += outcome.written();
      stale += outcome.stale();
      submitted += outcome.submitted();
      for (FailedWrite failed : outcome.failed()) {
        failures.add(
            new BucketResult.Failure(
                failed.code(),
                failed.reason(),
                failed.retryable(),
                features(batch.get(failed.index()))));
      }
    }
  }

  private OnlineRecord record(Row row) {
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

  /** Without the count at the end. */
  private static Row features(Row row) {
    Object[] values = new Object[row.length() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return RowFactory.create(values);
  }
}
