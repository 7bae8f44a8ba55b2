package io.fsmigrate.verify;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Adds up the rows of one task: each bucket's rows and hashes, and of each feature what its values
 * are like. Spark's own aggregation by bucket would have the totals of every feature in every
 * bucket, which is too much for a processor's cache: it takes twice the time.
 */
final class BucketTotals implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final long LOW_BITS = 0xFFFF_FFFFL;

  /**
   * A row for each bucket that has rows, with the totals of the features that may be apart, and one
   * without a bucket for all rows of the task, with the totals of all features.
   */
  static final StructType TYPE =
      StructType.fromDDL(
          "bucket int, rows bigint, low bigint, high bigint, features array<%s>"
              .formatted(FeatureTotals.TYPE));

  private final int buckets;
  private final int features;
  private final int masks;
  private final Measure[] measures;
  private final int[] positions;
  private final boolean[] tolerated;

  /**
   * For rows of a bucket, a hash, which features are null (a bit each, 64 in a number) and the
   * measured values of the features that have a measure.
   *
   * @param features of the schema, in its order
   */
  BucketTotals(int buckets, List<ComparedFeature> features) {
    this.buckets = buckets;
    this.features = features.size();
    List<ComparedFeature> measured =
        features.stream().filter(feature -> feature.measure().isPresent()).toList();
    masks = CanonicalValue.masks(features.size());
    measures =
        measured.stream().map(feature -> feature.measure().orElseThrow()).toArray(Measure[]::new);
    positions = measured.stream().mapToInt(ComparedFeature::position).toArray();
    tolerated = new boolean[measures.length];
    for (int i = 0; i < tolerated.length; i++) {
      tolerated[i] = measured.get(i).tolerance().isPresent();
    }
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Task().add(rows).totals();
  }

  /** The state of one task. */
  private final class Task {
    private final long[] count = new long[buckets];
    private final long[] low = new long[buckets];
    private final long[] high = new long[buckets];
    private final long[] nulls = new long[features];
    private final FeatureTotals[] totals = totalsOf(true);
    private final boolean anyApart =
        IntStream.range(0, tolerated.length).anyMatch(i -> tolerated[i]);
    private final FeatureTotals[][] apart = new FeatureTotals[anyApart ? buckets : 0][];
    private long all;

    Task add(Iterator<Row> rows) {
      while (rows.hasNext()) {
        add(rows.next());
      }
      return this;
    }

    private void add(Row row) {
      int bucket = row.getInt(0);
      long hash = row.getLong(1);
      all++;
      count[bucket]++;
      low[bucket] += hash & LOW_BITS;
      high[bucket] += hash >>> Integer.SIZE;
      for (int i = 0; i < masks; i++) {
        for (long mask = row.getLong(2 + i); mask != 0; mask &= mask - 1) {
          nulls[i * Long.SIZE + Long.numberOfTrailingZeros(mask)]++;
        }
      }
      int at = 2 + masks;
      for (int i = 0; i < totals.length; i++) {
        totals[i].add(row, at + i);
      }
      if (anyApart) {
        addApart(row, bucket, at);
      }
    }

    private void addApart(Row row, int bucket, int at) {
      if (apart[bucket] == null) {
        apart[bucket] = totalsOf(false);
      }
      for (int i = 0; i < tolerated.length; i++) {
        if (tolerated[i]) {
          apart[bucket][i].add(row, at + i);
        }
      }
    }

    private FeatureTotals[] totalsOf(boolean everyFeature) {
      FeatureTotals[] made = new FeatureTotals[measures.length];
      for (int i = 0; i < made.length; i++) {
        made[i] = everyFeature || tolerated[i] ? FeatureTotals.of(measures[i]) : null;
      }
      return made;
    }

    Iterator<Row> totals() {
      Row whole = RowFactory.create(null, all, null, null, ofFeatures());
      IntStream present = IntStream.range(0, buckets).filter(bucket -> count[bucket] > 0);
      return Stream.concat(Stream.of(whole), present.mapToObj(this::ofBucket)).iterator();
    }

    private Row[] ofFeatures() {
      Row[] rows = new Row[features];
      for (int i = 0; i < features; i++) {
        rows[i] = FeatureTotals.row(i, all - nulls[i]);
      }
      for (int i = 0; i < totals.length; i++) {
        rows[positions[i]] = totals[i].row(positions[i]);
      }
      return rows;
    }

    private Row ofBucket(int bucket) {
      Row[] rows = new Row[0];
      if (anyApart) {
        FeatureTotals[] known = apart[bucket];
        rows =
            IntStream.range(0, known.length)
                .filter(i -> tolerated[i])
                .mapToObj(i -> known[i].row(positions[i]))
                .toArray(Row[]::new);
      }
      return RowFactory.create(bucket, count[bucket], low[bucket], high[bucket], rows);
    }
  }
}
