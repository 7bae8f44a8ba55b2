package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that one side has and the other does not. Rows that are equal in everything cancel, as
 * often as both sides have them; the rest is paired within its record identifier and event time,
 * see {@link RowPairs}.
 *
 * <p>The result has a row for each pair and each row without one: {@link #KIND}, the record
 * identifier and the event time, {@link #EXPECTED} and {@link #ACTUAL} as structs of the features
 * by position, and for each feature whether it differs.
 */
final class RowDiff {
  static final String KIND = "kind";
  static final String IDENTIFIER = "record_identifier";
  static final String EVENT_TIME = "event_time";
  static final String EXPECTED = "expected";
  static final String ACTUAL = "actual";

  /** Of a pair whose values are apart, but no further than tolerated: no difference. */
  static final String TOLERATED = "tolerated";

  private static final String BUCKET = "bucket";
  private static final String SIDE = "side";

  private final SparkSession session;
  private final ComparedSchema schema;
  private final int buckets;

  RowDiff(SparkSession session, ComparedSchema schema, int buckets) {
    this.session = session;
    this.schema = schema;
    this.buckets = buckets;
  }

  /** Whether a feature of that position differs. */
  static String differs(ComparedFeature feature) {
    return "differs_" + feature.position();
  }

  /**
   * The difference of two sides.
   *
   * @param among the buckets to look at; empty for all
   */
  Dataset<Row> of(Dataset<Row> expected, Dataset<Row> actual, Optional<BitSet> among) {
    Dataset<Row> both = side(expected, 1, among).unionAll(side(actual, -1, among));
    // One shuffle for all that follows: what is grouped finer stays where it is.
    Dataset<Row> surplus =
        both.repartition(col(IDENTIFIER), col(EVENT_TIME))
            .groupBy(col(IDENTIFIER), col(EVENT_TIME), col(RowPairs.HASH), col(RowPairs.STRICT))
            .agg(sum(col(SIDE)).as(RowPairs.SURPLUS), first(col(RowPairs.ROW)).as(RowPairs.ROW))
            .where(col(RowPairs.SURPLUS).notEqual(0));
    return judged(new RowPairs(schema).of(surplus));
  }

  private Dataset<Row> side(Dataset<Row> rows, int sign, Optional<BitSet> among) {
    Dataset<Row> positioned = schema.positioned(rows);
    Dataset<Row> looked =
        among
            .filter(differing -> 2 * differing.cardinality() < buckets)
            .map(differing -> within(positioned, differing))
            .orElse(positioned);
    Column[] features = schema.features().stream().map(f -> col(f.column())).toArray(Column[]::new);
    return looked.select(
        col(schema.identifier().column()).as(IDENTIFIER),
        col(schema.eventTime().column()).as(EVENT_TIME),
        schema.fullHash().as(RowPairs.HASH),
        schema.strictHash().as(RowPairs.STRICT),
        lit((long) sign).as(SIDE),
        struct(features).as(RowPairs.ROW));
  }

  /** By a small table of buckets, which costs a row no more where there are thousands of them. */
  private Dataset<Row> within(Dataset<Row> rows, BitSet differing) {
    List<Integer> numbers = differing.stream().boxed().toList();
    Dataset<Row> wanted = session.createDataset(numbers, Encoders.INT()).toDF(BUCKET);
    return rows.withColumn(BUCKET, schema.bucket(buckets))
        .join(broadcast(wanted), BUCKET, "left_semi")
        .drop(BUCKET);
  }

  /** With what became of each pair. */
  private Dataset<Row> judged(Dataset<Row> paired) {
    Column pair = col(EXPECTED).isNotNull().and(col(ACTUAL).isNotNull());
    List<Column> columns = new ArrayList<>();
    columns.add(col(IDENTIFIER));
    columns.add(col(EVENT_TIME));
    columns.add(col(EXPECTED));
    columns.add(col(ACTUAL));
    Column any = lit(false);
    for (ComparedFeature feature : schema.features()) {
      Column same =
          feature.agrees(
              col(EXPECTED).getField(feature.column()), col(ACTUAL).getField(feature.column()));
      columns.add(pair.and(not(same)).as(differs(feature)));
      any = any.or(coalesce(col(differs(feature)), lit(false)));
    }
    Column kind =
        when(col(ACTUAL).isNull(), RowVerdict.MISSING.text())
            .when(col(EXPECTED).isNull(), RowVerdict.EXTRA.text())
            .when(any, RowVerdict.DIFFERENT.text())
            .otherwise(TOLERATED);
    return paired.select(columns.toArray(new Column[0])).withColumn(KIND, kind);
  }
}
