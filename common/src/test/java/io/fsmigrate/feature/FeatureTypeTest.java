package io.fsmigrate.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTypeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tinyint",
        "SMALLINT",
        "int",
        "Integer",
        "bigint",
        "long",
        "float",
        "real",
        "double",
        "decimal",
        "decimal(12)",
        "DECIMAL( 38 , 18 )",
        "numeric(5,5)",
        "string",
        "boolean",
        "binary",
        "date",
        "timestamp",
        "timestamp_ntz",
        "timestamp_ltz",
        "array<int>",
        "ARRAY< map<string, array<double>> >",
        "map<string,struct<a:int,B:decimal(3,1)>>",
        "struct<a: int, b: string>",
        "struct<a int, b array<long>>",
        "struct<`b c`: int>"
      })
  void readsSparkTypesAsSparkDoes(String text) {
    assertThat(FeatureType.parse(text).sql()).isEqualTo(DataType.fromDDL(text).simpleString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int8|tinyint",
        "int64|bigint",
        "Int64|bigint",
        "uint8|smallint",
        "uint16|int",
        "uint32|bigint",
        "uint64|decimal(20,0)",
        "float32|float",
        "float64|double",
        "bool|boolean",
        "object|string",
        "category|string",
        "datetime64[ns]|timestamp_ntz",
        "datetime64[us]|timestamp_ntz",
        "datetime64[ns, UTC]|timestamp",
        "datetime64[ns, Europe/Berlin]|timestamp",
        "String|string",
        "Integral|bigint",
        "Fractional|double",
        " array<float32> |array<float>",
        "struct<at:datetime64[ns, UTC],x:uint8>|struct<at:timestamp,x:smallint>"
      })
  void readsAliases(String text, String sql) {
    assertThat(FeatureType.parse(text).sql()).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "array",
        "array<>",
        "array<int",
        "array<int,int>",
        "map<int>",
        "struct<>",
        "struct<a>",
        "struct<a:>",
        "struct<a:int,A:int>",
        "struct<a:int not null>",
        "struct<`a:b`:int>",
        "array<int>>,x<y>",
        "decimal(0,0)",
        "decimal(39,1)",
        "decimal(3,4)",
        "decimal(a)",
        "varchar(10)",
        "char(3)",
        "interval day",
        "variant",
        "string collate UTF8_LCASE"
      })
  void refusesWhatIsNoFeatureType(String text) {
    assertThatThrownBy(() -> FeatureType.parse(text))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("UNKNOWN_TYPE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            });
  }

  @Test
  void namesTheNearestTypeAndTheWholeTextItStandsIn() {
    assertThatThrownBy(() -> FeatureType.parse("array<strnig>"))
        .hasMessageStartingWith("array<strnig>: not a feature type; did you mean string?");
    assertThatThrownBy(() -> FeatureType.parse("varchar(10)"))
        .hasMessageContaining("use string, and a contract rule such as length(x) <= 10");
    assertThatThrownBy(() -> FeatureType.parse("struct<a:int,A:int>"))
        .hasMessageContaining("the field A is there twice");
  }

  @Test
  void holdsASparkTypeThatNoFeatureCanHave() {
    FeatureType variant = new FeatureType("variant");

    assertThat(variant.shape()).isEmpty();
    assertThat(variant).hasToString("variant");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string|String",
        "smallint|Integral",
        "boolean|Integral",
        "double|Fractional",
        "decimal(18,0)|Integral",
        "decimal(19,0)|String",
        "decimal(15,2)|Fractional",
        "decimal(16,2)|String",
        "timestamp|String",
        "binary|String",
        "array<string>|List<String>",
        "array<bigint>|List<Integral>",
        "array<float>|Vector<Fractional>",
        "array<array<int>>|String",
        "map<string,int>|String",
        "struct<a:int>|String"
      })
  void derivesSageMakersTypeWithoutLoss(String type, String sageMaker) {
    assertThat(FeatureType.parse(type).sageMaker()).hasToString(sageMaker);
  }
}
