package io.fsmigrate.offline.transform;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationFunction;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.migration.SqlMigration;
import io.fsmigrate.migration.Step;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.testkit.SparkExtension;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkExtension.class)
class RowPipelineTest {
  private static final String DAY = "2026-01-02 00:00:00";

  private final SparkSession spark;

  RowPipelineTest(SparkSession spark) {
    this.spark = spark;
  }

  @Test
  void aValueThatDoesNotFitFailsItsRowAndKeepsTheOriginal() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "n int"),
            source(),
            new Step.Rename("x", "n"),
            new Step.Cast("n", FeatureType.parse("int")));

    Run run = run(pipeline, rows(row("a", 1L), row("b", 3_000_000_000L), row("c", null)));

    assertThat(run.accepted).containsExactly("a,1", "c,null");
    assertThat(run.failed)
        .containsExactly(
            "CAST|n|3000000000|{\"id\":\"b\",\"at\":\"2026-01-02T00:00:00.000000Z\",\"x\":3000000000}");
    assertThat(run.counts).isEqualTo(new RowCounts(3, 0, 1, 2, 0));
  }

  @Test
  void expressionsThatShareAFailingPartFailTheRowAndNotTheTask() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "a int", "b int"),
            source(),
            new Step.SetTo("a", "cast(x as int) + 1"),
            new Step.SetTo("b", "cast(x as int) + 2"),
            new Step.Drop("x"));

    Run run = run(pipeline, rows(row("a", 1L), row("b", 3_000_000_000L)));

    assertThat(run.accepted).containsExactly("a,2,3");
    assertThat(run.failed).singleElement().asString().startsWith("EXPRESSION|a|3000000000|");
  }

  @Test
  void aRowIsBlamedForItsFirstFailureOnly() {
    VersionedGroup target =
        target(
            List.of(new ContractRule("positive", "x > 0", Optional.of("x"))),
            "id string",
            "at timestamp",
            "x bigint");
    RowPipeline pipeline = compile(target, source());

    Run run = run(pipeline, rows(row(null, -5L), row("b", -7L), row("c", null), row("d", 1L)));

    assertThat(run.accepted).containsExactly("c,null", "d,1");
    assertThat(run.failed.get(0)).startsWith("CONTRACT|x|-7|");
    assertThat(run.failed.get(1)).startsWith("RECORD_IDENTIFIER_MISSING|id|null|");
  }

  @Test
  void whatAFilterLeavesOutIsNeverLookedAtAgain() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "x int"),
            source(),
            new Step.Filter("x < 100"),
            new Step.Cast("x", FeatureType.parse("int")));

    Run run = run(pipeline, rows(row("a", 1L), row("b", 3_000_000_000L), row("c", null)));

    assertThat(run.accepted).containsExactly("a,1");
    assertThat(run.failed).isEmpty();
    assertThat(run.counts).isEqualTo(new RowCounts(3, 2, 0, 1, 0));
  }

  @Test
  void aFilterThatRaisesAnErrorFailsTheRow() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "x bigint"),
            source(),
            new Step.Filter("10 / x > 1"));

    Run run = run(pipeline, rows(row("a", 2L), row("b", 0L), row("c", 50L)));

    assertThat(run.accepted).containsExactly("a,2");
    assertThat(run.failed).singleElement().asString().startsWith("FILTER|null|0|");
    assertThat(run.counts).isEqualTo(new RowCounts(3, 1, 1, 1, 0));
  }

  @Test
  void aSelectListIsTakenApartSoThatItsRowsKeepTheirOriginals() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "x bigint", "y bigint"),
            source(),
            sql("SELECT id, at, source.x + 1 AS x, 10 div x AS y FROM source WHERE id <> 'z'"));

    Run run = run(pipeline, rows(row("a", 5L), row("b", 0L), row("z", 0L)));

    assertThat(run.accepted).containsExactly("a,6,2");
    assertThat(run.failed)
        .containsExactly(
            "EXPRESSION|y|0|{\"id\":\"b\",\"at\":\"2026-01-02T00:00:00.000000Z\",\"x\":0}");
    assertThat(pipeline.notRowLocal()).isEmpty();
    assertThat(run.counts).isEqualTo(new RowCounts(3, 1, 1, 1, 0));
  }

  @Test
  void aQueryThatNeedsManyRowsIsOneUnit() {
    RowPipeline pipeline =
        compile(
            target("id string", "at timestamp", "x bigint"),
            source(),
            sql("SELECT id, max(at) AS at, sum(x) AS x FROM source GROUP BY id"));

    Run run = run(pipeline, rows(row("a", 1L), row("a", 2L), row(null, 3L)));

    assertThat(pipeline.notRowLocal()).contains("an aggregate");
    assertThat(run.accepted).containsExactly("a,3");
    assertThat(run.failed).singleElement().asString().startsWith("RECORD_IDENTIFIER_MISSING|id|");
    assertThat(run.counts).isEqualTo(new RowCounts(3, 1, 1, 1, 0));
  }

  @Test
  void aJavaMigrationThatLosesARowIsFoundOut() {
    RowPipeline honest =
        compile(target("id string", "at timestamp", "x bigint"), source(), java(r -> r));
    RowPipeline thief =
        compile(
            target("id string", "at timestamp", "x bigint"),
            source(),
            java(r -> r.where("id <> 'b'")));

    assertThat(run(honest, rows(row("a", 1L), row("b", 2L))).counts)
        .isEqualTo(new RowCounts(2, 0, 0, 2, 0));
    assertThat(run(thief, rows(row("a", 1L), row("b", 2L))).counts)
        .isEqualTo(new RowCounts(2, 0, 0, 1, 1));
  }

  @Test
  void aJavaMigrationThatSaysItIsRowLocalAndIsNotIsRefused() {
    VersionedGroup target = target("id string", "at timestamp", "x bigint");
    Map<String, UnaryOperator<Dataset<Row>>> bad =
        Map.of(
            "an aggregate",
            r -> r.groupBy("id").agg(max("at").as("at"), max("x").as("x")),
            "Window",
            r -> r.withColumn("x", max("x").over(Window.partitionBy("id"))),
            "a join",
            r -> r.join(r.select("id"), "id"),
            "Sort",
            r -> r.sort("x"),
            "GlobalLimit",
            r -> r.limit(1),
            "Deduplicate",
            r -> r.dropDuplicates("id"),
            "MapPartitions",
            r -> r.mapPartitions((MapPartitionsFunction<Row, Row>) i -> i, r.encoder()),
            "not deterministic",
            r -> r.withColumn("x", rand().cast("bigint")));

    bad.forEach(
        (why, query) ->
            assertThatThrownBy(() -> compile(target, source(), java(query)))
                .as(why)
                .isInstanceOfSatisfying(
                    FsMigrateException.class,
                    e -> assertThat(e.code()).isEqualTo("MIGRATION_UNRESOLVED"))
                .hasMessageStartingWith("g:1.0.0->2.0.0: rowLocal() is true, but its query has ")
                .hasMessageContaining(why));
  }

  @Test
  void whatIsBeforeAJavaMigrationIsNotItsFault() {
    SqlMigration sums =
        new SqlMigration(
            "g",
            version("0.9.0"),
            version("1.0.0"),
            "",
            "SELECT id, max(at) AS at, sum(x) AS x FROM source GROUP BY id",
            "sums.sql");
    MapFunction<Row, Row> same = r -> r;
    JavaMigration local = java(r -> r.where("x > 1").map(same, r.encoder()));

    RowPipeline pipeline =
        PipelineCompiler.compile(
            spark,
            new MigrationPath(List.of(sums, local)),
            target("id string", "at timestamp", "x bigint"),
            Optional.empty(),
            source(),
            true);

    assertThat(pipeline.notRowLocal()).contains("an aggregate");
  }

  @Test
  void whatAJavaMigrationThrowsOnNoRowsIsRefusedWithItsKind() {
    VersionedGroup target = target("id string", "at timestamp", "x bigint");

    assertThatThrownBy(
            () ->
                compile(
                    target,
                    source(),
                    java(
                        r -> {
                          throw new NoClassDefFoundError("com/example/Missing");
                        })))
        .hasMessageContaining("g:1.0.0->2.0.0: NoClassDefFoundError: com/example/Missing");
    assertThatThrownBy(() -> compile(target, source(), java(r -> null)))
        .hasMessageContaining("g:1.0.0->2.0.0: NullPointerException: it gives null and no rows");
    assertThatThrownBy(() -> compile(target, source(), java(r -> r.drop("x").select("x"))))
        .hasMessageContaining("g:1.0.0->2.0.0: [UNRESOLVED_COLUMN");
  }

  @Test
  void whatIsNotThereAfterThePathIsRefusedInOneAnswer() {
    assertThatThrownBy(
            () ->
                compile(
                    target("id string", "at timestamp", "n int", "m double"),
                    source(),
                    new Step.Rename("x", "n")))
        .isInstanceOf(FsMigrateException.class)
        .hasMessageContaining("n is bigint, not int")
        .hasMessageContaining("m double is missing");
    assertThatThrownBy(
            () ->
                compile(target("id string", "at timestamp"), source(), new Step.Rename("x", "ID")))
        .hasMessageContaining("there is a column id already");
    assertThatThrownBy(
            () ->
                compile(
                    target("id string", "at timestamp"), source(), new Step.SetTo("q", "nope + 1")))
        .hasMessageContaining("nope")
        .hasMessageContaining("the columns there are: id, at, x");
  }

  @Test
  void aFilterQueryIsOneConditionOnOneRow() {
    VersionedGroup target = target("id string", "at timestamp", "x bigint");
    for (String bad :
        List.of(
            "x",
            "x > (select 1)",
            "max(x) > 1",
            "rand() > 0.5",
            "nope = 1",
            "x > 1; drop table t",
            "x > 1 order by x",
            "at < current_timestamp()",
            "row_number() over (order by x) = 1")) {
      assertThatThrownBy(
              () ->
                  PipelineCompiler.compile(
                      spark,
                      new MigrationPath(List.of()),
                      target,
                      Optional.of(bad),
                      source(),
                      false))
          .as(bad)
          .isInstanceOf(FsMigrateException.class)
          .hasMessageContaining("--filter-query");
    }
    RowPipeline pipeline =
        PipelineCompiler.compile(
            spark,
            new MigrationPath(List.of()),
            target,
            Optional.of("WHERE x >= 2"),
            source(),
            false);
    Run run = run(pipeline, rows(row("a", 1L), row("b", 2L)));
    assertThat(run.accepted).containsExactly("b,2");
    assertThat(run.counts.entered()).isEqualTo(1);
  }

  @Test
  void aDirectMigrationCastsAndChecks() {
    RowPipeline pipeline = compile(target("id string", "at timestamp", "x int"), source());

    Run run = run(pipeline, rows(row("a", 7L), row("b", 3_000_000_000L)));

    assertThat(run.accepted).containsExactly("a,7");
    assertThat(run.failed).singleElement().asString().startsWith("CAST|x|3000000000|");
  }

  @Test
  void tooManyFailedRowsAreNotKeptInMemory() {
    RowPipeline pipeline = compile(target("id string", "at timestamp", "x int"), source());
    Dataset<Row> rows = rows(row("a", 3_000_000_000L), row("b", 3_000_000_001L));
    RowCounts two = new RowCounts(2, 0, 2, 0, 0);

    assertThat(pipeline.failed(caught(pipeline, rows, 1 << 10, 1), two).orElseThrow()).hasSize(2);
    assertThat(pipeline.failed(caught(pipeline, rows, 300, 1), two)).isEmpty();
    // A task has its share, whatever the others leave of theirs.
    Dataset<Row> oneTask = rows.coalesce(1);
    assertThat(pipeline.failed(caught(pipeline, oneTask, 1 << 10, 4), two)).isEmpty();
    assertThat(pipeline.failed(caught(pipeline, oneTask, 4 << 10, 4), two)).isPresent();
    // Whatever was caught, it must be as many as were counted.
    RowCounts three = new RowCounts(3, 0, 3, 0, 0);
    assertThat(pipeline.failed(caught(pipeline, rows, 1 << 10, 1), three)).isEmpty();
  }

  @Test
  void theShareOfColumnsReadIsThatOfTheAcceptedRows() {
    assertThat(compile(target("id string", "at timestamp", "x int"), source()).shareOfColumnsRead())
        .isEqualTo(1);
    StructType wide = source().add("left", "string").add("out", "string").add("checked", "bigint");
    assertThat(
            compile(
                    target("id string", "at timestamp", "x bigint"),
                    wide,
                    new Step.Filter("checked > 0"),
                    new Step.Drop("checked"),
                    new Step.Drop("left"),
                    new Step.Drop("out"))
                .shareOfColumnsRead())
        .isEqualTo(4 / 6.0);
  }

  private record Run(List<String> accepted, List<String> failed, RowCounts counts) {}

  private Run run(RowPipeline pipeline, Dataset<Row> source) {
    RowMeter meter = new RowMeter(spark);
    meter.expect("test");
    Dataset<Row> accepted = pipeline.accepted(source, RowMeter.name("test", "u1"));
    List<String> values =
        accepted.collectAsList().stream()
            .map(
                r -> {
                  StringBuilder text = new StringBuilder(String.valueOf(r.get(0)));
                  for (int i = 2; i < r.length(); i++) {
                    text.append(',').append(r.get(i));
                  }
                  return text.toString();
                })
            .sorted()
            .toList();
    List<String> failed =
        pipeline.failed(source).collectAsList().stream()
            .map(r -> r.getString(0) + "|" + r.get(2) + "|" + r.get(3) + "|" + r.get(4))
            .sorted()
            .toList();
    assertThatDataFrame(pipeline.failed(source))
        .hasSchema(
            "code string, reason string, feature string, value string, original string, original_of string, transformed string");
    RowCounts counts = pipeline.counts(meter.await("test").observed(), "u1");
    meter.close();
    assertThat(caught(pipeline, source, counts)).isEqualTo(failed);
    return new Run(values, failed, counts);
  }

  /** The same failed rows, taken while the others are written. */
  private List<String> caught(RowPipeline pipeline, Dataset<Row> source, RowCounts counts) {
    List<Row> rows = pipeline.failed(caught(pipeline, source, 1 << 20, 1), counts).orElseThrow();
    assertThatDataFrame(spark.createDataFrame(rows, RowPipeline.FAILED_SCHEMA))
        .hasSchema(
            "code string, reason string, feature string, value string, original string, original_of string, transformed string");
    return rows.stream()
        .map(r -> r.getString(0) + "|" + r.get(2) + "|" + r.get(3) + "|" + r.get(4))
        .sorted()
        .toList();
  }

  private FailedRowCatcher caught(
      RowPipeline pipeline, Dataset<Row> source, long maxBytes, long tasks) {
    FailedRowCatcher catcher = FailedRowCatcher.register(spark.sparkContext(), maxBytes, tasks);
    pipeline
        .accepted(source, RowMeter.name("caught", "u1"), catcher)
        .write()
        .format("noop")
        .mode("overwrite")
        .save();
    return catcher;
  }

  private RowPipeline compile(VersionedGroup target, StructType source, Step... steps) {
    return steps.length == 0
        ? PipelineCompiler.compile(
            spark, new MigrationPath(List.of()), target, Optional.empty(), source, false)
        : compile(
            target,
            source,
            new DeclarativeMigration("g", version("1.0.0"), version("2.0.0"), "", List.of(steps)));
  }

  private RowPipeline compile(VersionedGroup target, StructType source, Migration migration) {
    return PipelineCompiler.compile(
        spark, new MigrationPath(List.of(migration)), target, Optional.empty(), source, true);
  }

  private static SqlMigration sql(String text) {
    return new SqlMigration("g", version("1.0.0"), version("2.0.0"), "", text, "test.sql");
  }

  private static JavaMigration java(UnaryOperator<Dataset<Row>> function) {
    return JavaMigration.of(
        new MigrationFunction() {
          @Override
          public String group() {
            return "g";
          }

          @Override
          public String from() {
            return "1.0.0";
          }

          @Override
          public String to() {
            return "2.0.0";
          }

          @Override
          public boolean rowLocal() {
            return true;
          }

          @Override
          public Dataset<Row> apply(Dataset<Row> source) {
            return function.apply(source);
          }
        });
  }

  private static FeatureVersion version(String text) {
    return new FeatureVersion(text);
  }

  private static VersionedGroup target(String... features) {
    return target(List.of(), features);
  }

  private static VersionedGroup target(List<ContractRule> rules, String... features) {
    FeatureSchema schema =
        new FeatureSchema(
            Arrays.stream(features)
                .map(f -> f.split(" "))
                .map(f -> new Feature(f[0], FeatureType.parse(f[1])))
                .toList());
    return new VersionedGroup("g", version("2.0.0"), schema, "id", "at", rules, List.of());
  }

  private static StructType source() {
    return StructType.fromDDL("id string, at timestamp, x bigint");
  }

  private static Row row(String id, Long x) {
    return RowFactory.create(id, java.sql.Timestamp.valueOf(DAY), x);
  }

  private Dataset<Row> rows(Row... rows) {
    return spark.createDataFrame(List.of(rows), source());
  }
}
