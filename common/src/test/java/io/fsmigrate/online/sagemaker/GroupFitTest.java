package io.fsmigrate.online.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Online;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fits, and when a group is changed in place, from definitions alone. */
class GroupFitTest {
  private static FeatureGroupDescription group(String storage, String... features) {
    List<Definition> all = new ArrayList<>();
    all.add(new Definition("id", "String", null, null));
    all.add(new Definition("at", "String", null, null));
    for (int i = 0; i < features.length; i += 2) {
      String[] type = features[i + 1].split(" ");
      all.add(
          type.length == 1
              ? new Definition(features[i], type[0], null, null)
              : new Definition(
                  features[i],
                  type[1],
                  type[0],
                  type.length == 3 ? Integer.valueOf(type[2]) : null));
    }
    return new FeatureGroupDescription(
        "flights",
        "arn",
        "Created",
        Optional.empty(),
        Optional.empty(),
        "id",
        "at",
        all,
        storage == null ? Optional.empty() : Optional.of(new Online(storage, Optional.empty())),
        Optional.empty());
  }

  private static List<String> differences(VersionedGroup target, FeatureGroupDescription group) {
    return GroupFit.differences(target, group, WriteStrategy.FULL, false);
  }

  @ParameterizedTest
  @CsvSource({
    "boolean, Integral Fractional String",
    "tinyint, Integral Fractional String",
    "int, Integral Fractional String",
    "bigint, Integral String",
    "float, Fractional String",
    "double, Fractional String",
    "'decimal(18,0)', Integral String",
    "'decimal(15,0)', Integral Fractional String",
    "'decimal(15,2)', Fractional String",
    "'decimal(16,2)', String",
    "string, String",
    "binary, String",
    "date, String",
    "timestamp, String",
    "'map<string,int>', String",
    "array<int>, String",
    "struct<a:int>, String"
  })
  void aTypeFitsWhereNoValueIsLost(String type, String fitting) {
    for (String kind : List.of("Integral", "Fractional", "String")) {
      assertThat(differences(Targets.of("x", type), group("Standard", "x", kind)))
          .as("%s in %s", type, kind)
          .hasSize(List.of(fitting.split(" ")).contains(kind) ? 0 : 1);
    }
  }

  @Test
  void arraysFitListsAndVectorsOfWhatTheyHave() {
    assertThat(
            differences(
                Targets.of("x", "array<float>"), group("InMemory", "x", "Vector Fractional 3")))
        .isEmpty();
    assertThat(differences(Targets.of("x", "array<string>"), group("InMemory", "x", "List String")))
        .isEmpty();
    assertThat(
            differences(Targets.of("x", "array<string>"), group("InMemory", "x", "List Integral")))
        .hasSize(1);
    assertThat(differences(Targets.of("x", "array<string>"), group("InMemory", "x", "Set String")))
        .containsExactly("x: a array cannot be a Set");
    assertThat(differences(Targets.of("x", "int"), group("InMemory", "x", "List Integral")))
        .hasSize(1);
  }

  @Test
  void aGroupWithoutAnOnlineStoreOrWithOtherRolesDoesNotFit() {
    assertThat(differences(Targets.of(), group(null)))
        .containsExactly("the group has no online store");
    FeatureGroupDescription swapped =
        new FeatureGroupDescription(
            "flights",
            "arn",
            "Created",
            Optional.empty(),
            Optional.empty(),
            "at",
            "id",
            group("Standard").features(),
            group("Standard").online(),
            Optional.empty());
    assertThat(differences(Targets.of(), swapped))
        .containsExactly("the record identifier is at, not id", "the event time is id, not at");
  }

  @ParameterizedTest
  @CsvSource({
    "Standard_V2, true, UPDATE",
    "InMemory, true, UPDATE",
    "Standard, true, FULL",
    "Standard_V2, false, FULL"
  })
  void additionsAreMadeInPlaceWhereStorageAndSettingAllow(
      String storage, boolean allowed, WriteStrategy.Mode mode) {
    VersionedGroup target = Targets.of("delay", "int", "late", "boolean");

    WriteStrategy strategy =
        InPlacePolicy.decide(target, group(storage, "delay", "Integral"), allowed);

    assertThat(strategy.mode()).isEqualTo(mode);
    assertThat(strategy.added())
        .isEqualTo(mode == WriteStrategy.Mode.UPDATE ? List.of("late") : List.of());
    assertThat(strategy.reason()).isNotBlank();
  }

  @Test
  void wholeRecordsAreWrittenWhereNothingIsAddedOrSomethingIsTakenAway() {
    VersionedGroup target = Targets.of("delay", "int", "late", "boolean");

    assertThat(
            InPlacePolicy.decide(
                    target, group("Standard_V2", "delay", "Integral", "late", "Integral"), true)
                .mode())
        .isEqualTo(WriteStrategy.Mode.FULL);
    WriteStrategy replaced =
        InPlacePolicy.decide(target, group("Standard_V2", "old", "Integral"), true);
    assertThat(replaced.mode()).isEqualTo(WriteStrategy.Mode.FULL);
    assertThat(replaced.reason()).contains("more than add");
  }

  @Test
  void addedFeaturesHaveTypesThatLoseNothing() {
    VersionedGroup target =
        Targets.of(
            "a",
            "boolean",
            "b",
            "double",
            "c",
            "decimal(38,2)",
            "d",
            "array<float>",
            "e",
            "array<string>");
    List<String> names = List.of("a", "b", "c", "d", "e");

    assertThat(InPlacePolicy.definitions(target, names, group("Standard_V2")))
        .extracting(Definition::toString)
        .containsExactly("a Integral", "b Fractional", "c String", "d String", "e String");
    assertThat(InPlacePolicy.definitions(target, names, group("InMemory")))
        .extracting(Definition::toString)
        .containsExactly(
            "a Integral", "b Fractional", "c String", "d List<Fractional>", "e List<String>");
  }
}
