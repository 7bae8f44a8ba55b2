package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.RelationalGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Adds up a side in one scan, bucket by bucket, and keeps that as small Parquet files. */
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
    schema
        .positioned(side)
        .select(columns.toArray(new Column[0]))
        .mapPartitions(new BucketTotals(buckets, features), Encoders.row(BucketTotals.TYPE))
        .write()
        .mode("overwrite")
        .parquet(file);
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
    // Named, the form need not be looked for in the files.
    return session.read().schema(BucketTotals.TYPE).parquet(file);
  }
}
