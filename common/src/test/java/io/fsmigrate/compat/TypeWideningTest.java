package io.fsmigrate.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.TypeShape.Primitive;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeWideningTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tinyint|bigint",
        "smallint|float",
        "int|double",
        "float|double",
        "int|decimal(12,2)",
        "bigint|decimal(20,0)",
        "decimal(10,2)|decimal(12,3)",
        "date|timestamp",
        "date|timestamp_ntz",
        "timestamp_ntz|timestamp",
        "array<int>|array<bigint>",
        "map<int,float>|map<bigint,double>",
        "struct<a:int,b:string>|struct<A:bigint,b:string>"
      })
  void widensWithoutLossAndNotBack(String from, String to) {
    assertThat(isLossless(from, to)).isTrue();
    assertThat(isLossless(to, from)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int|float",
        "bigint|float",
        "bigint|double",
        "int|string",
        "boolean|int",
        "date|string",
        "timestamp|bigint",
        "timestamp|timestamp_ntz",
        "int|decimal(11,2)",
        "decimal(3,0)|int",
        "decimal(10,2)|decimal(10,3)",
        "double|decimal(38,10)",
        "string|binary",
        "array<int>|int",
        "array<int>|array<string>",
        "struct<a:int>|struct<a:int,b:int>",
        "struct<a:int>|struct<b:int>",
        "variant|string"
      })
  void refusesWhatCouldLoseOrMeanSomethingElse(String from, String to) {
    assertThat(isLossless(from, to)).isFalse();
  }

  @Property
  void isReflexive(@ForAll("types") FeatureType type) {
    assertThat(TypeWidening.isLossless(type, type)).isTrue();
  }

  @Example
  void isTransitiveForAllSimpleTypes() {
    List<FeatureType> all = simple().map(FeatureType::parse).toList();
    for (FeatureType a : all) {
      for (FeatureType b : wider(a, all)) {
        assertThat(wider(a, all)).as("%s -> %s", a, b).containsAll(wider(b, all));
      }
    }
  }

  @Property
  void isTransitive(
      @ForAll("types") FeatureType a,
      @ForAll("types") FeatureType b,
      @ForAll("types") FeatureType c) {
    if (TypeWidening.isLossless(a, b) && TypeWidening.isLossless(b, c)) {
      assertThat(TypeWidening.isLossless(a, c)).as("%s -> %s -> %s", a, b, c).isTrue();
    }
  }

  @Property
  void twoTypesThatWidenIntoEachOtherAreOne(
      @ForAll("types") FeatureType a, @ForAll("types") FeatureType b) {
    if (TypeWidening.isLossless(a, b) && TypeWidening.isLossless(b, a)) {
      assertThat(a).isEqualTo(b);
    }
  }

  @Example
  void isPartOfSparksUpCast() {
    List<FeatureType> all = simple().map(FeatureType::parse).toList();
    for (FeatureType a : all) {
      for (FeatureType b : wider(a, all)) {
        assertThat(Cast.canUpCast(DataType.fromDDL(a.sql()), DataType.fromDDL(b.sql())))
            .as("%s -> %s", a, b)
            .isTrue();
      }
    }
  }

  @Provide
  Arbitrary<FeatureType> types() {
    Arbitrary<String> atomic = Arbitraries.of(simple().toList());
    Arbitrary<String> nested =
        Combinators.combine(Arbitraries.integers().between(0, 2), atomic, atomic)
            .as(
                (kind, one, other) ->
                    switch (kind) {
                      case 0 -> "array<" + one + ">";
                      case 1 -> "map<" + one + "," + other + ">";
                      default -> "struct<a:" + one + ",b:" + other + ">";
                    });
    return Arbitraries.frequencyOf(Tuple.of(4, atomic), Tuple.of(1, nested))
        .map(FeatureType::parse);
  }

  private static List<FeatureType> wider(FeatureType from, List<FeatureType> all) {
    return all.stream().filter(to -> TypeWidening.isLossless(from, to)).toList();
  }

  /** Every primitive, and decimals around the widths of the integers. */
  private static Stream<String> simple() {
    Stream<String> primitives = Arrays.stream(Primitive.values()).map(Primitive::sql);
    Stream<String> decimals =
        Stream.of(1, 3, 4, 5, 9, 10, 12, 19, 20, 22)
            .flatMap(p -> Stream.of(0, 1, 2).filter(s -> s <= p).map(s -> decimal(p, s)));
    return Stream.concat(primitives, decimals);
  }

  private static String decimal(int precision, int scale) {
    return "decimal(" + precision + "," + scale + ")";
  }

  private static boolean isLossless(String from, String to) {
    return TypeWidening.isLossless(new FeatureType(from), new FeatureType(to));
  }
}
