package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.run.RunSession;
import io.fsmigrate.testkit.SparkExtension;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every row reads back from its JSON as it was, on random schemas and values. One schema is asked
 * many rows at once, since Spark takes longer to plan than to convert them.
 */
@ExtendWith(SparkExtension.class)
class RowJsonLawTest {
  private static final int SCHEMAS = 6;
  private static final int ROWS = 60;

  private static final Arbitrary<Instant> INSTANTS =
      Arbitraries.longs()
          .between(-62_135_596_800_000_000L, 253_402_300_799_999_999L)
          .map(
              micros ->
                  Instant.ofEpochSecond(
                      Math.floorDiv(micros, 1_000_000L),
                      Math.floorMod(micros, 1_000_000L) * 1_000));

  private static final Arbitrary<LocalDate> DATES =
      INSTANTS.map(instant -> instant.atOffset(ZoneOffset.UTC).toLocalDate());

  private static final Arbitrary<String> TEXTS =
      Arbitraries.of("", "a", "\"quoted\"", "a\\b", "line\nend", "null", "NaN", "é", "😀", " 1 ");

  private static final Arbitrary<Double> DOUBLES =
      Arbitraries.oneOf(
          Arbitraries.doubles(),
          Arbitraries.of(
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY,
              -0.0,
              Double.MIN_VALUE));

  private static final Arbitrary<BigDecimal> DECIMALS =
      Arbitraries.bigIntegers()
          .between(
              java.math.BigInteger.TEN.pow(38).negate().add(java.math.BigInteger.ONE),
              java.math.BigInteger.TEN.pow(38).subtract(java.math.BigInteger.ONE))
          .map(digits -> new BigDecimal(digits, 10));

  private static final Map<String, Arbitrary<?>> TYPES =
      Map.ofEntries(
          Map.entry("boolean", Arbitraries.of(true, false)),
          Map.entry("tinyint", Arbitraries.bytes()),
          Map.entry("smallint", Arbitraries.shorts()),
          Map.entry("int", Arbitraries.integers()),
          Map.entry("bigint", Arbitraries.longs()),
          Map.entry("float", Arbitraries.floats()),
          Map.entry("double", DOUBLES),
          Map.entry("decimal(38,10)", DECIMALS),
          Map.entry("string", TEXTS),
          Map.entry("binary", Arbitraries.bytes().array(byte[].class).ofMaxSize(9)),
          Map.entry("date", DATES),
          Map.entry("timestamp", INSTANTS),
          Map.entry(
              "timestamp_ntz",
              INSTANTS.map(instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC))),
          Map.entry("array<double>", DOUBLES.list().ofMaxSize(3)),
          Map.entry(
              "struct<a: int, b: timestamp>",
              Combinators.combine(Arbitraries.integers(), INSTANTS.injectNull(0.2))
                  .as((a, b) -> RowFactory.create(a, b))),
          Map.entry("map<string, double>", Arbitraries.maps(TEXTS, DOUBLES).ofMaxSize(3)),
          Map.entry(
              "map<int, array<timestamp>>",
              Arbitraries.maps(Arbitraries.integers(), INSTANTS.list().ofMaxSize(2)).ofMaxSize(2)),
          Map.entry("map<date, string>", Arbitraries.maps(DATES, TEXTS).ofMaxSize(2)),
          Map.entry(
              "map<timestamp, bigint>",
              Arbitraries.maps(INSTANTS, Arbitraries.longs()).ofMaxSize(2)));

  private final SparkSession session;

  RowJsonLawTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @Test
  void everyValueReadsBackAsItWas() {
    for (int i = 0; i < SCHEMAS; i++) {
      List<String> types =
          Arbitraries.of(TYPES.keySet().stream().sorted().toList()).list().ofSize(8).sample();
      readsBack(types);
    }
    // No type is left to chance.
    readsBack(TYPES.keySet().stream().sorted().toList());
  }

  private void readsBack(List<String> types) {
    StructType schema = new StructType();
    List<Arbitrary<Object>> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      schema = schema.add("c" + i, org.apache.spark.sql.types.DataType.fromDDL(types.get(i)));
      values.add(TYPES.get(types.get(i)).asGeneric().injectNull(0.1));
    }
    List<Row> rows =
        Combinators.combine(values)
            .as(row -> RowFactory.create(row.toArray()))
            .list()
            .ofSize(ROWS)
            .sample();
    Column[] columns = new Column[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = col("c" + i);
    }
    Dataset<Row> written =
        session
            .createDataFrame(rows, schema)
            .select(struct(columns).as("row"))
            .withColumn("text", RowJson.of(col("row")));
    Dataset<Row> read = written.withColumn("read", RowJson.read(col("text"), schema));

    for (Row row : read.withColumn("again", RowJson.of(col("read"))).collectAsList()) {
      String text = row.getString(1);
      assertThat(row.getString(3)).as("%s", types).isEqualTo(text);
      assertThat(shown(row.getStruct(2))).as(text).isEqualTo(shown(row.getStruct(0)));
    }
  }

  /** Spark's rows compare arrays of bytes by identity. */
  private static String shown(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.length(); i++) {
      Object value = row.get(i);
      values.add(
          value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value));
    }
    return values.toString();
  }
}
