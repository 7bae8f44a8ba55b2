package io.fsmigrate.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSchemaTest {
  private static final Feature DELAY = new Feature("Delay", FeatureType.parse("int"));

  @Test
  void refusesTwoFeaturesWhoseNamesDifferInCaseOnly() {
    Feature same = new Feature("delay", FeatureType.parse("string"));

    assertThatThrownBy(() -> new FeatureSchema(List.of(DELAY, same)))
        .hasMessageContaining("delay: the feature is there twice");
  }

  @Test
  void findsWithoutCaseAndWritesDdl() {
    FeatureSchema schema =
        new FeatureSchema(List.of(DELAY, new Feature("a`b", FeatureType.parse("array<int8>"))));

    assertThat(schema.find("DELAY")).contains(DELAY);
    assertThat(schema.find("x")).isEmpty();
    assertThat(schema.names()).containsExactly("Delay", "a`b");
    assertThat(schema.ddl()).isEqualTo("`Delay` int, `a``b` array<tinyint>");
  }

  @Test
  void ordersVersionsByNumberWithRawFirst() {
    assertThat(Stream.of("1.10.0", "raw", "1.9.0", "1.9.10", "0.0.1").map(FeatureVersion::new))
        .satisfies(
            versions ->
                assertThat(versions.stream().sorted().map(FeatureVersion::text))
                    .containsExactly("raw", "0.0.1", "1.9.0", "1.9.10", "1.10.0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "", "RAW"})
  void refusesWhatIsNoVersion(String text) {
    assertThatThrownBy(() -> new FeatureVersion(text))
        .hasMessageContaining("not a feature version; write MAJOR.MINOR.PATCH");
  }

  @Test
  void aGroupKnowsItsVersionsInOrder() {
    FeatureVersion one = new FeatureVersion("1.0.0");
    FeatureVersion two = new FeatureVersion("2.0.0");
    FeatureGroup group = new FeatureGroup("g", "", Map.of(two, version(two), one, version(one)));

    assertThat(group.versions().keySet()).containsExactly(one, two);
    assertThat(group.version(two)).map(VersionedGroup::address).contains("g@2.0.0");
    assertThat(group.version(FeatureVersion.RAW)).isEmpty();
  }

  private static VersionedGroup version(FeatureVersion version) {
    return new VersionedGroup(
        "g", version, new FeatureSchema(List.of(DELAY)), "Delay", "Delay", List.of(), List.of());
  }
}
