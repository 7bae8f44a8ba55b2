package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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

  /**
   * @param name what starts the segment, shown beside a failed record's original; empty for the
   *     source
   * @param entry the step that we cannot look into; identity for the source
   * @param stages projections within the segment
   * @param mayDropRows whether the entry may return fewer rows than it gets
   */
  record Segment(
      Optional<String> name,
      UnaryOperator<Dataset<Row>> entry,
      List<UnaryOperator<Dataset<Row>>> stages,
      boolean mayDropRows) {}

  private final List<Segment> segments;
  private final List<Check> checks;
  private final List<String> targetColumns;
  private final Optional<String> notRowLocal;
  private final List<String> leftOut;
  private final Set<String> opaqueClasses;

  RowPipeline(
      List<Segment> segments,
      List<Check> checks,
      List<String> targetColumns,
      Optional<String> notRowLocal,
      List<String> leftOut,
      Set<String> opaqueClasses) {
    this.segments = List.copyOf(segments);
    this.checks = List.copyOf(checks);
    this.targetColumns = List.copyOf(targetColumns);
    this.notRowLocal = notRowLocal;
    this.leftOut = List.copyOf(leftOut);
    this.opaqueClasses = Set.copyOf(opaqueClasses);
  }

  /** Why all rows must be one unit; empty when each row is handled on its own. */
  public Optional<String> notRowLocal() {
    return notRowLocal;
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
    Dataset<Row> rows = source;
    for (int i = 0; i < segments.size(); i++) {
      rows = observed(enter(rows, segments.get(i)), observation + "/" + i);
      rows = rows.where(good()).select(visible(rows));
    }
    return rows.select(targetColumns.stream().map(Hidden::named).toArray(Column[]::new));
  }

  /**
   * The rows that failed: {@code code string, reason string, feature string, value string, original
   * string (JSON), original_of string (the step the original was taken after; null for the
   * source)}.
   */
  public Dataset<Row> failed(Dataset<Row> source) {
    List<Dataset<Row>> parts = new ArrayList<>();
    Dataset<Row> rows = source;
    for (Segment segment : segments) {
      Dataset<Row> entered = enter(rows, segment);
      parts.add(
          entered
              .where(col(Hidden.FAILURE).isNotNull())
              .select(describe(segment).toArray(Column[]::new)));
      rows = entered.where(good()).select(visible(entered));
    }
    return parts.stream().reduce(Dataset::union).orElseThrow();
  }

  private static Dataset<Row> enter(Dataset<Row> rows, Segment segment) {
    Dataset<Row> entered = segment.entry().apply(rows);
    for (UnaryOperator<Dataset<Row>> stage : segment.stages()) {
      entered = stage.apply(entered);
    }
    return entered;
  }

  private static Dataset<Row> observed(Dataset<Row> rows, String name) {
    return rows.observe(
        name,
        count(lit(1)).as(ENTERED),
        count(col(Hidden.FAILURE)).as(FAILED),
        count(when(col(Hidden.FILTERED), lit(1))).as(FILTERED));
  }

  /** A row never has both: what failed is not looked at by a filter, and the other way round. */
  private static Column good() {
    return col(Hidden.FAILURE).isNull().and(not(col(Hidden.FILTERED)));
  }

  private static Column[] visible(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : rows.columns()) {
      if (!Hidden.ALL.contains(name)) {
        columns.add(Hidden.named(name));
      }
    }
    return columns.toArray(new Column[0]);
  }

  private List<Column> describe(Segment segment) {
    Column[] known = new Column[Math.max(1, checks.size())];
    known[0] = struct(lit("").as("code"), lit("").as("reason"), lit("").as("feature"));
    for (int i = 0; i < checks.size(); i++) {
      Check check = checks.get(i);
      known[i] =
          struct(
              lit(check.code()).as("code"),
              lit(check.reason()).as("reason"),
              lit(check.feature().orElse(null)).cast("string").as("feature"));
    }
    Column failure = element_at(array(known), col(Hidden.FAILURE).plus(lit(1)));
    return List.of(
        failure.getField("code").as("code"),
        failure.getField("reason").as("reason"),
        failure.getField("feature").as("feature"),
        col(Hidden.VALUE).as("value"),
        to_json(col(Hidden.ORIGINAL), Map.of("ignoreNullFields", "false")).as("original"),
        lit(segment.name().orElse(null)).cast("string").as("original_of"));
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
