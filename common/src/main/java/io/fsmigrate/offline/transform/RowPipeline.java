package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * A migration path and a contract, compiled for one source schema: turns source rows into target
 * rows and tells which rows do not make it, in one pass.
 *
 * <p>It is a chain of segments. Within a segment each row carries hidden columns (its original, the
 * first check it failed, whether a filter left it out), so nothing is lost on the way. A step that
 * we cannot look into (Java, or SQL that is more than a select list) starts a new segment: it gets
 * the rows that are still good, and what it returns counts as entered.
 */
public final class RowPipeline {
  /** Counters of one segment, by the names that {@link Dataset#observe} reports them under. */
  static final String ENTERED = "entered";

  static final String FAILED = "failed";
  static final String FILTERED = "filtered";

  /** Not evaluated; a column that nothing counts would be pruned, and with it what it does. */
  static final String CAUGHT = "caught";

  /** The columns of failed rows, see {@link #failed(Dataset)}. */
  public static final StructType FAILED_SCHEMA =
      StructType.fromDDL(
          "code string, reason string, feature string, value string, original string,"
              + " original_of string, transformed string");

  private final List<Segment> segments;
  private final List<Check> checks;
  private final FailureColumns failures;
  private final List<String> targetColumns;
  private final Optional<String> notRowLocal;
  private final List<String> leftOut;
  private final Set<String> opaqueClasses;
  private final double shareOfColumnsRead;
  private final boolean sensitiveFeatures;

  /**
   * @param firstOfContract number of the first check that sees the row as it would be written
   */
  RowPipeline(
      List<Segment> segments,
      List<Check> checks,
      int firstOfContract,
      List<String> targetColumns,
      Optional<String> notRowLocal,
      List<String> leftOut,
      Set<String> opaqueClasses,
      double shareOfColumnsRead,
      boolean sensitiveFeatures) {
    this.segments = List.copyOf(segments);
    this.checks = List.copyOf(checks);
    this.failures =
        new FailureColumns(
            checks, firstOfContract, segments.get(segments.size() - 1), targetColumns);
    this.targetColumns = List.copyOf(targetColumns);
    this.notRowLocal = notRowLocal;
    this.leftOut = List.copyOf(leftOut);
    this.opaqueClasses = Set.copyOf(opaqueClasses);
    this.shareOfColumnsRead = shareOfColumnsRead;
    this.sensitiveFeatures = sensitiveFeatures;
  }

  /** Why all rows must be one unit; empty when each row is handled on its own. */
  public Optional<String> notRowLocal() {
    return notRowLocal;
  }

  /** How many of the source's columns the accepted rows are made of, from 0 to 1. */
  public double shareOfColumnsRead() {
    return shareOfColumnsRead;
  }

  /** Whether the target has features whose values must not be shown. */
  public boolean hasSensitiveFeatures() {
    return sensitiveFeatures;
  }

  /** Source columns that no target feature takes. */
  public List<String> leftOut() {
    return leftOut;
  }

  /** Ids of the migrations that cannot be looked into: an error in them fails more than its row. */
  public List<String> opaqueSteps() {
    return segments.stream().flatMap(segment -> segment.name().stream()).toList();
  }

  /** The names of the classes among them. */
  public Set<String> opaqueClasses() {
    return opaqueClasses;
  }

  /** Everything a row can fail; a failed record refers to one of them. */
  public List<Check> checks() {
    return checks;
  }

  /**
   * The rows that enter the target: its features, in order.
   *
   * @param source rows of the schema this was compiled for
   * @param observation what the names of the observations start with, see {@link #counts}
   */
  public Dataset<Row> accepted(Dataset<Row> source, String observation) {
    return accepted(source, observation, Optional.empty());
  }

  /**
   * The same, and the failed rows are caught on the way: they need no second reading.
   *
   * @param catcher takes the failed rows; see {@link #failed(FailedRowCatcher)}
   */
  public Dataset<Row> accepted(Dataset<Row> source, String observation, FailedRowCatcher catcher) {
    return accepted(source, observation, Optional.of(catcher));
  }

  private Dataset<Row> accepted(
      Dataset<Row> source, String observation, Optional<FailedRowCatcher> catcher) {
    Dataset<Row> rows = source;
    for (int i = 0; i < segments.size(); i++) {
      rows = segments.get(i).enter(rows);
      Column caught = catcher.isPresent() ? caught(catcher.get(), i) : lit(null).cast("boolean");
      rows = observed(rows.withColumn(Hidden.CAUGHT, caught), observation + "/" + i);
      rows = rows.where(good()).select(visible(rows));
    }
    return rows.select(targetColumns());
  }

  /** Only a failed row is described and handed over; the others cost a comparison. */
  private Column caught(FailedRowCatcher catcher, int segment) {
    return when(
        col(Hidden.FAILURE).isNotNull(),
        catcher
            .function()
            .apply(
                lit(segment),
                col(Hidden.FAILURE),
                col(Hidden.VALUE),
                FailureColumns.original(),
                failures.transformed(segments.get(segment))));
  }

  /**
   * The rows that were caught while {@link #accepted} ran, in the same form as {@link
   * #failed(Dataset)}; empty when there were too many to keep or not all of them were caught.
   *
   * @param counts of the same execution
   */
  public Optional<List<Row>> failed(FailedRowCatcher catcher, RowCounts counts) {
    Optional<List<FailedRowCatcher.Caught>> all = catcher.caught();
    if (all.isEmpty() || all.get().size() != counts.failed()) {
      return Optional.empty();
    }
    return Optional.of(
        all.get().stream()
            .map(
                row -> {
                  Check check = checks.get(row.failure());
                  return RowFactory.create(
                      check.code(),
                      check.reason(),
                      check.feature().orElse(null),
                      row.value(),
                      row.original(),
                      segments.get(row.segment()).name().orElse(null),
                      row.transformed());
                })
            .toList());
  }

  /**
   * The rows that failed, by reading the source again: {@code code string, reason string, feature
   * string, value string, original string (JSON), original_of string (the step the original was
   * taken after; null for the source), transformed string (JSON of the row as it would have been
   * written; null where it did not come that far)}.
   */
  public Dataset<Row> failed(Dataset<Row> source) {
    List<Dataset<Row>> parts = new ArrayList<>();
    Dataset<Row> rows = source;
    for (Segment segment : segments) {
      Dataset<Row> entered = segment.enter(rows);
      parts.add(entered.where(col(Hidden.FAILURE).isNotNull()).select(failures.describe(segment)));
      rows = entered.where(good()).select(visible(entered));
    }
    return parts.stream().reduce(Dataset::union).orElseThrow();
  }

  private static Dataset<Row> observed(Dataset<Row> rows, String name) {
    return rows.observe(
        name,
        count(lit(1)).as(ENTERED),
        count(col(Hidden.FAILURE)).as(FAILED),
        count(when(col(Hidden.FILTERED), lit(1))).as(FILTERED),
        count(col(Hidden.CAUGHT)).as(CAUGHT));
  }

  /** A row never has both: what failed is not looked at by a filter, and the other way round. */
  static Column good() {
    return col(Hidden.FAILURE).isNull().and(not(col(Hidden.FILTERED)));
  }

  static Column[] visible(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      if (!Hidden.ALL.contains(name) && !name.equals(Hidden.CAUGHT)) {
        columns.add(Hidden.named(name));
      }
    }
    return columns.toArray(new Column[0]);
  }

  List<Segment> segments() {
    return segments;
  }

  FailureColumns failures() {
    return failures;
  }

  Column[] targetColumns() {
    return targetColumns.stream().map(Hidden::named).toArray(Column[]::new);
  }

  /**
   * What one execution of {@link #accepted} counted.
   *
   * @param observed by name, as the query reported them
   * @param observation what the names start with
   */
  public RowCounts counts(Map<String, Row> observed, String observation) {
    long entered = 0;
    long filtered = 0;
    long failed = 0;
    long good = 0;
    long unexplained = 0;
    for (int i = 0; i < segments.size(); i++) {
      Row row = observed.get(observation + "/" + i);
      if (row == null) {
        throw new IllegalStateException("The query did not count " + observation + "/" + i);
      }
      long in = row.getLong(row.fieldIndex(ENTERED));
      if (i == 0) {
        entered = in;
      } else if (segments.get(i).mayDropRows() && in <= good) {
        filtered += good - in;
      } else {
        unexplained += good - in;
      }
      long segmentFailed = row.getLong(row.fieldIndex(FAILED));
      long segmentFiltered = row.getLong(row.fieldIndex(FILTERED));
      failed += segmentFailed;
      filtered += segmentFiltered;
      good = in - segmentFailed - segmentFiltered;
    }
    return new RowCounts(entered, filtered, failed, good, unexplained);
  }
}
