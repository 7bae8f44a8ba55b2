package io.fsmigrate.offline.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Brings rows with ids through a step that does not know ids. Each row is a partition of its own,
 * so what a row-local step makes of it is found by the partition; a task takes many partitions.
 *
 * <p>The driver holds the rows of one chunk at a time, however many there are.
 */
final class FollowedStep {
  /** Rows of a task. */
  private static final int TASK_ROWS = 500;

  /** Of a task's rows, which travel with it; Spark takes messages of 128 MiB. */
  private static final long TASK_CHARACTERS = 8L << 20;

  private final SparkSession session;
  private final UnaryOperator<Dataset<Row>> step;
  private final int chunk;

  /**
   * @param step that takes each row on its own
   * @param chunk rows that the driver holds at once
   */
  FollowedStep(SparkSession session, UnaryOperator<Dataset<Row>> step, int chunk) {
    this.session = session;
    this.step = step;
    this.chunk = chunk;
  }

  /**
   * What the step makes of them, each with the id of the row that it was made of. The step is run
   * by the time this returns, unless the rows are a single chunk.
   *
   * @param rows the id is their last column
   */
  Dataset<Row> apply(Dataset<Row> rows) {
    JavaRDD<Row> all = rows.javaRDD().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long count = all.count();
      StructType with = rows.schema();
      if (count <= chunk) {
        return frame(List.of(followed(all.collect(), with)), with);
      }
      List<JavaRDD<Row>> chunks = new ArrayList<>();
      Iterator<Row> next = all.repartition((int) (count / chunk + 1)).toLocalIterator();
      List<Row> few = new ArrayList<>(chunk);
      while (next.hasNext()) {
        few.add(next.next());
        if (few.size() == chunk || !next.hasNext()) {
          chunks.add(letGo(followed(few, with)));
          few = new ArrayList<>(chunk);
        }
      }
      return frame(chunks, with);
    } finally {
      all.unpersist(false);
    }
  }

  /** The executors have what was made; the driver need not keep the rows that it was made of. */
  private static JavaRDD<Row> letGo(JavaRDD<Row> made) {
    made.rdd().localCheckpoint();
    made.count();
    return made;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // There is no array of a generic type.
  private Dataset<Row> frame(List<JavaRDD<Row>> made, StructType with) {
    StructType after = step.apply(session.createDataFrame(List.of(), visible(with))).schema();
    JavaRDD<Row> all = context().union((JavaRDD<Row>[]) made.toArray(new JavaRDD[0]));
    return session.createDataFrame(all, after.add(with.fields()[with.length() - 1]));
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  private static StructType visible(StructType with) {
    return new StructType(Arrays.copyOf(with.fields(), with.length() - 1));
  }

  private JavaRDD<Row> followed(List<Row> rows, StructType with) {
    List<Row> before = new ArrayList<>(rows.size());
    String[] ids = new String[rows.size()];
    int last = with.length() - 1;
    for (Row row : rows) {
      ids[before.size()] = row.getString(last);
      Object[] values = new Object[last];
      for (int i = 0; i < last; i++) {
        values[i] = row.get(i);
      }
      before.add(RowFactory.create(values));
    }
    JavaRDD<Row> alone = context().parallelize(before, Math.max(1, before.size()));
    JavaRDD<Row> made = step.apply(session.createDataFrame(alone, visible(with))).javaRDD();
    if (made.getNumPartitions() % Math.max(1, ids.length) != 0) {
      throw new IllegalStateException(
          "The step puts rows together: %d rows came out of it in %d parts"
              .formatted(ids.length, made.getNumPartitions()));
    }
    return made.mapPartitionsWithIndex((place, rowsOfOne) -> named(place, ids, rowsOfOne), true)
        .coalesce(tasks(before));
  }

  private int tasks(List<Row> rows) {
    long characters = rows.stream().mapToLong(row -> row.mkString().length()).sum();
    long needed = Math.max(rows.size() / TASK_ROWS, characters / TASK_CHARACTERS) + 1;
    return (int) Math.max(context().defaultParallelism(), needed);
  }

  /** A step that brings its input together with itself has the partitions once more, in order. */
  private static Iterator<Row> named(int place, String[] ids, Iterator<Row> made) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return made.hasNext();
      }

      @Override
      public Row next() {
        Row row = made.next();
        Object[] values = new Object[row.length() + 1];
        for (int i = 0; i < row.length(); i++) {
          values[i] = row.get(i);
        }
        values[row.length()] = ids[place % ids.length];
        return RowFactory.create(values);
      }
    };
  }
}
