package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.SparkExtension;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is equal and what is not, in each of the two ways of finding out: by hash and by comparison.
 */
@ExtendWith(SparkExtension.class)
class CanonicalValueTest {
  /**
   * Values of one type as SQL.
   *
   * @param classes values in a list are equal to each other and to no value of another list
   */
  private record Case(String type, List<List<String>> classes) {
    @Override
    public String toString() {
      return type;
    }
  }

  static List<Case> cases() {
    return List.of(
        new Case(
            "double",
            List.of(
                List.of("0D", "-0D"),
                List.of("double('NaN')", "-double('NaN')", "double('Infinity') * 0"),
                List.of("NULL"),
                List.of("1D"),
                List.of("double('Infinity')"),
                List.of("double('-Infinity')"))),
        new Case(
            "float",
            List.of(
                List.of("float(0)", "-float(0)"), List.of("float('NaN')"), List.of("float(1)"))),
        new Case("bigint", List.of(List.of("0L"), List.of("1L"), List.of("NULL"), List.of("-1L"))),
        new Case("string", List.of(List.of("''"), List.of("NULL"), List.of("'null'"))),
        new Case("boolean", List.of(List.of("true"), List.of("false"), List.of("NULL"))),
        new Case("binary", List.of(List.of("X''"), List.of("X'00'"), List.of("NULL"))),
        new Case(
            "decimal(10,2)",
            List.of(List.of("1.50", "1.5", "'1.500'"), List.of("1.51"), List.of("0"))),
        new Case(
            "decimal(30,2)",
            List.of(List.of("1.50", "1.5"), List.of("12345678901234567890.12"), List.of("NULL"))),
        new Case("date", List.of(List.of("date'1970-01-01'"), List.of("date'1969-12-31'"))),
        new Case(
            "timestamp",
            List.of(
                List.of(
                    "timestamp'2026-10-25 02:30:00+02:00'",
                    "timestamp'2026-10-25 01:30:00+01:00'",
                    "timestamp'2026-10-25 00:30:00Z'"),
                List.of("timestamp'2026-10-25 02:30:00+01:00'"),
                List.of("timestamp'2026-10-25 00:30:00.000001Z'"))),
        new Case(
            "timestamp_ntz",
            List.of(
                List.of("timestamp_ntz'2026-01-01 00:00:00'"),
                List.of("timestamp_ntz'2026-01-01 00:00:01'"))),
        new Case(
            "array<double>",
            List.of(
                List.of("array(0D, NULL)", "array(-0D, NULL)"),
                List.of("array(NULL, 0D)"),
                List.of("array(0D)"),
                List.of("array(double('NaN'))", "array(-double('NaN'))"),
                List.of("array(NULL)"),
                List.of("array()"),
                List.of("NULL"))),
        new Case(
            "array<array<boolean>>",
            List.of(
                List.of("array(array(false))"),
                List.of("array(array(), array(), array())"),
                List.of("array(array(false), array())"),
                List.of("array(array(), array(false))"),
                List.of("array(NULL, array(false))"),
                List.of("array(array(NULL))"))),
        new Case(
            "map<string,double>",
            List.of(
                List.of("map('a', 1D, 'b', -0D)", "map('b', 0D, 'a', 1D)"),
                List.of("map('a', 1D, 'b', NULL)", "map('b', NULL, 'a', 1D)"),
                List.of("map('a', NULL, 'b', 1D)"),
                List.of("map('a', 1D)"),
                List.of("map()"),
                List.of("NULL"))),
        new Case(
            "map<int,map<string,array<int>>>",
            List.of(
                List.of(
                    "map(1, map('x', array(1), 'y', NULL), 2, NULL)",
                    "map(2, NULL, 1, map('y', NULL, 'x', array(1)))"),
                List.of("map(1, map('x', NULL, 'y', array(1)), 2, NULL)"),
                List.of("map(1, NULL, 2, map('x', array(1), 'y', NULL))"))),
        new Case(
            "struct<a:int,b:int>",
            List.of(
                List.of("named_struct('a', NULL, 'b', 5)"),
                List.of("named_struct('a', 5, 'b', NULL)"),
                List.of("named_struct('a', NULL, 'b', NULL)"),
                List.of("NULL"),
                List.of("named_struct('a', 5, 'b', 5)"))),
        new Case(
            "struct<m:map<string,double>,s:struct<x:double>>",
            List.of(
                List.of(
                    "named_struct('m', map('a', 0D, 'b', 1D), 's', named_struct('x', NULL))",
                    "named_struct('m', map('b', 1D, 'a', -0D), 's', named_struct('x', NULL))"),
                List.of("named_struct('m', map('a', 0D, 'b', 1D), 's', NULL)"))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hashAndComparisonAgreeOnWhatIsEqual(Case one, SparkSession spark) {
    DataType type = DataType.fromDDL(one.type());
    String rows =
        IntStream.range(0, one.classes().size())
            .boxed()
            .flatMap(
                number ->
                    one.classes().get(number).stream()
                        .map(
                            value ->
                                "SELECT %d AS c, CAST(%s AS %s) AS v"
                                    .formatted(number, value, one.type())))
            .reduce((left, right) -> left + " UNION ALL " + right)
            .orElseThrow();
    // From a file, so that values are hashed by generated code as those of tables are.
    Dataset<Row> values = spark.sql(rows).repartition(1).localCheckpoint();
    Dataset<Row> pairs =
        values.selectExpr("c AS c1", "v AS v1").crossJoin(values.selectExpr("c AS c2", "v AS v2"));
    Column hash1 = CanonicalValue.hash(List.of(col("v1")), List.of(type));
    Column hash2 = CanonicalValue.hash(List.of(col("v2")), List.of(type));

    List<Row> judged =
        pairs
            .select(
                col("c1").equalTo(col("c2")),
                CanonicalValue.equal(col("v1"), col("v2"), type),
                hash1.equalTo(hash2),
                col("v1").cast("string"),
                col("v2").cast("string"))
            .collectAsList();

    assertThat(judged).hasSizeGreaterThan(1);
    for (Row pair : judged) {
      assertThat(pair.getBoolean(1)).as("equality of %s", pair).isEqualTo(pair.getBoolean(0));
      assertThat(pair.getBoolean(2)).as("hashes of %s", pair).isEqualTo(pair.getBoolean(0));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void nullsKeepTheirPlaceInARow(String left, String right, SparkSession spark) {
    List<DataType> types = List.of(DataType.fromDDL("int"), DataType.fromDDL("int"));
    Row hashes =
        spark
            .sql("SELECT %s AS a, %s AS b".formatted(left, right))
            .select(
                CanonicalValue.hash(List.of(col("a.x"), col("a.y")), types),
                CanonicalValue.hash(List.of(col("b.x"), col("b.y")), types))
            .head();

    assertThat(hashes.getLong(0)).isNotEqualTo(hashes.getLong(1));
  }

  static List<org.junit.jupiter.params.provider.Arguments> rows() {
    String nullFirst = "named_struct('x', CAST(NULL AS INT), 'y', 5)";
    String nullLast = "named_struct('x', 5, 'y', CAST(NULL AS INT))";
    String nulls = "named_struct('x', CAST(NULL AS INT), 'y', CAST(NULL AS INT))";
    return List.of(
        org.junit.jupiter.params.provider.Arguments.of(nullFirst, nullLast),
        org.junit.jupiter.params.provider.Arguments.of(nulls, nullLast),
        org.junit.jupiter.params.provider.Arguments.of(
            "named_struct('x', 1, 'y', 2)", "named_struct('x', 2, 'y', 1)"));
  }
}
