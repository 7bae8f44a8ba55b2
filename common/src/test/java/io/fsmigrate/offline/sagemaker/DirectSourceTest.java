package io.fsmigrate.offline.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.run.RunSession;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Data files of an offline store, read by Spark. */
@ExtendWith(SparkExtension.class)
class DirectSourceTest {
  private static final String[] FEATURES = {"id String", "at String", "n Integral"};

  @TempDir Path dir;
  private final SparkSession session;

  DirectSourceTest(SparkSession spark) {
    session = RunSession.of(spark);
  }

  @Test
  void deliversTheFeaturesOfAllHours() {
    rows()
        .add(
            "id, at, n",
            "'a', '2024-01-01T00:10:00Z', 1L, false",
            "'b', '2024-01-01T01:10:00.500Z', 2L, false");

    OfflineSource staged = stage(describe(FEATURES));

    assertThat(texts(staged))
        .containsExactlyInAnyOrder("[a,2024-01-01T00:10:00Z,1]", "[b,2024-01-01T01:10:00.500Z,2]");
    assertThat(staged.leavesOutRows()).isFalse();
    assertThat(staged.schema().toDDL()).isEqualTo("id STRING,at STRING,n BIGINT");
    assertThat(staged.snapshot().rows()).contains(2L);
    assertThat(staged.snapshot().files()).isEqualTo(2);
  }

  @Test
  void filesOfBeforeAFeatureHaveNullThere() {
    rows()
        .add("id, at", "'a', '2024-01-01T00:10:00Z', false")
        .add("id, at, n", "'b', '2024-01-01T00:20:00Z', 2L, false");

    assertThat(texts(stage(describe(FEATURES))))
        .containsExactlyInAnyOrder("[a,2024-01-01T00:10:00Z,null]", "[b,2024-01-01T00:20:00Z,2]");
  }

  @Test
  void leavesOutDeletedIdentifiersAndCountsTheirRows() {
    rows()
        .add(
            "id, at, n",
            "'kept', '2024-01-01T00:10:00Z', 1L, false",
            "'gone', '2024-01-01T00:10:00Z', 2L, false",
            "'gone', '2024-01-01T02:00:00Z', 3L, false",
            "'back', '2024-01-01T00:10:00Z', 4L, false",
            "'late', '2024-01-01T05:00:00.001Z', 5L, false",
            "cast(null AS string), '2024-01-01T05:00:00Z', 6L, false")
        .add(
            "id, at, n",
            "'gone', '2024-01-01T03:00:00Z', cast(null AS bigint), true",
            "'back', '2024-01-01T03:00:00Z', cast(null AS bigint), true",
            // A whole second, and a millisecond before the row of its identifier.
            "'late', '2024-01-01T05:00:00Z', cast(null AS bigint), true")
        .add("id, at, n", "'back', '2024-01-01T04:00:00Z', 7L, false");

    OfflineSource staged = stage(describe(FEATURES));

    assertThat(staged.leavesOutRows()).isTrue();
    assertThat(texts(staged))
        .containsExactlyInAnyOrder(
            "[kept,2024-01-01T00:10:00Z,1]",
            "[back,2024-01-01T00:10:00Z,4]",
            "[back,2024-01-01T04:00:00Z,7]",
            "[late,2024-01-01T05:00:00.001Z,5]",
            "[null,2024-01-01T05:00:00Z,6]");
    try (RowMeter meter = new RowMeter(session)) {
      meter.expect("t");
      staged
          .read(all(staged), RowMeter.name("t", "source"))
          .write()
          .format("noop")
          .mode("overwrite")
          .save();
      RowMeter.Measured measured = meter.await("t");
      assertThat(measured.scanned()).containsEntry("source", 10L);
      assertThat(measured.observed().get("source").getLong(0)).isEqualTo(5L);
    }
  }

  @Test
  void staysWithTheFilesOfThePlanWhenMoreArrive() {
    rows().add("id, at, n", "'a', '2024-01-01T00:10:00Z', 1L, false");
    SageMakerSource planned = describe(FEATURES);
    String digest = planned.planned().snapshot().digest();
    stage(planned);
    rows().add("id, at, n", "'b', '2024-01-01T00:20:00Z', 2L, false");

    assertThat(describe(FEATURES).planned().snapshot().digest()).isNotEqualTo(digest);
    SageMakerSource again = describe(Optional.of(run().toString()), Optional.empty(), FEATURES);

    assertThat(again.planned().snapshot().digest()).isEqualTo(digest);
    assertThat(texts(stage(again))).containsExactly("[a,2024-01-01T00:10:00Z,1]");
  }

  @Test
  void refusesToGoOnWithoutAFileOfThePlan() throws Exception {
    rows().add("id, at, n", "'a', '2024-01-01T00:10:00Z', 1L, false");
    stage(describe(FEATURES));
    try (var files = Files.walk(dir.resolve("data"))) {
      Files.delete(files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }

    assertThatThrownBy(() -> describe(Optional.of(run().toString()), Optional.empty(), FEATURES))
        .hasFieldOrPropertyWithValue("code", "SOURCE_CHANGED");
  }

  @Test
  void anEmptyStoreHasNoRows() {
    OfflineSource staged = stage(describe(FEATURES));

    assertThat(staged.slices()).isEmpty();
    assertThat(texts(staged)).isEmpty();
    assertThat(staged.snapshot().rows()).contains(0L);
  }

  @Test
  void listsAllColumnsOfOtherTypes() {
    rows().add("id, at, n", "1, '2024-01-01T00:10:00Z', 'x', false");

    assertThatThrownBy(() -> describe(FEATURES))
        .hasFieldOrPropertyWithValue("code", "SOURCE_MIXED_SCHEMAS")
        .hasMessageContaining("id is")
        .hasMessageContaining("n is");
  }

  @Test
  void sumsAndOrdersFractionalEventTimes() {
    rows()
        .add(
            "id, at, n",
            "'a', 1.7040672005e9D, 1L, false",
            "'b', 1.704067200e9D, 2L, false",
            "'b', 1.7040672001e9D, cast(null AS bigint), true");

    OfflineSource staged = stage(describe("id String", "at Fractional", "n Integral"));

    assertThat(texts(staged)).containsExactly("[a,1.7040672005E9,1]");
  }

  @Test
  void refusesAVersionOfOtherTypes() {
    VersionedGroup version = version("id: bigint", "at: timestamp", "n: date", "new: string");

    assertThatThrownBy(() -> describe(Optional.empty(), Optional.of(version), FEATURES))
        .hasFieldOrPropertyWithValue("code", "FEATURE_TYPES_DIFFER")
        .hasMessageContaining("id String, where bigint needs Integral")
        .hasMessageContaining("n Integral, where date needs String")
        .hasMessageContaining("new string is missing");
  }

  @Test
  void tellsThePlanWhatItDoes() {
    rows().add("id, at, n", "'a', '2024-01-01T00:10:00Z', 1L, false");
    SageMakerSource source =
        describe(Optional.empty(), Optional.of(version("id: string", "at: timestamp")), FEATURES);

    assertThat(source.strategy())
        .isEqualTo(
            "offline store, its data files read directly (the data files can be read by this job, Glue format)");
    assertThat(source.warnings()).containsExactly("features that the version does not have: n");
    assertThat(source.planned().schema().fieldNames()).containsExactly("id", "at");
    assertThat(source.planned().decodings()).hasSize(1);
    assertThat(run()).doesNotExist();
  }

  static VersionedGroup version(String... features) {
    return new VersionedGroup(
        "visits",
        new FeatureVersion("1.0.0"),
        new FeatureSchema(
            Arrays.stream(features)
                .map(f -> f.split(": "))
                .map(f -> new Feature(f[0], FeatureType.parse(f[1])))
                .toList()),
        "id",
        "at",
        List.of(),
        List.of());
  }

  private OfflineRows rows() {
    return new OfflineRows(session, dir.resolve("data").toString());
  }

  private Path run() {
    return dir.resolve("run-1");
  }

  private SageMakerSource describe(String... features) {
    return describe(Optional.empty(), Optional.empty(), features);
  }

  private SageMakerSource describe(
      Optional<String> pinnedBy, Optional<VersionedGroup> version, String... features) {
    FeatureGroupDescription group =
        Groups.visits(
            Optional.empty(), Groups.glue(dir.resolve("data").toUri().toString()), features);
    return SageMakerSource.describe(
        session,
        new SageMakerSource.Request(group, version, Optional.empty(), pinnedBy),
        Groups.settings(),
        new SageMakerSource.Services(
            () -> {
              throw new AssertionError("Athena is not asked");
            },
            Optional.empty(),
            progress -> {}));
  }

  private OfflineSource stage(SageMakerSource source) {
    return source.stage(new org.apache.hadoop.fs.Path(run().toUri()));
  }

  private static InputUnit all(OfflineSource source) {
    return UnitPacking.single(source.slices()).get(0);
  }

  private static List<String> texts(OfflineSource source) {
    return source.read(all(source)).collectAsList().stream().map(Object::toString).toList();
  }
}
