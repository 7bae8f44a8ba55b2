package io.fsmigrate.verify;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares two sides of full history: each is added up bucket by bucket in one scan, and the rows
 * of the buckets that differ are compared one by one. Both sides have the columns of the target.
 */
public final class OfflineComparison {
  /** What the offline store is called beside the online stores. */
  public static final String STORE = "offline";

  /**
   * The form of the sums of buckets and the way in which rows are paired: what was added up in
   * another form cannot be gone on with.
   */
  public static final String FORM = "2";

  private final ComparedSchema schema;
  private final String directory;
  private final boolean everyRow;
  private final int buckets;
  private final BucketScan scan;
  private final RowDiff diff;

  /** Which of the two. */
  public enum Side {
    /** What should be there. */
    EXPECTED("expected"),
    /** What is there. */
    ACTUAL("actual");

    private final String text;

    Side(String text) {
      this.text = text;
    }

    /** Its name in small letters. */
    public String text() {
      return text;
    }
  }

  /**
   * @param directory below which the sums of the buckets are kept
   * @param buckets into which record identifiers are put
   * @param everyRow whether rows of buckets that seem the same are compared as well
   */
  public OfflineComparison(
      SparkSession session,
      ComparedSchema schema,
      String directory,
      int buckets,
      boolean everyRow) {
    this.schema = schema;
    this.directory = directory;
    this.everyRow = everyRow;
    this.buckets = buckets;
    this.scan = new BucketScan(session, schema, buckets);
    this.diff = new RowDiff(session, schema, buckets);
  }

  /** Adds up a side in one scan and keeps the sums. */
  public void addUp(Side side, Dataset<Row> rows) {
    scan.write(rows, file(side));
  }

  /** The buckets that must be looked at row by row, of two sides that were added up. */
  public BitSet differingBuckets() {
    return scan.digests(file(Side.EXPECTED)).differing(scan.digests(file(Side.ACTUAL)));
  }

  /**
   * What the two sides are, which were added up; their rows are read again where they differ.
   *
   * @param table takes the rows that differ
   * @param most rows that it takes
   * @param transaction under which it takes them, once
   */
  public OfflineVerdict judge(
      Dataset<Row> expected,
      Dataset<Row> actual,
      DifferenceTable table,
      int most,
      String transaction) {
    SideStatistics left = scan.statistics(file(Side.EXPECTED));
    SideStatistics right = scan.statistics(file(Side.ACTUAL));
    BitSet differing = differingBuckets();
    DiffCounts counts =
        differing.isEmpty() && !everyRow
            ? none()
            : compare(expected, actual, differing, table, most, transaction);
    return OfflineVerdict.of(schema, left, right, buckets, differing.cardinality(), counts);
  }

  /**
   * What the actual side must lose and gain to be as it should be.
   *
   * @param kinds what is to be repaired
   */
  public RepairRows repair(Dataset<Row> expected, Dataset<Row> actual, Set<RowVerdict> kinds) {
    return RepairRows.of(schema, differences(expected, actual, differingBuckets()), actual, kinds);
  }

  /** What is still not as it should be in the buckets that differed, of a repaired side. */
  public Remaining remaining(Dataset<Row> expected, Dataset<Row> repaired) {
    DiffCounts counts =
        new DiffCounter(schema).counted(differences(expected, repaired, differingBuckets()));
    return new Remaining(counts.missing(), counts.different(), counts.extra());
  }

  private DiffCounts compare(
      Dataset<Row> expected,
      Dataset<Row> actual,
      BitSet differing,
      DifferenceTable table,
      int most,
      String transaction) {
    Dataset<Row> rows =
        differences(expected, actual, differing).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      DiffCounts counts = new DiffCounter(schema).counted(rows);
      if (counts.total() > 0) {
        table.append(rows, STORE, most, transaction);
      }
      return counts;
    } finally {
      rows.unpersist();
    }
  }

  private Dataset<Row> differences(Dataset<Row> expected, Dataset<Row> actual, BitSet differing) {
    return diff.of(expected, actual, everyRow ? Optional.empty() : Optional.of(differing));
  }

  private DiffCounts none() {
    List<FeatureDifferences> features =
        schema.features().stream().map(f -> FeatureDifferences.none(f.name())).toList();
    return new DiffCounts(0, 0, 0, 0, features);
  }

  private String file(Side side) {
    return directory + "/" + side.text();
  }
}
