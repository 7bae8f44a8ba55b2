package io.fsmigrate.testkit;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkExtension.class)
class DataFrameAssertTest {

  @Test
  void acceptsTheSameRowsInAnyOrder(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT * FROM VALUES ('a', 1), ('b', null), ('b', null)");
    assertThatDataFrame(rows)
        .hasSchema("col1 STRING, col2 INT")
        .hasRowCount(3)
        .hasRows(RowFactory.create("a", 1))
        .containsExactlyRows(
            RowFactory.create("b", null), RowFactory.create("a", 1), RowFactory.create("b", null))
        .isEqualTo(spark.sql("SELECT * FROM VALUES ('b', null), ('a', 1), ('b', null)"));
  }

  @Test
  void showsWhatIsMissingAndWhatIsExtra(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT * FROM VALUES ('a', 1), ('b', 2), ('b', 2)");
    assertThatThrownBy(
            () ->
                assertThatDataFrame(rows)
                    .containsExactlyRows(RowFactory.create("b", 2), RowFactory.create("c", null)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 missing")
        .hasMessageContaining("- {col1=c, col2=null}")
        .hasMessageContaining("2 extra")
        .hasMessageContaining("+ {col1=a, col2=1}")
        .hasMessageContaining("+ {col1=b, col2=2}");
  }

  @Test
  void countsHowOftenARowIsThere(SparkSession spark) {
    Dataset<Row> once = spark.sql("SELECT 1 AS n");
    Dataset<Row> twice = once.union(once);
    assertThatThrownBy(() -> assertThatDataFrame(once).isEqualTo(twice))
        .hasMessageContaining("1 missing");
    assertThatThrownBy(() -> assertThatDataFrame(twice).isEqualTo(once))
        .hasMessageContaining("1 extra");
    assertThatDataFrame(twice).hasRows(RowFactory.create(1));
    assertThatThrownBy(() -> assertThatDataFrame(twice).hasRowCount(1))
        .hasMessageContaining("Expecting 1 rows but there are 2");
  }

  @Test
  void showsAtMostTwentyRows(SparkSession spark) {
    assertThatThrownBy(
            () -> assertThatDataFrame(spark.range(25).toDF()).isEqualTo(spark.range(0).toDF()))
        .satisfies(
            e -> assertThat(e.getMessage().lines().filter(l -> l.contains("+ "))).hasSize(20))
        .hasMessageContaining("... and 5 more");
  }

  @Test
  void comparesEveryKindOfValue(SparkSession spark) {
    Dataset<Row> rows =
        spark.sql(
            "SELECT double('NaN') d, 1.50 x, timestamp '2024-01-02 03:04:05Z' t, array(1, null) a,"
                + " map('k', 0.0d) m, named_struct('s', x'0a') s");
    Row same =
        RowFactory.create(
            Double.NaN,
            new BigDecimal("1.5"),
            Instant.parse("2024-01-02T03:04:05Z"),
            java.util.Arrays.asList(1, null),
            Map.of("k", 0.0),
            RowFactory.create(new byte[] {10}));
    assertThatDataFrame(rows).containsExactlyRows(same).isEqualTo(rows);
    assertThatThrownBy(
            () ->
                assertThatDataFrame(rows.select("a"))
                    .containsExactlyRows(RowFactory.create(List.of(1, 2))))
        .hasMessageContaining("{a=[1, 2]}")
        .hasMessageContaining("{a=[1, null]}");
  }

  @Test
  void showsBothSchemas(SparkSession spark) {
    assertThatThrownBy(
            () -> assertThatDataFrame(spark.sql("SELECT 1L AS n")).hasSchema("n INT, x STRING"))
        .hasMessageContaining("n int, x string")
        .hasMessageContaining("n bigint");
    assertThatThrownBy(
            () ->
                assertThatDataFrame(spark.sql("SELECT 1L AS n"))
                    .isEqualTo(spark.sql("SELECT 1 AS n")))
        .hasMessageContaining("n bigint");
  }
}
