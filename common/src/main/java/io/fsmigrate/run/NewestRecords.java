package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;

/** What an online store is to serve: of each record identifier its newest row. */
final class NewestRecords {
  private static final String ROWS = "__fs_rows";
  private static final String NEWEST = "__fs_newest";

  private NewestRecords() {}

  /**
   * One row for each record identifier: the features of its newest row by {@link
   * io.fsmigrate.online.TieRule}, then how many rows it has. The partition is the bucket, by the
   * hash of the identifier.
   */
  static JavaRDD<Row> of(Dataset<Row> rows, VersionedGroup target) {
    List<Column> features = new ArrayList<>();
    List<Column> result = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      Column column = column(feature.name());
      features.add(column);
      result.add(col(NEWEST).getField(feature.name()).as(feature.name()));
    }
    result.add(col(ROWS));
    Column record = struct(features.toArray(new Column[0]));
    return rows.groupBy(column(target.recordIdentifier()).as("__fs_id"))
        .agg(
            max_by(record, order(target, NewestRecords::column)).as(NEWEST), count(lit(1)).as(ROWS))
        .select(result.toArray(new Column[0]))
        .javaRDD();
  }

  /**
   * What is the greater, the newer a row is.
   *
   * @param feature the column of a feature
   */
  static Column order(VersionedGroup target, Function<String, Column> feature) {
    List<Column> order = new ArrayList<>(List.of(feature.apply(target.eventTime())));
    for (Feature each : target.schema().features()) {
      Column column = feature.apply(each.name());
      // Maps have no order in Spark; their JSON text has.
      boolean map = DataType.fromDDL(each.type().sql()) instanceof MapType;
      order.add(map ? to_json(column) : column);
    }
    return struct(order.toArray(new Column[0]));
  }

  private static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
