package io.fsmigrate.verify;

import java.util.BitSet;
import java.util.List;

/**
 * What one side's buckets add up to: rows, and the sums of the low and of the high 32 bits of their
 * hashes, which no order changes, no duplicates cancel and two billion rows of a bucket do not
 * overflow. Beside it, what is known of the features that may be apart.
 */
final class BucketDigests {
  private final List<Tolerance> tolerances;
  private final long[] rows;
  private final long[] low;
  private final long[] high;
  private final long[][] present;
  private final Tolerance.Aggregate[][] aggregates;

  /**
   * @param tolerances of the features that may be apart, in their order
   */
  BucketDigests(int buckets, List<Tolerance> tolerances) {
    this.tolerances = List.copyOf(tolerances);
    rows = new long[buckets];
    low = new long[buckets];
    high = new long[buckets];
    present = new long[tolerances.size()][buckets];
    aggregates = new Tolerance.Aggregate[tolerances.size()][buckets];
  }

  void put(int bucket, long rowCount, long lowSum, long highSum) {
    rows[bucket] = rowCount;
    low[bucket] = lowSum;
    high[bucket] = highSum;
  }

  /**
   * What a bucket has of a feature that may be apart.
   *
   * @param feature its place among them
   * @param values that are not null
   */
  void put(int bucket, int feature, long values, Tolerance.Aggregate aggregate) {
    present[feature][bucket] = values;
    aggregates[feature][bucket] = aggregate;
  }

  int buckets() {
    return rows.length;
  }

  /** The buckets whose rows cannot be the same on the other side. */
  BitSet differing(BucketDigests other) {
    BitSet differing = new BitSet(rows.length);
    for (int bucket = 0; bucket < rows.length; bucket++) {
      differing.set(
          bucket,
          rows[bucket] != other.rows[bucket]
              || low[bucket] != other.low[bucket]
              || high[bucket] != other.high[bucket]
              || !tolerated(other, bucket));
    }
    return differing;
  }

  private boolean tolerated(BucketDigests other, int bucket) {
    for (int i = 0; i < tolerances.size(); i++) {
      long values = present[i][bucket];
      if (values != other.present[i][bucket]
          || (values > 0
              && !tolerances
                  .get(i)
                  .mayAgree(values, aggregates[i][bucket], other.aggregates[i][bucket]))) {
        return false;
      }
    }
    return true;
  }
}
