package io.fsmigrate.run;

import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/** The rows that a target with rows gains from a run that appends. */
final class NewRows {
  private NewRows() {}

  /** Leaves out rows that equal one of those there in every feature. */
  static Dataset<Row> of(Dataset<Row> rows, Dataset<Row> there) {
    Dataset<Row> ours = rows.alias("ours");
    Dataset<Row> theirs = there.alias("theirs");
    Column same = lit(true);
    for (StructField field : rows.schema().fields()) {
      String name = "`" + field.name().replace("`", "``") + "`";
      Column mine = functions.col("ours." + name);
      Column other = functions.col("theirs." + name);
      // Maps have no equality in Spark; their JSON text has.
      same =
          same.and(
              field.dataType() instanceof MapType
                  ? functions.to_json(mine).eqNullSafe(functions.to_json(other))
                  : mine.eqNullSafe(other));
    }
    return ours.join(theirs, same, "left_anti");
  }
}
