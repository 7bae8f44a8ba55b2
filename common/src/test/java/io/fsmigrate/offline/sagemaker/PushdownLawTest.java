package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.run.RunSession;
import io.fsmigrate.testkit.SparkExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A row that Spark keeps passes what is pushed down, on random tables and queries. One table is
 * asked many queries at once, since Spark takes longer to plan than to evaluate them.
 */
@ExtendWith(SparkExtension.class)
class PushdownLawTest {
  private static final StructType SCHEMA =
      StructType.fromDDL("row int, id string, n bigint, x double");
  private static final int TABLES = 8;
  private static final int QUERIES = 40;

  private static final Arbitrary<String> TEXTS =
      Arbitraries.of("", "a", "A", "b", "ab", "it's", "é", "5", "zz", "_");
  private static final Arbitrary<Long> LONGS =
      Arbitraries.of(-7L, -1L, 0L, 1L, 2L, 7L, Long.MAX_VALUE, Long.MIN_VALUE);
  private static final Arbitrary<Double> DOUBLES =
      Arbitraries.of(-1.5, -0.0, 0.0, 0.1, 2.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY);

  private final SparkSession session;

  PushdownLawTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @Test
  void losesNoRowThatSparkKeeps() throws SQLException {
    int pushed = 0;
    int left = 0;
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      // Athena's name, and its NaN, which is comparable to nothing.
      execute(duck, "CREATE MACRO is_nan(v) AS isnan(v)");
      for (int i = 0; i < TABLES; i++) {
        List<Row> rows = rows().sample();
        List<String> queries = query(2).list().ofSize(QUERIES).sample();
        load(duck, rows);
        List<Set<Integer>> kept = keptBySpark(rows, queries);
        for (int q = 0; q < QUERIES; q++) {
          Optional<String> predicate = Pushdown.of(session, queries.get(q), SCHEMA, List.of());
          if (predicate.isEmpty()) {
            left++;
            continue;
          }
          pushed++;
          assertThat(passing(duck, predicate.get()))
              .as("%s as %s", queries.get(q), predicate.get())
              .containsAll(kept.get(q));
        }
      }
    }
    // Both kinds occur, or the law would say nothing.
    assertThat(pushed).isGreaterThan(TABLES * QUERIES / 10);
    assertThat(left).isPositive();
  }

  private List<Set<Integer>> keptBySpark(List<Row> rows, List<String> queries) {
    Dataset<Row> table = session.createDataFrame(rows, SCHEMA);
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    columns.add(col("row"));
    queries.forEach(query -> columns.add(expr(query)));
    List<Set<Integer>> kept = new ArrayList<>();
    queries.forEach(query -> kept.add(new HashSet<>()));
    for (Row row :
        table.select(columns.toArray(new org.apache.spark.sql.Column[0])).collectAsList()) {
      for (int q = 0; q < queries.size(); q++) {
        if (!row.isNullAt(q + 1) && row.getBoolean(q + 1)) {
          kept.get(q).add(row.getInt(0));
        }
      }
    }
    return kept;
  }

  private static void load(Connection duck, List<Row> rows) throws SQLException {
    execute(duck, "CREATE OR REPLACE TABLE t (\"row\" INTEGER, id VARCHAR, n BIGINT, x DOUBLE)");
    try (PreparedStatement insert = duck.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?)")) {
      for (Row row : rows) {
        for (int i = 0; i < 4; i++) {
          insert.setObject(i + 1, row.get(i));
        }
        insert.execute();
      }
    }
  }

  private static Set<Integer> passing(Connection duck, String predicate) throws SQLException {
    Set<Integer> rows = new HashSet<>();
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery("SELECT \"row\" FROM t WHERE " + predicate)) {
      while (result.next()) {
        rows.add(result.getInt(1));
      }
    }
    return rows;
  }

  private static void execute(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Arbitrary<List<Row>> rows() {
    return Combinators.combine(
            TEXTS.injectNull(0.2), LONGS.injectNull(0.2), DOUBLES.injectNull(0.2))
        .as((id, n, x) -> new Object[] {id, n, x})
        .list()
        .ofSize(25)
        .map(
            values -> {
              List<Row> rows = new ArrayList<>();
              for (Object[] value : values) {
                rows.add(RowFactory.create(rows.size(), value[0], value[1], value[2]));
              }
              return rows;
            });
  }

  private static Arbitrary<String> query(int depth) {
    Arbitrary<String> leaf =
        Arbitraries.oneOf(List.of(text(), number(), fraction(), isNull(), other()));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = query(depth - 1);
    return Arbitraries.oneOf(
        List.of(
            leaf,
            inner.map(q -> "NOT (" + q + ")"),
            Combinators.combine(inner, Arbitraries.of("AND", "OR"), inner)
                .as((one, op, two) -> "(%s) %s (%s)".formatted(one, op, two))));
  }

  private static Arbitrary<String> operator() {
    return Arbitraries.of("=", "<>", "<", "<=", ">", ">=");
  }

  private static Arbitrary<String> text() {
    Arbitrary<String> literal = TEXTS.map(t -> "'" + t.replace("'", "\\'") + "'");
    return Arbitraries.oneOf(
        List.of(
            Combinators.combine(operator(), literal).as((op, v) -> "id %s %s".formatted(op, v)),
            literal
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(v -> "id IN (" + String.join(", ", v) + ")"),
            Combinators.combine(literal, literal)
                .as((a, b) -> "id NOT BETWEEN %s AND %s".formatted(a, b))));
  }

  private static Arbitrary<String> number() {
    return Combinators.combine(operator(), LONGS).as((op, v) -> "n %s %d".formatted(op, v));
  }

  private static Arbitrary<String> fraction() {
    Arbitrary<String> literal = DOUBLES.map(v -> "double('" + v + "')");
    return Arbitraries.oneOf(
        List.of(
            Combinators.combine(literal, operator()).as((v, op) -> "%s %s x".formatted(v, op)),
            literal
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(v -> "x IN (" + String.join(", ", v) + ")"),
            Combinators.combine(literal, literal)
                .as((a, b) -> "x BETWEEN %s AND %s".formatted(a, b))));
  }

  private static Arbitrary<String> isNull() {
    return Arbitraries.of("id IS NULL", "x IS NOT NULL", "n IS NULL");
  }

  /** What is not translated. */
  private static Arbitrary<String> other() {
    return Arbitraries.of("length(id) > 1", "n > x", "n IN (1, NULL)", "isnan(x)", "n * 0.5 > 1");
  }
}
