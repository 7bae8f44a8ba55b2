package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.RelationalGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Adds up a side in one scan, bucket by bucket, and keeps that in small Parquet files: a file of
 * each task, or what those add up to where they are many.
 */
final class BucketScan {
  private static final String BUCKET = "bucket";
  private static final String ROWS = "rows";
  private static final String LOW = "low";
  private static final String HIGH = "high";
  private static final String FEATURES = "features";
  private static final String FEATURE = "feature";
  private static final String POSITION = "position";
  private static final String PRESENT = "present";
  private static final String LEAST = "least_";
  private static final String MOST = "most_";
  private static final String TOTAL = "total";

  /** Files of tasks that are added up anew whenever they are read; more are added up once. */
  private static final int MOST_FILES = 16;

  private final SparkSession session;
  private final ComparedSchema schema;
  private final int buckets;

  BucketScan(SparkSession session, ComparedSchema schema, int buckets) {
    this.session = session;
    this.schema = schema;
    this.buckets = buckets;
  }

  /** Reads a side once and writes what its buckets add up to, in place of what is there. */
  void write(Dataset<Row> side, String file) {
    List<ComparedFeature> features = schema.features();
    List<Column> columns = new ArrayList<>();
    columns.add(schema.bucket(buckets));
    columns.add(schema.strictHash());
    columns.addAll(CanonicalValue.nulls(features.stream().map(f -> col(f.column())).toList()));
    for (ComparedFeature feature : features) {
      feature
          .measure()
          .map(measure -> measure.measured(col(feature.column()), feature.type()))
          .ifPresent(columns::add);
    }
    Path tasks = new Path(file, "tasks");
    remove(new Path(file));
    schema
        .positioned(side)
        .select(columns.toArray(new Column[0]))
        .mapPartitions(new BucketTotals(buckets, features), Encoders.row(BucketTotals.TYPE))
        .write()
        .parquet(tasks.toString());
    if (filesIn(tasks) > MOST_FILES) {
      merged(read(tasks)).write().parquet(merged(file).toString());
    }
  }

  /** Several rows of a bucket as one. */
  private Dataset<Row> merged(Dataset<Row> tasks) {
    Dataset<Row> sums =
        tasks
            .groupBy(col(BUCKET))
            .agg(sum(col(ROWS)).as(ROWS), sum(col(LOW)).as(LOW), sum(col(HIGH)).as(HIGH));
    Column[] names = Arrays.stream(FeatureTotals.NAMES).map(functions::col).toArray(Column[]::new);
    Dataset<Row> features =
        totals(
                tasks
                    .select(col(BUCKET), explode(col(FEATURES)).as(FEATURE))
                    .groupBy(col(BUCKET), position()))
            .groupBy(col(BUCKET).as("of"))
            .agg(collect_list(struct(names)).as(FEATURES));
    return sums.join(features, sums.col(BUCKET).eqNullSafe(features.col("of")), "left")
        .select(col(BUCKET), col(ROWS), col(LOW), col(HIGH), col(FEATURES));
  }

  /** The digests that were written. */
  BucketDigests digests(String file) {
    List<ComparedFeature> tolerated = schema.tolerated();
    BucketDigests digests =
        new BucketDigests(
            buckets, tolerated.stream().map(f -> f.tolerance().orElseThrow()).toList());
    Dataset<Row> byBucket = read(file).where(col(BUCKET).isNotNull());
    Iterator<Row> rows =
        byBucket
            .groupBy(col(BUCKET))
            .agg(sum(col(ROWS)), sum(col(LOW)), sum(col(HIGH)))
            .toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      digests.put(row.getInt(0), row.getLong(1), row.getLong(2), row.getLong(3));
    }
    if (!tolerated.isEmpty()) {
      putTolerated(byBucket, tolerated, digests);
    }
    return digests;
  }

  private static void putTolerated(
      Dataset<Row> byBucket, List<ComparedFeature> tolerated, BucketDigests digests) {
    Map<Integer, Integer> places = new HashMap<>();
    tolerated.forEach(feature -> places.put(feature.position(), places.size()));
    Dataset<Row> exploded = byBucket.select(col(BUCKET), explode(col(FEATURES)).as(FEATURE));
    Iterator<Row> rows = totals(exploded.groupBy(col(BUCKET), position())).toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      int place = places.get(row.<Integer>getAs(POSITION));
      ComparedFeature feature = tolerated.get(place);
      long present = row.getAs(PRESENT);
      if (present > 0) {
        digests.put(
            row.<Integer>getAs(BUCKET),
            place,
            present,
            new Tolerance.Aggregate(
                Measure.number(measured(row, LEAST, feature), feature.type()),
                Measure.number(measured(row, MOST, feature), feature.type()),
                row.getAs(TOTAL)));
      }
    }
  }

  /** What the whole side has. */
  SideStatistics statistics(String file) {
    Dataset<Row> exploded =
        read(file)
            .where(col(BUCKET).isNull())
            .select(col(ROWS), explode(col(FEATURES)).as(FEATURE));
    Map<Integer, Row> found = new HashMap<>();
    totals(exploded.groupBy(position()), sum(col(ROWS)).as(ROWS))
        .collectAsList()
        .forEach(row -> found.put(row.getAs(POSITION), row));
    List<FeatureStatistics> features =
        schema.features().stream()
            .map(feature -> statistics(feature, Optional.ofNullable(found.get(feature.position()))))
            .toList();
    ComparedFeature time = schema.eventTime();
    // Every task has totals of every feature.
    long rows =
        Optional.ofNullable(found.get(time.position()))
            .map(row -> row.<Long>getAs(ROWS))
            .orElse(0L);
    return new SideStatistics(rows, features.get(time.position()).maximum(), features);
  }

  private static FeatureStatistics statistics(ComparedFeature feature, Optional<Row> found) {
    Optional<Row> totals = found.filter(row -> row.<Long>getAs(PRESENT) > 0);
    Optional<Row> measured = totals.filter(row -> feature.measure().isPresent());
    return new FeatureStatistics(
        feature.name(),
        totals.map(row -> row.<Long>getAs(PRESENT)).orElse(0L),
        measured.map(row -> Measure.text(measured(row, LEAST, feature), feature.type())),
        measured.map(row -> Measure.text(measured(row, MOST, feature), feature.type())),
        measured.filter(row -> feature.isNumeric()).map(row -> row.<Double>getAs(TOTAL)));
  }

  private static Column position() {
    return col(FEATURE).getField(POSITION).as(POSITION);
  }

  /** Features' totals of several tasks as one. */
  private static Dataset<Row> totals(RelationalGroupedDataset tasks, Column... more) {
    List<Column> columns = new ArrayList<>(List.of(more));
    for (Measure measure : Measure.values()) {
      String least = LEAST + measure.field();
      String most = MOST + measure.field();
      columns.add(min(col(FEATURE).getField(least)).as(least));
      columns.add(max(col(FEATURE).getField(most)).as(most));
    }
    columns.add(sum(col(FEATURE).getField(TOTAL)).as(TOTAL));
    return tasks.agg(
        sum(col(FEATURE).getField(PRESENT)).as(PRESENT), columns.toArray(new Column[0]));
  }

  private static Object measured(Row totals, String which, ComparedFeature feature) {
    return totals.getAs(which + feature.measure().orElseThrow().field());
  }

  private Dataset<Row> read(String file) {
    Path merged = merged(file);
    return read(exists(merged) ? merged : new Path(file, "tasks"));
  }

  private Dataset<Row> read(Path files) {
    // Named, the form need not be looked for in the files.
    return session.read().schema(BucketTotals.TYPE).parquet(files.toString());
  }

  private static Path merged(String file) {
    return new Path(file, "merged");
  }

  private void remove(Path path) {
    onFiles(path, files -> files.delete(path, true));
  }

  private boolean exists(Path path) {
    return onFiles(path, files -> files.exists(path));
  }

  private long filesIn(Path directory) {
    return onFiles(
        directory,
        files ->
            Arrays.stream(files.listStatus(directory))
                .filter(status -> status.getPath().getName().startsWith("part-"))
                .count());
  }

  private interface OnFiles<T> {
    T of(FileSystem files) throws IOException;
  }

  private <T> T onFiles(Path path, OnFiles<T> work) {
    try {
      return work.of(path.getFileSystem(session.sparkContext().hadoopConfiguration()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
