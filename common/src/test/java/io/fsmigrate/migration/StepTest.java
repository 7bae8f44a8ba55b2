package io.fsmigrate.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.FeatureType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tinyint|-128",
        "smallint|32767",
        "int|0",
        "bigint|9223372036854775807",
        "float|1.5",
        "double|-1e300",
        "decimal(4,2)|10.50",
        "string|anything at all",
        "boolean|true",
        "date|2024-02-29",
        "timestamp|2024-01-31T12:00:00Z",
        "timestamp_ntz|2024-01-31T12:00:00"
      })
  void takesADefaultThatIsAValueOfTheType(String type, String text) {
    assertThat(withDefault(type, text).valueSql())
        .isEqualTo("CAST('" + text + "' AS " + type + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tinyint|128",
        "int|1.0",
        "bigint|many",
        "float|1e39",
        "double|NaN",
        "decimal(4,2)|100.00",
        "decimal(4,2)|0.001",
        "boolean|yes",
        "binary|x",
        "date|31.01.2024",
        "timestamp|2024-01-31",
        "timestamp_ntz|2024-01-31T12:00:00Z"
      })
  void refusesADefaultThatIsNoValueOfTheType(String type, String text) {
    assertThatThrownBy(() -> withDefault(type, text))
        .hasMessageStartingWith("add x: the default " + text + " is no value of " + type);
  }

  @Test
  void quotesADefaultSoThatItStaysOneLiteral() {
    assertThat(withDefault("string", "it's a \\ ").valueSql())
        .isEqualTo("CAST('it\\'s a \\\\ ' AS string)");
  }

  @Test
  void anAddHasADefaultOrAnExpression() {
    Optional<FeatureType> type = Optional.of(FeatureType.parse("int"));
    Optional<String> text = Optional.of("1");

    assertThatThrownBy(() -> new Step.Add("x", type, text, text))
        .hasMessageContaining("either default");
    assertThatThrownBy(() -> new Step.Add("x", type, Optional.empty(), Optional.empty()))
        .hasMessageContaining("either default");
    assertThatThrownBy(() -> new Step.Add("x", Optional.empty(), text, Optional.empty()))
        .hasMessageContaining("a default needs a type");
    assertThatThrownBy(() -> withDefault("array<int>", "1"))
        .hasMessageContaining("a default cannot be written for array<int>; use expression");
    assertThat(new Step.Add("x", Optional.empty(), Optional.empty(), Optional.of(" a + 1\n")))
        .extracting(Step.Add::valueSql)
        .isEqualTo("a + 1");
  }

  @Test
  void everyStepSaysItsKindAndFields() {
    List<Step> steps =
        List.of(
            withDefault("int", "1"),
            new Step.Rename("a", "b"),
            new Step.Drop("a"),
            new Step.Cast("a", FeatureType.parse("int64")),
            new Step.SetTo("a", " b "),
            new Step.Filter("a > 1"));

    assertThat(steps)
        .extracting(step -> step.kind() + step.fields())
        .containsExactly(
            "add{name=x, type=int, default=1}",
            "rename{from=a, to=b}",
            "drop{name=a}",
            "cast{name=a, type=bigint}",
            "set{name=a, expression=b}",
            "filter{expression=a > 1}");
  }

  private static Step.Add withDefault(String type, String text) {
    return new Step.Add(
        "x", Optional.of(FeatureType.parse(type)), Optional.of(text), Optional.empty());
  }
}
