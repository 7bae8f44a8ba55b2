package io.fsmigrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.testkit.SparkExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which rows come together where several share a record identifier and an event time. */
@ExtendWith(SparkExtension.class)
class RowDiffTest {
  private static final StructType ROWS =
      StructType.fromDDL("id string, at bigint, s string, x double, y double");

  /** A row of both sides' table; its event time is the same for all. */
  private record Values(String s, Double x, Double y) {
    @Override
    public String toString() {
      return s + "/" + x + "/" + y;
    }
  }

  private static Values row(String s, Double x, Double y) {
    return new Values(s, x, y);
  }

  /** One record identifier: what each side has of it, and what should become of that. */
  private record Case(List<Values> expected, List<Values> actual, List<String> found) {}

  private static Case given(List<Values> expected, List<Values> actual, String... found) {
    return new Case(expected, actual, List.of(found));
  }

  private static void check(SparkSession spark, Map<String, String> tolerances, List<Case> cases) {
    Map<String, Tolerance> parsed = new TreeMap<>();
    tolerances.forEach((feature, text) -> parsed.put(feature, Tolerance.parse(feature, text)));
    ComparedSchema schema =
        ComparedSchema.of(
            ComparedTargets.target(
                "id", "string", "at", "bigint", "s", "string", "x", "double", "y", "double"),
            parsed);
    List<Row> expected = new ArrayList<>();
    List<Row> actual = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      String id = "case " + i;
      cases.get(i).expected().forEach(v -> expected.add(of(id, v)));
      cases.get(i).actual().forEach(v -> actual.add(of(id, v)));
    }
    Dataset<Row> diff =
        new RowDiff(spark, schema, 64)
            .of(
                spark.createDataFrame(expected, ROWS),
                spark.createDataFrame(actual, ROWS),
                Optional.empty());

    Map<String, List<String>> found =
        diff.collectAsList().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.<String>getAs(RowDiff.IDENTIFIER),
                    Collectors.mapping(RowDiffTest::text, Collectors.toList())));
    for (int i = 0; i < cases.size(); i++) {
      assertThat(found.getOrDefault("case " + i, List.of()))
          .as("case %d: %s", i, cases.get(i))
          .containsExactlyInAnyOrderElementsOf(cases.get(i).found());
    }
  }

  private static Row of(String id, Values values) {
    return RowFactory.create(id, 1L, values.s(), values.x(), values.y());
  }

  private static String text(Row found) {
    String kind = found.getAs(RowDiff.KIND);
    Row expected = found.getAs(RowDiff.EXPECTED);
    Row actual = found.getAs(RowDiff.ACTUAL);
    return kind
        + (expected == null ? "" : " " + values(expected))
        + (actual == null ? "" : " " + values(actual));
  }

  private static Values values(Row row) {
    return new Values(row.getString(2), (Double) row.get(3), (Double) row.get(4));
  }

  @Test
  void theClosestRowsComeTogether(SparkSession spark) {
    check(
        spark,
        Map.of(),
        List.of(
            // Equal rows cancel as often as both sides have them.
            given(
                List.of(row("a", 1.0, 1.0), row("a", 1.0, 1.0)),
                List.of(row("a", 1.0, 1.0)),
                "missing a/1.0/1.0"),
            given(
                List.of(row("a", 1.0, 1.0), row("b", 2.0, 2.0)),
                List.of(row("b", 2.0, 2.0), row("a", 1.0, 1.0))),
            // Two against one: the one in which fewer features differ.
            given(
                List.of(row("a", 1.0, 1.0), row("b", 2.0, 2.0)),
                List.of(row("b", 2.0, 9.0)),
                "different b/2.0/2.0 b/2.0/9.0",
                "missing a/1.0/1.0"),
            given(
                List.of(row("a", 1.0, 1.0)),
                List.of(row("b", 2.0, 9.0), row("a", 7.0, 1.0)),
                "different a/1.0/1.0 a/7.0/1.0",
                "extra b/2.0/9.0"),
            // Three against two.
            given(
                List.of(row("a", 1.0, 1.0), row("b", 2.0, 2.0), row("c", 3.0, 3.0)),
                List.of(row("c", 3.0, null), row("a", 1.0, 4.0)),
                "different a/1.0/1.0 a/1.0/4.0",
                "different c/3.0/3.0 c/3.0/null",
                "missing b/2.0/2.0"),
            // As many features differ: by how far their numbers are apart.
            given(
                List.of(row("a", 10.0, 1.0), row("a", 20.0, 1.0)),
                List.of(row("a", 19.0, 1.0)),
                "different a/20.0/1.0 a/19.0/1.0",
                "missing a/10.0/1.0"),
            given(List.of(row(null, null, null)), List.of(), "missing null/null/null"),
            given(
                List.of(),
                List.of(row("a", Double.NaN, -0.0), row("a", Double.NaN, 0.0)),
                "extra a/NaN/-0.0",
                "extra a/NaN/-0.0")));
  }

  @Test
  void rowsThatAgreeComeTogetherFirst(SparkSession spark) {
    check(
        spark,
        Map.of("x", "0.5"),
        List.of(
            // The order of values alone would hold 1.0 against 5.1.
            given(
                List.of(row("a", 1.0, 1.0), row("a", 5.0, 1.0)),
                List.of(row("a", 5.1, 1.0)),
                "tolerated a/5.0/1.0 a/5.1/1.0",
                "missing a/1.0/1.0"),
            // What only one side has of other features shifts nothing.
            given(
                List.of(row("a", 1.0, 1.0), row("b", 1.0, 1.0), row("c", 1.0, 1.0)),
                List.of(row("b", 1.1, 1.0), row("c", 1.1, 1.0)),
                "tolerated b/1.0/1.0 b/1.1/1.0",
                "tolerated c/1.0/1.0 c/1.1/1.0",
                "missing a/1.0/1.0"),
            given(
                List.of(row("a", 1.0, 1.0), row("a", 1.4, 1.0)),
                List.of(row("a", 1.3, 1.0), row("a", 1.8, 1.0)),
                "tolerated a/1.0/1.0 a/1.3/1.0",
                "tolerated a/1.4/1.0 a/1.8/1.0"),
            given(
                List.of(row("a", 1.0, 1.0), row("a", 2.0, 1.0)),
                List.of(row("a", 9.0, 1.0), row("a", 2.2, 1.0), row("a", null, 1.0)),
                "tolerated a/2.0/1.0 a/2.2/1.0",
                "different a/1.0/1.0 a/9.0/1.0",
                "extra a/null/1.0"),
            // Equal rows are the same, whatever else would agree with one of them.
            given(
                List.of(row("a", 1.0, 1.0), row("a", 1.5, 1.0)),
                List.of(row("a", 1.5, 1.0), row("a", 2.0, 1.0)),
                "different a/1.0/1.0 a/2.0/1.0")));
  }

  /** More rows than are held against each other: they come together in the order of values. */
  @Test
  void ofVeryManyRowsEachStillHasOneFate(SparkSession spark) {
    List<Values> expected = new ArrayList<>();
    List<Values> actual = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < RowPairs.MOST_HELD; i++) {
      Values row = row("a", (double) i, 1.0);
      expected.add(row);
      if (i < 200) {
        Values other = row("a", i + 0.25, 1.0);
        actual.add(other);
        found.add("tolerated " + row + " " + other);
      } else {
        found.add("missing " + row);
      }
    }

    check(spark, Map.of("x", "0.5"), List.of(new Case(expected, actual, found)));
  }
}
