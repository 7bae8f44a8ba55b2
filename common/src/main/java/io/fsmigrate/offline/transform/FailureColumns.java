package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Says in columns why rows failed, from the hidden columns they carry.
 *
 * @param firstOfContract number of the first check that sees the row as it would be written
 * @param last the segment that such checks are in
 */
record FailureColumns(
    List<Check> checks, int firstOfContract, Segment last, List<String> targetColumns) {
  FailureColumns {
    checks = List.copyOf(checks);
    targetColumns = List.copyOf(targetColumns);
  }

  /** The columns of {@link RowPipeline#FAILED_SCHEMA}. */
  Column[] describe(Segment segment) {
    Column failure = failure();
    return new Column[] {
      failure.getField("code").as("code"),
      failure.getField("reason").as("reason"),
      failure.getField("feature").as("feature"),
      col(Hidden.VALUE).as("value"),
      original().as("original"),
      lit(segment.name().orElse(null)).cast("string").as("original_of"),
      transformed(segment).as("transformed")
    };
  }

  /** The check that a row failed: code, reason and feature; null of a row that failed none. */
  Column failure() {
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
    // Spark takes the result for never null, whatever the place is.
    Column place = coalesce(col(Hidden.FAILURE), lit(0)).plus(lit(1));
    return when(col(Hidden.FAILURE).isNotNull(), element_at(array(known), place));
  }

  static Column original() {
    return RowJson.of(col(Hidden.ORIGINAL));
  }

  /** Only the contract sees the row in its form in the target; null before. */
  Column transformed(Segment segment) {
    if (!segment.name().equals(last.name())) {
      return lit(null).cast("string");
    }
    Column[] features = targetColumns.stream().map(Hidden::named).toArray(Column[]::new);
    return when(col(Hidden.FAILURE).geq(firstOfContract), RowJson.of(struct(features)));
  }
}
