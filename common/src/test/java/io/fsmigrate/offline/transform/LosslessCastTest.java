package io.fsmigrate.offline.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.SparkExtension;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SparkExtension.class)
class LosslessCastTest {
  private static final String LOST = "LOST";

  private final SparkSession spark;

  LosslessCastTest(SparkSession spark) {
    this.spark = spark.newSession();
    this.spark.conf().set("spark.sql.ansi.enabled", "true");
    this.spark.conf().set("spark.sql.session.timeZone", "UTC");
  }

  /** What survives is given as the new value's text. */
  @ParameterizedTest(name = "{0} {1} as {2} is {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // Whole numbers: what does not fit is lost.
        "bigint | 2147483647 | int | 2147483647",
        "bigint | 2147483648 | int | LOST",
        "bigint | -2147483648 | int | -2147483648",
        "bigint | -2147483649 | int | LOST",
        "int | 128 | tinyint | LOST",
        "int | -2147483648 | bigint | -2147483648",
        // Whole numbers beyond the mantissa have neighbours that look the same.
        "bigint | 9007199254740992 | double | 9.007199254740992E15",
        "bigint | 9007199254740993 | double | LOST",
        "bigint | -9007199254740993 | double | LOST",
        "bigint | 9223372036854775807 | double | LOST",
        "int | 16777216 | float | 1.6777216E7",
        "int | 16777217 | float | LOST",
        "int | 2147483647 | double | 2.147483647E9",
        // Fractions do not become whole numbers, nor does what is no number.
        "double | 3.0 | int | 3",
        "double | 3.5 | int | LOST",
        "double | -0.0 | bigint | 0",
        "double | \"'NaN'\" | int | LOST",
        "double | \"'NaN'\" | bigint | LOST",
        "double | \"'Infinity'\" | bigint | LOST",
        "double | \"'-Infinity'\" | int | LOST",
        "double | 1e30 | bigint | LOST",
        "double | 9.223372036854774E18 | bigint | 9223372036854773760",
        "double | 9223372036854775808.0 | bigint | LOST",
        "double | -9223372036854775808.0 | bigint | -9223372036854775808",
        "double | 2147483648.0 | int | LOST",
        "float | 2147483648.0 | int | LOST",
        "float | 9223372036854775808.0 | bigint | LOST",
        "float | -2147483648.0 | int | -2147483648",
        // A float rounds; only what is too large for it is lost.
        "double | 0.1 | float | 0.1",
        "double | 1e39 | float | LOST",
        "double | -1e39 | float | LOST",
        "double | \"'NaN'\" | float | NaN",
        "double | \"'Infinity'\" | float | Infinity",
        "float | \"'NaN'\" | double | NaN",
        "float | \"'-Infinity'\" | double | -Infinity",
        // Decimals.
        "double | 1.25 | decimal(10,2) | 1.25",
        "double | 0.1 | decimal(10,2) | 0.10",
        "double | 1.255 | decimal(10,2) | LOST",
        "double | 1e9 | decimal(10,2) | LOST",
        "double | \"'NaN'\" | decimal(10,2) | LOST",
        "double | \"'Infinity'\" | decimal(10,2) | LOST",
        "decimal(10,2) | 1.20 | decimal(10,1) | 1.2",
        "decimal(10,2) | 1.25 | decimal(10,1) | LOST",
        "decimal(10,2) | 3.00 | int | 3",
        "decimal(10,2) | 3.50 | int | LOST",
        "decimal(10,2) | 0.10 | double | 0.1",
        "decimal(38,0) | 12345678901234567890123 | double | LOST",
        "decimal(38,0) | 99999999999999999999 | bigint | LOST",
        "bigint | 99999 | decimal(5,0) | 99999",
        "bigint | 100000 | decimal(5,0) | LOST",
        // Text only has to parse.
        "string | '12' | int | 12",
        "string | ' 12 ' | int | 12",
        "string | '12.5' | int | LOST",
        "string | 'abc' | int | LOST",
        "string | '' | int | LOST",
        "string | '99999999999' | int | LOST",
        "string | '1e3' | double | 1000.0",
        "string | 'NaN' | double | NaN",
        "string | 'Infinity' | double | Infinity",
        "string | '-inf' | float | -Infinity",
        "string | '1e400' | double | LOST",
        "string | '-1e39' | float | LOST",
        "string | '0.1' | decimal(10,2) | 0.10",
        "string | '0.100' | decimal(10,2) | 0.10",
        "string | '1e2' | decimal(10,2) | 100.00",
        "string | '0.125' | decimal(10,2) | LOST",
        "string | '1.25e-1' | decimal(10,2) | LOST",
        "string | '123456789.00' | decimal(10,2) | LOST",
        "string | '123456789012345678901234.12' | decimal(38,2) | 123456789012345678901234.12",
        "string | '123456789012345678901234.129' | decimal(38,2) | LOST",
        "string | '0.12345678901234567890' | decimal(38,20) | 0.12345678901234567890",
        "string | '0.123456789012345678901' | decimal(38,20) | LOST",
        "string | 'yes' | boolean | true",
        "string | 'maybe' | boolean | LOST",
        // Days and instants.
        "string | '2026-01-02' | date | 2026-01-02",
        "string | '2026-01-02 00:00:00' | date | 2026-01-02",
        "string | '2026-01-02 10:00:00' | date | LOST",
        "string | '2026-01-02T10:00:00Z' | date | LOST",
        "string | '2026-01-02 soon' | date | LOST",
        "string | '2026-02-30' | date | LOST",
        "string | '2026-01-02T10:00:00+02:00' | timestamp | 2026-01-02 08:00:00",
        "string | 'soon' | timestamp | LOST",
        "timestamp | '2026-01-02 00:00:00' | date | 2026-01-02",
        "timestamp | '2026-01-02 00:00:01' | date | LOST",
        "timestamp | '1970-01-01 00:00:01' | bigint | 1",
        "timestamp | '1970-01-01 00:00:01.5' | bigint | LOST",
        "bigint | 1 | timestamp | 1970-01-01 00:00:01",
        "bigint | 9223372036854775807 | timestamp | LOST",
        "timestamp | '2026-01-02 10:00:00' | timestamp_ntz | 2026-01-02 10:00:00",
        "date | '2026-01-02' | timestamp | 2026-01-02 00:00:00",
        // Booleans.
        "boolean | true | int | 1",
        "int | 1 | boolean | true",
        "int | 2 | boolean | LOST",
        // To text everything goes.
        "double | \"'NaN'\" | string | NaN",
        "bigint | 9007199254740993 | string | 9007199254740993",
        // Collections, value by value.
        "array<bigint> | array(1, 2) | array<int> | [1, 2]",
        "array<bigint> | array(1, null) | array<int> | [1, null]",
        "array<bigint> | array(1, 3000000000) | array<int> | LOST",
        "array<double> | array(double('NaN')) | array<float> | [NaN]",
        "struct<a:bigint> | named_struct('a', 3000000000) | struct<a:int> | LOST",
        "struct<a:bigint> | named_struct('a', 3) | struct<a:int> | {3}",
        "map<string,bigint> | map('k', 3) | map<string,int> | {k -> 3}",
        "map<string,bigint> | map('k', 3000000000) | map<string,int> | LOST"
      })
  void aValueSurvivesOrIsLost(String from, String value, String to, String expected) {
    assertThat(result(from, value, to)).isEqualTo(expected);
  }

  @Test
  void nothingStaysNothing() {
    for (String to : new String[] {"int", "float", "decimal(5,2)", "date", "boolean", "string"}) {
      assertThat(result("string", "null", to)).as(to).isNull();
    }
    assertThat(result("bigint", "null", "int")).isNull();
    assertThat(result("double", "null", "float")).isNull();
    assertThat(result("timestamp", "null", "date")).isNull();
  }

  @Test
  void whatCanLoseNothingIsNotChecked() {
    assertThat(cast("int", "bigint").alwaysLossless()).isTrue();
    assertThat(cast("int", "double").alwaysLossless()).isTrue();
    assertThat(cast("smallint", "float").alwaysLossless()).isTrue();
    assertThat(cast("string", "string").alwaysLossless()).isTrue();
    assertThat(cast("decimal(5,2)", "decimal(7,3)").alwaysLossless()).isTrue();
    assertThat(cast("bigint", "double").alwaysLossless()).isFalse();
    assertThat(cast("int", "float").alwaysLossless()).isFalse();
    assertThat(cast("double", "float").alwaysLossless()).isFalse();
    assertThat(cast("decimal(5,2)", "double").alwaysLossless()).isFalse();
  }

  @Test
  void someTypesHaveNoCast() {
    assertThat(cast("array<int>", "int").exists()).isFalse();
    assertThat(cast("date", "int").exists()).isFalse();
    assertThat(cast("string", "double").exists()).isTrue();
  }

  private String result(String from, String value, String to) {
    LosslessCast cast = cast(from, to);
    Dataset<Row> in = spark.sql("SELECT CAST(%s AS %s) AS v".formatted(value, from));
    Dataset<Row> out = in.select(functions.col("v"), cast.value(functions.col("v")).as("o"));
    Row row =
        out.select(
                functions.col("o").cast("string"),
                cast.alwaysLossless()
                    ? functions.lit(false)
                    : cast.loses(functions.col("v"), functions.col("o")))
            .first();
    // A check that is neither true nor false does not fail a row.
    return !row.isNullAt(1) && row.getBoolean(1) ? LOST : row.getString(0);
  }

  private static LosslessCast cast(String from, String to) {
    return new LosslessCast(DataType.fromDDL(from), DataType.fromDDL(to));
  }
}
