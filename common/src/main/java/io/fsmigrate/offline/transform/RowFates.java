package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Brings rows that failed once through a pipeline again, and says of each what becomes of it, by
 * its id.
 */
public final class RowFates {
  /** The row satisfies the contract. */
  public static final String ACCEPTED = "accepted";

  /** A filter or a step leaves the row out. */
  public static final String FILTERED = "filtered";

  /** The row fails a check. */
  public static final String FAILED = "failed";

  /** What a row failed that is not what it was when it was kept. */
  public static final String UNREADABLE = "ORIGINAL_UNREADABLE";

  private static final String FATE = "fate";
  private static final String ROW = "row";

  /** Rows that the driver holds at once, where a step does not know ids. */
  private static final int CHUNK = 10_000;

  private final SparkSession session;
  private final RowPipeline pipeline;
  private final Set<String> changedSteps;
  private final int chunk;
  private final StructType rowType;

  /**
   * @param pipeline in which each row is handled on its own
   * @param changedSteps ids of migrations that are not what they were: rows kept after one of them
   *     are not what it gives now
   */
  public RowFates(SparkSession session, RowPipeline pipeline, Set<String> changedSteps) {
    this(session, pipeline, changedSteps, CHUNK);
  }

  RowFates(SparkSession session, RowPipeline pipeline, Set<String> changedSteps, int chunk) {
    this.session = session;
    this.chunk = chunk;
    this.pipeline = pipeline;
    this.changedSteps = Set.copyOf(changedSteps);
    StructType source = pipeline.segments().get(0).input();
    rowType = pipeline.accepted(session.createDataFrame(List.of(), source), "of-no-row").schema();
  }

  /** What the rows go through. */
  public RowPipeline pipeline() {
    return pipeline;
  }

  /** Whether a step may take a row away. */
  public boolean mayDropRows() {
    return pipeline.segments().stream().anyMatch(Segment::mayDropRows);
  }

  /**
   * What becomes of them: {@code id, fate, code, reason, feature, value, transformed} and {@code
   * row}, a struct of the target's features, which only accepted rows have. A row that a step takes
   * away is not in it.
   *
   * @param records {@code id, original, original_of}, as in failed records
   */
  public Dataset<Row> of(Dataset<Row> records) {
    List<Dataset<Row>> fates = new ArrayList<>();
    Optional<Dataset<Row>> carried = Optional.empty();
    Set<String> known = new HashSet<>();
    List<Segment> segments = pipeline.segments();
    for (Segment segment : segments) {
      boolean last = segment == segments.get(segments.size() - 1);
      segment.name().filter(name -> !changedSteps.contains(name)).ifPresent(known::add);
      Dataset<Row> read =
          records
              .where(of(segment))
              .select(
                  col("id").as(Hidden.ID),
                  col("original"),
                  RowJson.read(col("original"), segment.input()).as(ROW));
      Column readable = RowJson.of(col(ROW)).eqNullSafe(col("original"));
      fates.add(unreadable(read.where(not(readable)), "it does not read as it was written"));
      Dataset<Row> rows = read.where(readable).select(columns(segment.input()));
      if (carried.isPresent()) {
        rows = rows.union(through(segment, carried.get()));
      }
      Dataset<Row> out =
          segment.project(
              rows,
              struct(Segment.original(segment.input()).as(ROW), col(Hidden.ID).as(Hidden.ID)));
      fates.add((last ? out : out.where(not(RowPipeline.good()))).select(fate(segment, last)));
      Column[] visible = RowPipeline.visible(out);
      Column[] next = Arrays.copyOf(visible, visible.length + 1);
      next[visible.length] = id();
      carried = Optional.of(out.where(RowPipeline.good()).select(next));
    }
    Column foreign =
        col("original_of").isNotNull().and(not(col("original_of").isin(known.toArray())));
    fates.add(
        unreadable(
            records.where(foreign).select(col("id").as(Hidden.ID)),
            "it was kept after a step that is not what it was; migrate again"));
    return fates.stream().reduce(Dataset::union).orElseThrow();
  }

  private Column of(Segment segment) {
    return segment
        .name()
        .map(
            name ->
                changedSteps.contains(name) ? lit(false) : col("original_of").eqNullSafe(lit(name)))
        .orElseGet(() -> col("original_of").isNull());
  }

  private static Column id() {
    return col(Hidden.ORIGINAL).getField(Hidden.ID).as(Hidden.ID);
  }

  /** The id, and the columns of the struct. */
  private static Column[] columns(StructType input) {
    List<Column> columns = new ArrayList<>();
    for (String name : input.fieldNames()) {
      columns.add(col(ROW).getField(name).as(name));
    }
    columns.add(col(Hidden.ID));
    return columns.toArray(new Column[0]);
  }

  private Column[] fate(Segment segment, boolean last) {
    FailureColumns failures = pipeline.failures();
    Column failure = failures.failure();
    Column accepted = last ? RowPipeline.good() : lit(false);
    Column features = struct(pipeline.targetColumns());
    return new Column[] {
      id().as("id"),
      when(col(Hidden.FAILURE).isNotNull(), lit(FAILED))
          .when(col(Hidden.FILTERED), lit(FILTERED))
          .otherwise(lit(ACCEPTED))
          .as(FATE),
      failure.getField("code").as("code"),
      failure.getField("reason").as("reason"),
      failure.getField("feature").as("feature"),
      col(Hidden.VALUE).as("value"),
      failures.transformed(segment).as("transformed"),
      (last ? when(accepted, features) : lit(null).cast(rowType)).as(ROW)
    };
  }

  private Dataset<Row> unreadable(Dataset<Row> rows, String why) {
    Column none = lit(null).cast("string");
    return rows.select(
        col(Hidden.ID).as("id"),
        lit(FAILED).as(FATE),
        lit(UNREADABLE).as("code"),
        lit("the original of the row: " + why).as("reason"),
        none.as("feature"),
        none.as("value"),
        none.as("transformed"),
        lit(null).cast(rowType).as(ROW));
  }

  private Dataset<Row> through(Segment segment, Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (String name : segment.input().fieldNames()) {
      columns.add(Hidden.named(name));
    }
    columns.add(col(Hidden.ID));
    return new FollowedStep(session, segment.entry(), chunk)
        .apply(rows)
        .select(columns.toArray(new Column[0]));
  }
}
