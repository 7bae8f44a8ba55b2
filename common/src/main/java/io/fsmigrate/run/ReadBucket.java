package io.fsmigrate.run;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.verify.RecordComparison.Result;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * What one task reports about a bucket that it read from an online store.
 *
 * @param counters records by what became of them
 * @param differences of the records, no more than were asked for
 * @param refused records that the store did not take when they were written again, no more than
 *     {@link BucketRepair} keeps of a bucket
 * @param failure why the bucket was not read to its end; null where it was, for an Optional does
 *     not travel
 */
record ReadBucket(
    int bucket,
    Map<String, Long> counters,
    List<Difference> differences,
    List<BucketResult.Failure> refused,
    BucketOutcome.StoreFailure failure)
    implements Serializable {
  /** Records that the offline store has. */
  static final String RECORDS = "records";

  /** Those that were looked at. */
  static final String LOOKED = "looked";

  /** Followed by a position: records in which that feature differs. */
  private static final String FEATURE = "feature-";

  static String differing(int feature) {
    return FEATURE + feature;
  }

  static String counter(Result result) {
    return result.name().toLowerCase(Locale.ROOT);
  }

  /**
   * A record that is missing or different.
   *
   * @param stored null where it is missing
   * @param features positions of those that differ
   */
  record Difference(Result kind, OnlineRecord expected, OnlineRecord stored, List<Integer> features)
      implements Serializable {}

  /**
   * A record that the store should have.
   *
   * @param row as {@link NewestRecords} makes it
   * @param record the same as stores take it
   */
  record Wanted(Row row, OnlineRecord record) {}

  /** Counts while a bucket is read. */
  static final class Tally {
    private final int bucket;
    private final int mostKept;
    private final Map<String, Long> counters = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final Set<Result> repaired;
    private final List<Wanted> toWrite = new ArrayList<>();
    private final List<BucketResult.Failure> refused = new ArrayList<>();

    /**
     * @param repaired what is going to be written again; its records are kept, all of them
     */
    Tally(int bucket, int mostKept, Set<Result> repaired) {
      this.repaired = repaired;
      this.bucket = bucket;
      this.mostKept = mostKept;
    }

    void record() {
      add(RECORDS);
    }

    void looked(
        Result result, Wanted expected, Optional<OnlineRecord> stored, List<Integer> features) {
      add(LOOKED);
      add(counter(result));
      features.forEach(feature -> add(differing(feature)));
      if (repaired.contains(result)) {
        toWrite.add(expected);
      }
      boolean differs = result == Result.MISSING || result == Result.DIFFERENT;
      if (differs && differences.size() < mostKept) {
        differences.add(
            new Difference(
                result, expected.record(), stored.orElse(null), new ArrayList<>(features)));
      }
    }

    private void add(String counter) {
      add(counter, 1);
    }

    void add(String counter, long more) {
      counters.merge(counter, more, Long::sum);
    }

    /** The records to be written again. */
    List<Wanted> toWrite() {
      return toWrite;
    }

    /** How many refused records are kept so far. */
    int refused() {
      return refused.size();
    }

    void refused(BucketResult.Failure failure) {
      refused.add(failure);
    }

    ReadBucket result(Optional<BucketOutcome.StoreFailure> failure) {
      return new ReadBucket(bucket, counters, differences, refused, failure.orElse(null));
    }
  }
}
