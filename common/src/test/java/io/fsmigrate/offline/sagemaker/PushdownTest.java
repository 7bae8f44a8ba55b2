package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.offline.Decoding;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.testkit.SparkExtension;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SparkExtension.class)
class PushdownTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("id string, at string, n bigint, x double, flag boolean, day date");
  private static final List<Decoding> DECODINGS =
      List.of(
          new Decoding("at", DataTypes.TimestampType, UnaryOperator.identity(), "ISO-8601 text"));

  private final SparkSession session;

  PushdownTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          n > 5                                      | ("n" > 5)
          5 >= n                                     | ("n" <= 5)
          n = -5                                     | ("n" = -5)
          id = 'it''s'                               | ("id" = 'it''s')
          x < 1.5                                    | ("x" < 1.5E0)
          x >= 2                                     | ("x" >= 2.0E0 OR is_nan("x"))
          NOT x > 2                                  | (NOT ("x" > 2.0E0 OR is_nan("x")))
          id IN ('a', 'b')                           | ("id" IN ('a', 'b'))
          n BETWEEN 2 AND 7                          | ("n" >= 2) AND ("n" <= 7)
          n NOT BETWEEN 2 AND 7                      | (NOT (("n" >= 2) AND ("n" <= 7)))
          x IS NULL OR id IS NOT NULL                | (("x" IS NULL) OR ("id" IS NOT NULL))
          flag AND day >= DATE '2024-02-29'          | "flag" AND ("day" >= DATE '2024-02-29')
          n > 5 AND length(id) > 3                   | ("n" > 5)
          n > 1.5                                    | ("n" > 1)
          WHERE n <> 5                               | (NOT ("n" = 5))
          """)
  void translates(String query, String sql) {
    assertThat(Pushdown.of(session, query, SCHEMA, DECODINGS)).contains(sql);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          n > 5 OR length(id) > 3
          NOT (n > 5 AND length(id) > 3)
          at > timestamp'2024-01-01 00:00:00'
          at = '2024-01-01T00:00:00Z'
          id > 5
          n > x
          upper(id) = 'A'
          x = double('NaN')
          n = null
          n IN (1, null)
          x IN (0.0, 1.0)
          n = -9223372036854775808
          """)
  void leavesToSpark(String query) {
    assertThat(Pushdown.of(session, query, SCHEMA, DECODINGS)).isEmpty();
  }

  @Test
  void refusesWhatIsNoCondition() {
    assertThatThrownBy(() -> Pushdown.of(session, "n + 1", SCHEMA, DECODINGS))
        .hasFieldOrPropertyWithValue("code", "FILTER_REFUSED");
  }
}
