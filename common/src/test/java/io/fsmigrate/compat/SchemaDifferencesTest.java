package io.fsmigrate.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaDifferencesTest {
  private static final VersionedGroup TARGET =
      group(
          "flights",
          "route",
          "departed_at",
          "route: string",
          "departed_at: timestamp",
          "delay: int",
          "distance: bigint");

  @Test
  void aWiderTargetWithFewerFeaturesIsCompatible() {
    VersionedGroup source =
        group(
            "old",
            "ROUTE",
            "departed_at",
            "distance: int",
            "comment: string",
            "delay: smallint",
            "ROUTE: string",
            "departed_at: date");

    SchemaDifferences differences = SchemaDifferences.between(source, TARGET);

    assertThat(differences.isEmpty()).isTrue();
    assertThat(differences.leftOut()).containsExactly("comment");
    differences.requireNone("old@1.0.0", "flights@1.0.0");
  }

  @Test
  void namesEveryDifferenceInOneAnswer() {
    VersionedGroup source =
        group(
            "old",
            "origin",
            "at",
            "origin: string",
            "at: timestamp",
            "route: string",
            "delays: int",
            "distance: double");

    SchemaDifferences differences = SchemaDifferences.between(source, TARGET);

    assertThat(differences.differences())
        .extracting(Difference::kind, Difference::feature, Difference::remedy)
        .containsExactly(
            tuple(DifferenceKind.MISSING_FEATURE, "departed_at", "add departed_at"),
            tuple(DifferenceKind.MISSING_FEATURE, "delay", "rename delays to delay, or add delay"),
            tuple(DifferenceKind.INCOMPATIBLE_TYPE, "distance", "cast distance to bigint"),
            tuple(
                DifferenceKind.RECORD_IDENTIFIER,
                "route",
                "rename origin to route, or set route from it"),
            tuple(
                DifferenceKind.EVENT_TIME,
                "departed_at",
                "rename at to departed_at, or set departed_at from it"));
    assertThatThrownBy(() -> differences.requireNone("old@1.0.0", "flights@1.0.0"))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
              assertThat(e.code()).isEqualTo("SCHEMA_DIFFERS");
              assertThat(e.getMessage().lines()).hasSize(3);
              assertThat(e)
                  .hasMessageContaining("5 differences:")
                  .hasMessageContaining("distance: double cannot become bigint without loss")
                  .hasMessageContaining("in the source it is origin");
            });
  }

  @Test
  void aTextIsNotCompatibleWithAnythingElse() {
    VersionedGroup source =
        group(
            "old",
            "route",
            "departed_at",
            "route: int",
            "departed_at: timestamp",
            "delay: int",
            "distance: bigint");

    assertThat(SchemaDifferences.between(source, TARGET).differences())
        .singleElement()
        .extracting(Difference::message)
        .isEqualTo("route: int cannot become string without loss");
  }

  @Test
  void aBareFileNeedsNoRecordIdentifierOfItsOwn() {
    assertThat(SchemaDifferences.between(TARGET.schema(), TARGET).isEmpty()).isTrue();
  }

  private static VersionedGroup group(
      String name, String identifier, String time, String... features) {
    List<Feature> all =
        Arrays.stream(features)
            .map(f -> f.split(": "))
            .map(f -> new Feature(f[0], FeatureType.parse(f[1])))
            .toList();
    return new VersionedGroup(
        name,
        new FeatureVersion("1.0.0"),
        new FeatureSchema(all),
        identifier,
        time,
        List.of(),
        List.of());
  }
}
