package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * What a table must lose and gain so that rows that differ are as they should be. Whole keys are
 * replaced, a key being a record identifier and an event time: what such a key has and should keep
 * is gained again.
 */
public final class RepairRows {
  private static final String HASH = "hash";
  private static final String COPY = "copy";
  private static final String SURPLUS = "surplus";

  private final ComparedSchema schema;
  private final Dataset<Row> keys;
  private final Dataset<Row> rows;

  private RepairRows(ComparedSchema schema, Dataset<Row> keys, Dataset<Row> rows) {
    this.schema = schema;
    this.keys = keys;
    this.rows = rows;
  }

  /**
   * Of a difference.
   *
   * @param diff as {@link RowDiff} makes it
   * @param actual the table as it is
   * @param kinds what is to be repaired
   */
  static RepairRows of(
      ComparedSchema schema, Dataset<Row> diff, Dataset<Row> actual, Set<RowVerdict> kinds) {
    Dataset<Row> chosen =
        diff.where(col(RowDiff.KIND).isin(kinds.stream().map(RowVerdict::text).toArray()));
    Dataset<Row> lost = side(schema, chosen, RowDiff.ACTUAL);
    Column id = col(schema.identifier().column());
    Column time = col(schema.eventTime().column());
    Dataset<Row> keys = lost.select(id, time).distinct();
    Dataset<Row> removed =
        lost.withColumn(HASH, schema.fullHash())
            .groupBy(id, time, col(HASH))
            .agg(count(lit(1)).as(SURPLUS));
    List<String> key = List.of(schema.identifier().column(), schema.eventTime().column());
    Dataset<Row> there =
        schema
            .positioned(actual)
            .join(keys, scala(key), "left_semi")
            .withColumn(HASH, schema.fullHash());
    Dataset<Row> kept =
        there
            .withColumn(
                COPY, row_number().over(Window.partitionBy(id, time, col(HASH)).orderBy(col(HASH))))
            .join(removed, scala(List.of(key.get(0), key.get(1), HASH)), "left_outer")
            .where(col(COPY).gt(coalesce(abs(col(SURPLUS)), lit(0L))));
    Dataset<Row> gained =
        plain(schema, kept).unionByName(plain(schema, side(schema, chosen, RowDiff.EXPECTED)));
    return new RepairRows(schema, keys, gained);
  }

  private static scala.collection.immutable.Seq<String> scala(List<String> names) {
    return scala.jdk.javaapi.CollectionConverters.asScala(names).toSeq();
  }

  private static Dataset<Row> side(ComparedSchema schema, Dataset<Row> diff, String side) {
    return diff.where(col(side).isNotNull())
        .select(
            schema.features().stream()
                .map(f -> col(side).getField(f.column()).as(f.column()))
                .toArray(Column[]::new));
  }

  private static Dataset<Row> plain(ComparedSchema schema, Dataset<Row> rows) {
    return rows.select(schema.features().stream().map(f -> col(f.column())).toArray(Column[]::new));
  }

  /** The keys that the table must lose: two columns by the names of the features. */
  public Dataset<Row> keys() {
    return keys.select(
        col(schema.identifier().column()).as(schema.identifier().name()),
        col(schema.eventTime().column()).as(schema.eventTime().name()));
  }

  /** The rows that it must gain after that, with the columns of the target. */
  public Dataset<Row> rows() {
    return rows.select(
        schema.features().stream().map(f -> col(f.column()).as(f.name())).toArray(Column[]::new));
  }
}
