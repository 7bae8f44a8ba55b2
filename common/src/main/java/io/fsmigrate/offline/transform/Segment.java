package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A part of a {@link RowPipeline} through which each row carries its hidden columns.
 *
 * @param name what starts it, shown beside a failed record's original; empty for the source
 * @param input the columns that {@code entry} gives
 * @param entry the step that we cannot look into; identity for the source
 * @param stages projections, after the one that adds the hidden columns
 * @param mayDropRows whether the entry may return fewer rows than it gets
 */
record Segment(
    Optional<String> name,
    StructType input,
    UnaryOperator<Dataset<Row>> entry,
    List<List<Column>> stages,
    boolean mayDropRows) {
  Segment {
    stages = List.copyOf(stages);
  }

  /** Rows with their hidden columns, as they leave the last stage. */
  Dataset<Row> enter(Dataset<Row> rows) {
    return project(entry.apply(rows), original(input));
  }

  /**
   * The same for rows that {@code entry} has given already.
   *
   * @param original what is to be kept as {@link Hidden#ORIGINAL}
   */
  Dataset<Row> project(Dataset<Row> entered, Column original) {
    List<List<Column>> projections = new ArrayList<>();
    projections.add(start(input, original));
    projections.addAll(stages);
    return Catalyst.select(entered, projections);
  }

  /** The row itself. */
  static Column original(StructType input) {
    return struct(columns(input).toArray(new Column[0]));
  }

  /** The first projection: the columns as they are, and the hidden ones. */
  static List<Column> start(StructType input, Column original) {
    List<Column> columns = columns(input);
    columns.add(original.as(Hidden.ORIGINAL));
    columns.add(lit(null).cast("int").as(Hidden.FAILURE));
    columns.add(lit(null).cast("string").as(Hidden.VALUE));
    columns.add(lit(false).as(Hidden.FILTERED));
    return columns;
  }

  private static List<Column> columns(StructType input) {
    List<Column> columns = new ArrayList<>();
    for (String column : input.fieldNames()) {
      columns.add(Hidden.named(column));
    }
    return columns;
  }
}
