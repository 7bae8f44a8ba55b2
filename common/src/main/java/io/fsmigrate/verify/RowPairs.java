package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_append;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;

/**
 * Which row of one side belongs to which of the other, among rows of one record identifier and
 * event time that are not equal. Rows that agree within the tolerances come together first, in the
 * order of their values, until no two rows are left that would agree. The others come together by
 * the number of features in which they differ, then by how far their numbers are apart: the closest
 * first. What decides is in the rows alone, so that it is the same each time.
 *
 * <p>Every row of a key is held against every other of it. Where a key has more than {@link
 * #MOST_HELD} rows, they come together in the order of their values instead.
 */
final class RowPairs {
  static final String SURPLUS = "surplus";
  static final String HASH = "hash";
  static final String STRICT = "strict";
  static final String ROW = "row";

  /** Rows of both sides together: 4,096 pairs to look at where each side has half of them. */
  static final int MOST_HELD = 128;

  private static final String RANK = "rank";
  private static final String PART = "part";
  private static final String HELD = "held";
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String LEFTS = "lefts";
  private static final String RIGHTS = "rights";
  private static final String CHOSEN = "chosen";
  private static final String PAIR = "pair";

  private final ComparedSchema schema;

  RowPairs(ComparedSchema schema) {
    this.schema = schema;
  }

  /**
   * A row for each pair, and for each row that has none.
   *
   * @param surplus rows that one side has more often, with {@link #ROW}, its hashes, and how often;
   *     negative for the actual side
   */
  Dataset<Row> of(Dataset<Row> surplus) {
    Column expectedOnly = col(SURPLUS).gt(0);
    Dataset<Row> ranked =
        surplus
            .withColumn("copy", explode(sequence(lit(1L), abs(col(SURPLUS)))))
            .withColumn(RANK, row_number().over(key(expectedOnly).orderBy(order())))
            .withColumn(LEFTS, count(when(expectedOnly, lit(1))).over(key()))
            .withColumn(RIGHTS, count(when(not(expectedOnly), lit(1))).over(key()))
            .withColumn(HELD, isHeld());
    Dataset<Row> grouped =
        ranked
            .withColumn(PART, when(col(HELD), lit(0)).otherwise(col(RANK)))
            .groupBy(col(RowDiff.IDENTIFIER), col(RowDiff.EVENT_TIME), col(PART))
            .agg(
                first(when(expectedOnly, col(ROW)), true).as(LEFT),
                first(when(not(expectedOnly), col(ROW)), true).as(RIGHT),
                held(expectedOnly).as(LEFTS),
                held(not(expectedOnly)).as(RIGHTS));
    return grouped
        .withColumn(LEFTS, byRank(col(LEFTS)))
        .withColumn(RIGHTS, byRank(col(RIGHTS)))
        .withColumn(CHOSEN, chosen())
        .select(col(RowDiff.IDENTIFIER), col(RowDiff.EVENT_TIME), explode(pairs()).as(PAIR))
        .select(
            col(RowDiff.IDENTIFIER),
            col(RowDiff.EVENT_TIME),
            col(PAIR).getField(LEFT).as(RowDiff.EXPECTED),
            col(PAIR).getField(RIGHT).as(RowDiff.ACTUAL));
  }

  private static WindowSpec key(Column... more) {
    List<Column> columns =
        new ArrayList<>(List.of(col(RowDiff.IDENTIFIER), col(RowDiff.EVENT_TIME)));
    columns.addAll(List.of(more));
    return Window.partitionBy(columns.toArray(new Column[0]));
  }

  /** Rows that differ in tolerated values alone stand side by side in the order of these. */
  private Column[] order() {
    List<Column> order = new ArrayList<>(List.of(col(STRICT)));
    schema.tolerated().forEach(f -> order.add(col(ROW).getField(f.column())));
    order.add(col(HASH));
    return order.toArray(new Column[0]);
  }

  /** Whether there is a choice, and one that can be made by looking at all. */
  private static Column isHeld() {
    Column lefts = col(LEFTS);
    Column rights = col(RIGHTS);
    return lefts
        .gt(0)
        .and(rights.gt(0))
        .and(lefts.plus(rights).gt(2))
        .and(lefts.plus(rights).leq(MOST_HELD));
  }

  private static Column held(Column side) {
    return collect_list(when(col(HELD).and(side), struct(col(RANK), col(ROW))));
  }

  private static Column byRank(Column rows) {
    return array_sort(rows, (one, other) -> one.getField(RANK).minus(other.getField(RANK)));
  }

  /** The ranks of rows that come together: of all pairs in order, each whose rows are both free. */
  private Column chosen() {
    Column every =
        flatten(
            transform(col(LEFTS), left -> transform(col(RIGHTS), right -> candidate(left, right))));
    Column none =
        array().cast(DataType.fromDDL("array<struct<%s:int,%s:int>>".formatted(LEFT, RIGHT)));
    return aggregate(
        sort_array(every),
        none,
        (chosen, next) ->
            when(
                    exists(
                        chosen,
                        pair ->
                            pair.getField(LEFT)
                                .equalTo(next.getField(LEFT))
                                .or(pair.getField(RIGHT).equalTo(next.getField(RIGHT)))),
                    chosen)
                .otherwise(
                    array_append(
                        chosen,
                        struct(next.getField(LEFT).as(LEFT), next.getField(RIGHT).as(RIGHT)))));
  }

  /** A pair in the form in which pairs are sorted: the best comes first. */
  private Column candidate(Column left, Column right) {
    Column differing = lit(0);
    Column apart = lit(0.0);
    for (ComparedFeature feature : schema.features()) {
      Column expected = left.getField(ROW).getField(feature.column());
      Column actual = right.getField(ROW).getField(feature.column());
      Column agrees = feature.agrees(expected, actual);
      differing = differing.plus(when(agrees, lit(0)).otherwise(lit(1)));
      if (feature.isNumeric() || feature.isTime()) {
        Column error = coalesce(feature.symmetricError(expected, actual), lit(2.0));
        apart = apart.plus(when(agrees, lit(0.0)).otherwise(error));
      }
    }
    // Where all agree, neither counts: with one tolerated feature, the order of the values leaves
    // fewest alone.
    return struct(
        differing.as("differing"),
        apart.as("apart"),
        left.getField(RANK).as(LEFT),
        right.getField(RANK).as(RIGHT));
  }

  private static Column pairs() {
    Column both =
        transform(
            col(CHOSEN),
            pair ->
                struct(
                    element_at(col(LEFTS), pair.getField(LEFT)).getField(ROW).as(LEFT),
                    element_at(col(RIGHTS), pair.getField(RIGHT)).getField(ROW).as(RIGHT)));
    Column nobody = when(lit(false), col(LEFT));
    Column lefts =
        transform(alone(LEFTS, LEFT), row -> struct(row.getField(ROW).as(LEFT), nobody.as(RIGHT)));
    Column rights =
        transform(
            alone(RIGHTS, RIGHT), row -> struct(nobody.as(LEFT), row.getField(ROW).as(RIGHT)));
    return when(org.apache.spark.sql.functions.size(col(LEFTS)).gt(0), concat(both, lefts, rights))
        .otherwise(array(struct(col(LEFT), col(RIGHT))));
  }

  /** The rows of a side that no pair has. */
  private static Column alone(String rows, String side) {
    return filter(
        col(rows),
        row -> not(exists(col(CHOSEN), pair -> pair.getField(side).equalTo(row.getField(RANK)))));
  }
}
