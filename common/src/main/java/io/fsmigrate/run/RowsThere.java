package io.fsmigrate.run;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.xxhash64;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds out which of a few rows a table has already, equal in every feature. Of the table it reads
 * record identifiers and event times, where its files may have them; whole rows only of files with
 * one that is asked for.
 */
final class RowsThere {
  private static final long MOST_SENT = 100_000;

  private final SparkSession session;
  private final VersionedGroup target;
  private final TablePointer table;

  RowsThere(SparkSession session, VersionedGroup target, TablePointer table) {
    this.session = session;
    this.target = target;
    this.table = table;
  }

  /**
   * The ids of those that are there, each once, as column {@code id}.
   *
   * @param rows {@code id}, and {@code row}, a struct of the features
   * @param most rows that there may be
   */
  Dataset<Row> among(Dataset<Row> rows, long most) {
    Column identifier = col("row").getField(target.recordIdentifier());
    Column time = col("row").getField(target.eventTime());
    Row span = rows.agg(min(identifier), max(identifier), min(time), max(time)).first();
    if (span.isNullAt(0)) {
      return none();
    }
    DeltaSource source = DeltaSource.open(session, table.path(), Optional.of(table.version()));
    Dataset<Row> keys =
        rows.select(identifier.as("__fs_identifier"), time.as("__fs_time")).distinct();
    Dataset<Row> stored =
        source
            .readAll()
            .where(
                feature(target.recordIdentifier())
                    .between(lit(span.get(0)), lit(span.get(1)))
                    .and(feature(target.eventTime()).between(lit(span.get(2)), lit(span.get(3)))))
            .select(
                feature(target.recordIdentifier()).as("__fs_identifier"),
                feature(target.eventTime()).as("__fs_time"),
                col("_metadata.file_name").as("__fs_file"));
    Dataset<Row> candidates =
        atTimesOf(stored, keys, most)
            .join(sent(keys, most), new String[] {"__fs_identifier", "__fs_time"}, "left_semi");
    Set<String> files =
        candidates.select("__fs_file").distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .collect(Collectors.toSet());
    return files.isEmpty() ? none() : equal(source.readFiles(files), rows, most);
  }

  /**
   * Most rows of the table are none of those that are asked for. A number is looked up in a small
   * fraction of the time that an identifier and a time take together.
   */
  private static Dataset<Row> atTimesOf(Dataset<Row> stored, Dataset<Row> keys, long most) {
    Column hash = xxhash64(col("__fs_time"));
    return most > MOST_SENT
        ? stored
        : stored
            .withColumn("__fs_hash", hash)
            .join(
                broadcast(keys.select(hash.as("__fs_hash")).distinct()),
                new String[] {"__fs_hash"},
                "left_semi");
  }

  private Dataset<Row> none() {
    return session.createDataFrame(List.of(), new StructType().add("id", DataTypes.StringType));
  }

  /** Few rows go to where the table's are; many, which the driver cannot hold, meet them. */
  static Dataset<Row> sent(Dataset<Row> rows, long most) {
    return most <= MOST_SENT ? broadcast(rows) : rows;
  }

  private static Dataset<Row> equal(Dataset<Row> there, Dataset<Row> rows, long most) {
    Dataset<Row> ours = rows.select(col("id").as("__fs_id"), col("row").as("__fs_row"));
    Column same = lit(true);
    for (StructField field : there.schema().fields()) {
      Column mine = col("__fs_row").getField(field.name());
      Column other = feature(field.name());
      // Maps have no equality in Spark; their JSON text has.
      same =
          same.and(
              field.dataType() instanceof MapType
                  ? to_json(mine).eqNullSafe(to_json(other))
                  : mine.eqNullSafe(other));
    }
    return there.join(sent(ours, most), same).select(col("__fs_id").as("id")).distinct();
  }

  private static Column feature(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
