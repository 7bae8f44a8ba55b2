package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.transform.PipelineCompiler;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.testkit.SparkExtension;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of a version as SageMaker holds them, and back. */
@ExtendWith(SparkExtension.class)
class DecodersTest {
  private final SparkSession session;

  DecodersTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          boolean                     | Integral   | 1L                                         | true
          boolean                     | Integral   | 2L                                         | null
          int                         | Integral   | 2147483648L                                | null
          float                       | Fractional | 0.5D                                       | 0.5
          decimal(10,2)               | Fractional | 12.34D                                     | 12.34
          decimal(10,2)               | Fractional | 12.345D                                    | null
          decimal(38,2)               | String     | '123456789012345678901234567890.12'        | 123456789012345678901234567890.12
          date                        | String     | '2024-02-29'                               | 2024-02-29
          date                        | String     | '2024-02-30'                               | null
          timestamp                   | String     | '2024-02-29T01:02:03.123456Z'              | 2024-02-29 01:02:03.123456
          timestamp                   | String     | 'yesterday'                                | null
          timestamp_ntz               | String     | '2024-02-29T01:02:03Z'                     | 2024-02-29 01:02:03
          timestamp_ntz               | String     | '2024-02-29T01:02:03+01:00'                | null
          binary                      | String     | 'aGk='                                     | hi
          binary                      | String     | '%%'                                       | null
          map<int,string>             | String     | '{"1":"a"}'                                | {1 -> a}
          map<int,string>             | String     | '{"x":"a"}'                                | null
          struct<a:bigint,b:date>     | String     | '{"a":1,"b":"2024-01-01"}'                 | {1, 2024-01-01}
          struct<a:bigint,b:date>     | String     | '{"a":1,"c":2}'                            | null
          struct<a:decimal(4,2)>      | String     | '{"a":"1.23"}'                             | {1.23}
          struct<a:decimal(4,2)>      | String     | '{"a":"1.234"}'                            | null
          array<array<double>>        | String     | '[[1.5,"NaN"],null]'                       | [[1.5, NaN], null]
          array<array<double>>        | String     | 'no json'                                  | null
          """)
  void decodes(String type, String kind, String input, String expected) {
    Decoding decoding = decoding("v: " + type, "v " + kind);
    Dataset<Row> row = session.sql("SELECT " + input + " AS v");

    Column value = decoding.value().apply(Rows.named("v"));
    Row decoded = row.select(value, value.cast("string")).first();

    assertThat(decoded.schema().fields()[0].dataType()).isEqualTo(decoding.to());
    assertThat(decoded.getString(1) == null ? "null" : decoded.getString(1)).isEqualTo(expected);
  }

  @Test
  void aFractionalEventTimeIsSecondsToTheMicrosecond() {
    FeatureGroupDescription group =
        Groups.visits(Optional.empty(), Groups.glue("s3://b/d"), "id String", "at Fractional");
    Decoding decoding =
        Decoders.of(group, DirectSourceTest.version("id: string", "at: timestamp")).get(0);

    assertThat(
            session
                .sql(
                    "SELECT * FROM VALUES (1704067200.123456D), (1e300D), (1704067200.1234567D), (double('NaN')) AS t(at)")
                .select(decoding.value().apply(Rows.named("at")).cast("string"))
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("2024-01-01 00:00:00.123456", null, null, null);
  }

  @Test
  void aRowThatCannotBeDecodedFailsWithItsReason() {
    VersionedGroup version = DirectSourceTest.version("id: string", "at: timestamp", "ok: boolean");
    FeatureGroupDescription group =
        Groups.visits(
            Optional.empty(), Groups.glue("s3://b/d"), "id String", "at String", "ok Integral");
    RowPipeline pipeline =
        PipelineCompiler.compile(
            session,
            new MigrationPath(List.of()),
            version,
            Optional.of("ok AND at > timestamp'2020-01-01 00:00:00'"),
            GroupColumns.features(group),
            false,
            Decoders.of(group, version));
    Dataset<Row> rows =
        session.sql(
            "SELECT * FROM VALUES ('a', '2024-01-01T00:00:00Z', 1L), ('b', 'soon', 1L), ('c', '2024-01-01T00:00:00Z', 7L), ('d', '2024-01-01T00:00:00Z', 0L), ('e', '2019-01-01T00:00:00Z', 1L) AS t(id, at, ok)");

    assertThat(pipeline.accepted(rows, "o").collectAsList())
        .extracting(row -> row.getString(0) + row.getBoolean(2))
        .containsExactly("atrue");
    assertThat(pipeline.failed(rows).select("code", "reason", "feature", "value").collectAsList())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "[DECODE,source: at is not ISO-8601 text of a timestamp,at,soon]",
            "[DECODE,source: ok is not 0 or 1,ok,7]");
    assertThat(pipeline.failed(rows).select("original").first().getString(0))
        .contains("\"at\":\"soon\"");
  }

  private static Decoding decoding(String feature, String definition) {
    FeatureGroupDescription group =
        Groups.visits(
            Optional.empty(), Groups.glue("s3://b/d"), "id String", "at Fractional", definition);
    VersionedGroup version = DirectSourceTest.version("id: string", "at: double", feature);
    assertThat(GroupColumns.differences(group, version)).isEmpty();
    return Decoders.of(group, version).get(0);
  }
}
