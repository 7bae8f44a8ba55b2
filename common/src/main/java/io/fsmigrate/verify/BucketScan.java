package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Adds up a side in one scan, bucket by bucket, and keeps that as a small Parquet file. */
final class BucketScan {
  private static final String BUCKET = "bucket";
  private static final String HASH = "hash";
  private static final String ROWS = "rows";
  private static final String LOW = "low";
  private static final String HIGH = "high";
  private static final long LOW_BITS = 0xFFFF_FFFFL;

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
    Dataset<Row> hashed =
        schema
            .positioned(side)
            .withColumn(BUCKET, schema.bucket(buckets))
            .withColumn(HASH, schema.strictHash());
    List<Column> sums = new ArrayList<>();
    sums.add(count(lit(1)).as(ROWS));
    sums.add(sum(col(HASH).bitwiseAND(lit(LOW_BITS))).as(LOW));
    sums.add(sum(shiftrightunsigned(col(HASH), Integer.SIZE)).as(HIGH));
    for (ComparedFeature feature : schema.features()) {
      Column value = col(feature.column());
      sums.add(count(value).as(present(feature)));
      if (feature.hasRange()) {
        sums.add(min(value).as(minimum(feature)));
        sums.add(max(value).as(maximum(feature)));
      }
      if (isSummed(feature)) {
        sums.add(sum(feature.number(value)).as(total(feature)));
      }
    }
    hashed
        .groupBy(col(BUCKET))
        .agg(sums.get(0), sums.subList(1, sums.size()).toArray(new Column[0]))
        .write()
        .mode("overwrite")
        .parquet(file);
  }

  /** The digests that were written. */
  BucketDigests digests(String file) {
    List<ComparedFeature> tolerated = schema.tolerated();
    List<Column> columns = new ArrayList<>(List.of(col(BUCKET), col(ROWS), col(LOW), col(HIGH)));
    for (ComparedFeature feature : tolerated) {
      columns.add(col(present(feature)));
      columns.add(feature.number(col(minimum(feature))));
      columns.add(feature.number(col(maximum(feature))));
      columns.add(col(total(feature)));
    }
    BucketDigests digests =
        new BucketDigests(
            buckets, tolerated.stream().map(f -> f.tolerance().orElseThrow()).toList());
    Iterator<Row> rows = read(file).select(columns.toArray(new Column[0])).toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      int bucket = row.getInt(0);
      digests.put(bucket, row.getLong(1), row.getLong(2), row.getLong(3));
      for (int i = 0; i < tolerated.size(); i++) {
        int at = 4 + 4 * i;
        if (row.getLong(at) > 0) {
          digests.put(
              bucket,
              i,
              row.getLong(at),
              new Tolerance.Aggregate(
                  row.getDouble(at + 1), row.getDouble(at + 2), row.getDouble(at + 3)));
        }
      }
    }
    return digests;
  }

  /** What the whole side has. */
  SideStatistics statistics(String file) {
    ComparedFeature time = schema.eventTime();
    List<Column> columns = new ArrayList<>();
    columns.add(sum(col(ROWS)).as(ROWS));
    for (ComparedFeature feature : schema.features()) {
      columns.add(sum(col(present(feature))));
      columns.add(feature.hasRange() ? min(col(minimum(feature))) : lit(null).cast("string"));
      columns.add(feature.hasRange() ? max(col(maximum(feature))) : lit(null).cast("string"));
      columns.add(
          isSummed(feature) && feature.isNumeric()
              ? sum(col(total(feature)))
              : lit(null).cast("double"));
    }
    Row row =
        read(file)
            .agg(columns.get(0), columns.subList(1, columns.size()).toArray(new Column[0]))
            .head();
    List<FeatureStatistics> features = new ArrayList<>();
    for (ComparedFeature feature : schema.features()) {
      int at = 1 + 4 * feature.position();
      features.add(
          new FeatureStatistics(
              feature.name(),
              row.isNullAt(at) ? 0 : row.getLong(at),
              text(row.get(at + 1)),
              text(row.get(at + 2)),
              Optional.ofNullable((Double) row.get(at + 3))));
    }
    return new SideStatistics(
        row.isNullAt(0) ? 0 : row.getLong(0), features.get(time.position()).maximum(), features);
  }

  private Dataset<Row> read(String file) {
    return session.read().parquet(file);
  }

  private static boolean isSummed(ComparedFeature feature) {
    return feature.isNumeric() || feature.tolerance().isPresent();
  }

  private static Optional<String> text(Object value) {
    return Optional.ofNullable(value)
        .map(v -> v instanceof BigDecimal number ? number.toPlainString() : v.toString());
  }

  private static String present(ComparedFeature feature) {
    return "present_" + feature.position();
  }

  private static String minimum(ComparedFeature feature) {
    return "min_" + feature.position();
  }

  private static String maximum(ComparedFeature feature) {
    return "max_" + feature.position();
  }

  private static String total(ComparedFeature feature) {
    return "sum_" + feature.position();
  }
}
