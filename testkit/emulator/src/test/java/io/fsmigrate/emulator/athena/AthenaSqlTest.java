package io.fsmigrate.emulator.athena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AthenaSqlTest {
  @Test
  void takesAnUnloadApart() {
    AthenaSql sql =
        AthenaSql.parse(
            """
            unload (select a, ") TO 's3://" from t where b = ')' )
            to 's3://bucket/some/prefix' with (format = 'parquet', compression='SNAPPY');
            """,
            List.of());
    assertThat(sql.query()).isEqualTo("select a, \") TO 's3://\" from t where b = ')'");
    assertThat(sql.unload()).hasValue(new AthenaSql.Target("bucket", "some/prefix/", "SNAPPY"));
  }

  @Test
  void parametersTakeTheirPlaces() {
    AthenaSql sql = AthenaSql.parse("SELECT '?', \"?\", ? WHERE x = ?", List.of("1", "'y'"));
    assertThat(sql.query()).isEqualTo("SELECT '?', \"?\", 1 WHERE x = 'y'");
    assertThatThrownBy(() -> AthenaSql.parse("SELECT 1", List.of("1")))
        .hasMessageContaining("ExecutionParameters");
  }

  @Test
  void findsTables() {
    AthenaSql sql = AthenaSql.parse("SELECT * FROM \"Db\".\"Flights_1\"", List.of());
    assertThat(sql.names("flights_1")).isTrue();
    assertThat(sql.names("flights")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE t",
        "INSERT INTO t VALUES (1)",
        "COPY t TO 'x'",
        "",
        "UNLOAD (SELECT 1) TO 's3://b/p/' WITH (format = 'ORC')",
        "UNLOAD (SELECT 1) TO 's3://b/p/'",
        "UNLOAD (SELECT 1) TO 's3://b/p/' WITH (format = 'PARQUET', partitioned_by = ARRAY['a'])"
      })
  void refusesTheRest(String sql) {
    assertThatThrownBy(() -> AthenaSql.parse(sql, List.of())).hasMessageContaining("emulated");
  }
}
