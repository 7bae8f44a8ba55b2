package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.transform.RowJson;
import io.fsmigrate.online.TieRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows that differ, as a Delta table of the run: {@code kind}, {@code store}, {@code
 * record_identifier}, {@code event_time}, {@code features} (the names of those that differ), {@code
 * expected} and {@code actual} (the rows as JSON). Values of masked features are not in it.
 */
public final class DifferenceTable {
  private static final ObjectWriter WRITER = new ObjectMapper().writer();
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

  /**
   * A record of an online store that differs.
   *
   * @param kind as in the table
   * @param features positions of those that differ
   * @param expected values in the order of the features
   * @param actual empty where the store has none
   */
  public record Record(
      String kind,
      List<Integer> features,
      Optional<List<Object>> expected,
      Optional<List<Object>> actual) {}

  /** Adds records of an online store, once. */
  public void append(List<Record> records, String store, String transaction) {
    StructType columns =
        new StructType()
            .add(RowDiff.KIND, "string")
            .add(STORE, "string")
            .add(RowDiff.IDENTIFIER, shownType(schema.identifier()))
            .add(RowDiff.EVENT_TIME, shownType(schema.eventTime()))
            .add(FEATURES, DataTypes.createArrayType(DataTypes.StringType))
            .add(RowDiff.EXPECTED, "string")
            .add(RowDiff.ACTUAL, "string");
    List<Row> rows = new ArrayList<>();
    for (Record record : records) {
      List<Object> known = record.expected().or(record::actual).orElseThrow();
      rows.add(
          RowFactory.create(
              record.kind(),
              store,
              shown(schema.identifier(), known),
              shown(schema.eventTime(), known),
              record.features().stream()
                  .map(i -> schema.features().get(i).name())
                  .toArray(String[]::new),
              record.expected().map(this::json).orElse(null),
              record.actual().map(this::json).orElse(null)));
    }
    table.append(
        session.createDataFrame(rows, columns).coalesce(1), transaction, "differences of " + store);
  }

  private DataType shownType(ComparedFeature feature) {
    return masked.contains(feature.name()) ? DataTypes.StringType : feature.type();
  }

  private Object shown(ComparedFeature feature, List<Object> values) {
    Object value = values.get(feature.position());
    return value != null && masked.contains(feature.name()) ? MaskedFeatures.MASK : value;
  }

  private String json(List<Object> values) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    for (ComparedFeature feature : schema.features()) {
      Object value = values.get(feature.position());
      if (value == null) {
        record.putNull(feature.name());
      } else if (masked.contains(feature.name())) {
        record.put(feature.name(), MaskedFeatures.MASK);
      } else {
        FeatureType type = schema.target().schema().features().get(feature.position()).type();
        record.putRawValue(feature.name(), new RawValue(TieRule.canonicalJson(type, value)));
      }
    }
    try {
      return WRITER.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a record as JSON", e);
    }
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
                    Optional.ofNullable(row.getAs(RowDiff.EXPECTED)),
                    Optional.ofNullable(row.getAs(RowDiff.ACTUAL))))
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
