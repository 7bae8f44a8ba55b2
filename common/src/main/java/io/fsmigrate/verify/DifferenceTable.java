package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.transform.RowJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that differ, as a Delta table of the run: {@code kind}, {@code store}, {@code
 * record_identifier}, {@code event_time}, {@code features} (the names of those that differ), {@code
 * expected} and {@code actual} (the rows as JSON). Values of masked features are not in it.
 */
public final class DifferenceTable {
  private static final String STORE = "store";
  private static final String FEATURES = "features";

  private final SparkSession session;
  private final RunTable table;
  private final ComparedSchema schema;
  private final Set<String> masked;

  /** The table at a place, whether or not it is there yet. */
  public DifferenceTable(SparkSession session, RunTable table, ComparedSchema schema) {
    this.session = session;
    this.table = table;
    this.schema = schema;
    this.masked = MaskedFeatures.of(schema.target());
  }

  /**
   * Adds rows of {@link RowDiff}'s form, once.
   *
   * @param store the side that was looked at
   * @param most rows that are kept
   */
  void append(Dataset<Row> diff, String store, int most, String transaction) {
    Column[] names =
        schema.features().stream()
            .map(f -> when(col(RowDiff.differs(f)), lit(f.name())))
            .toArray(Column[]::new);
    Dataset<Row> rows =
        diff.where(col(RowDiff.KIND).notEqual(RowDiff.TOLERATED))
            .limit(most)
            .select(
                col(RowDiff.KIND),
                lit(store).as(STORE),
                shown(schema.identifier(), col(RowDiff.IDENTIFIER)).as(RowDiff.IDENTIFIER),
                shown(schema.eventTime(), col(RowDiff.EVENT_TIME)).as(RowDiff.EVENT_TIME),
                array_compact(array(names)).as(FEATURES),
                json(RowDiff.EXPECTED).as(RowDiff.EXPECTED),
                json(RowDiff.ACTUAL).as(RowDiff.ACTUAL));
    table.append(rows, transaction, "differences of " + store);
  }

  /** Some rows of a store, the same ones each time. */
  public List<DifferingRow> sample(String store, int most) {
    if (!table.exists()) {
      return List.of();
    }
    return session
        .read()
        .format("delta")
        .load(table.location())
        .where(col(STORE).equalTo(store))
        .orderBy(col(RowDiff.KIND), col(RowDiff.IDENTIFIER), col(RowDiff.EVENT_TIME))
        .limit(most)
        .collectAsList()
        .stream()
        .map(
            row ->
                new DifferingRow(
                    row.getAs(RowDiff.KIND),
                    store,
                    String.valueOf(row.<Object>getAs(RowDiff.IDENTIFIER)),
                    String.valueOf(row.<Object>getAs(RowDiff.EVENT_TIME)),
                    row.getList(row.fieldIndex(FEATURES)),
                    java.util.Optional.ofNullable(row.getAs(RowDiff.EXPECTED)),
                    java.util.Optional.ofNullable(row.getAs(RowDiff.ACTUAL))))
        .toList();
  }

  private Column json(String side) {
    List<Column> values = new ArrayList<>();
    for (ComparedFeature feature : schema.features()) {
      values.add(shown(feature, col(side).getField(feature.column())).as(feature.name()));
    }
    return when(col(side).isNotNull(), RowJson.of(struct(values.toArray(new Column[0]))));
  }

  private Column shown(ComparedFeature feature, Column value) {
    return masked.contains(feature.name())
        ? when(value.isNotNull(), lit(MaskedFeatures.MASK))
        : value;
  }
}
