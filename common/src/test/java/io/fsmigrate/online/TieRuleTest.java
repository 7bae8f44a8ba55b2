package io.fsmigrate.online;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.TypeShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TieRuleTest {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  @Property
  void isATotalOrder(@ForAll("records") @Size(3) List<OnlineRecord> three) {
    TieRule rule = TieRule.of(RandomRecords.TARGET);
    OnlineRecord a = three.get(0);
    OnlineRecord b = three.get(1);
    OnlineRecord c = three.get(2);
    assertThat(rule.compare(a, a)).isZero();
    assertThat(Integer.signum(rule.compare(a, b))).isEqualTo(-Integer.signum(rule.compare(b, a)));
    if (rule.compare(a, b) >= 0 && rule.compare(b, c) >= 0) {
      assertThat(rule.compare(a, c)).isGreaterThanOrEqualTo(0);
    }
  }

  @Provide
  Arbitrary<List<OnlineRecord>> records() {
    return RandomRecords.records().list().ofSize(3);
  }

  @Property
  void textIsOrderedByItsUtf8Bytes(@ForAll("texts") String left, @ForAll("texts") String right) {
    int bytes =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    assertThat(Integer.signum(ValueOrder.compareUtf8(left, right)))
        .isEqualTo(Integer.signum(bytes));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "", "a", "b", "\u0000", "é", "\uE000", "\uFFFD", "\uD83D\uDE00", "\uD83D\uDE01")
        .list()
        .ofMaxSize(4)
        .map(parts -> String.join("", parts));
  }

  @Test
  void theEventTimeComesFirstWhereverItStands() {
    TieRule rule =
        TieRule.of(
            OnlineTargets.target("g", "id", "at", "a", "int", "id", "int", "at", "timestamp"));

    assertThat(
            rule.compare(OnlineRecord.of(1, 1, NOON.plusSeconds(1)), OnlineRecord.of(2, 1, NOON)))
        .isPositive();
    assertThat(rule.compare(OnlineRecord.of(1, 1, NOON), OnlineRecord.of(2, 1, NOON))).isNegative();
  }

  @Test
  void goesAlongToOtherProcesses() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(TieRule.of(RandomRecords.TARGET));
      out.writeObject(OnlineRecord.of("a", NOON, null));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isInstanceOf(TieRule.class);
      assertThat(in.readObject()).isEqualTo(OnlineRecord.of("a", NOON, null));
    }
  }

  @Test
  void collectionsHaveOneJsonText() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("\uD83D\uDE00", asList(1.0, -0.0, Double.NaN, 1e10, null));
    map.put("\uFFFD", List.of());
    map.put("a\"\n", List.of(Double.NEGATIVE_INFINITY, 0.1));

    assertThat(TieRule.canonicalJson(new FeatureType("map<string,array<double>>"), map))
        .isEqualTo(
            "{\"a\\\"\\n\":[\"-Infinity\",0.1],\"\uFFFD\":[],"
                + "\"\uD83D\uDE00\":[1.0,0.0,\"NaN\",1.0E10,null]}");
    assertThat(
            TieRule.canonicalJson(
                new FeatureType("struct<`a b`:decimal(5,2), c: map<array<int>,binary>>"),
                asList(new BigDecimal("1.5"), Map.of(List.of(1, 2), new byte[] {1}))))
        .isEqualTo("{\"a b\":\"1.50\",\"c\":{\"[1,2]\":\"AQ==\"}}");
  }

  @Test
  void keysThatAreEqualAsTextAreRefused() {
    assertThatThrownBy(
            () ->
                TieRule.canonicalJson(
                    new FeatureType("map<decimal(3,1),int>"),
                    Map.of(new BigDecimal("1"), 1, new BigDecimal("1.0"), 2)))
        .hasMessageContaining("two equal keys");
  }

  @Test
  void structsThatDoNotFitTheirFieldsAreRefused() {
    FeatureType type = new FeatureType("struct<a:int,b:int>");
    assertThatThrownBy(() -> TieRule.canonicalJson(type, List.of(1)))
        .hasMessageContaining("1 values for 2 fields");
    assertThatThrownBy(() -> TieRule.canonicalJson(type, Map.of("c", 1)))
        .hasMessageContaining("fields other than a, b");
  }

  @Test
  void everyTypeOfAFeatureHasValues() {
    assertThat(ValueType.Kind.values())
        .extracting(Enum::name)
        .containsAll(Arrays.stream(TypeShape.Primitive.values()).map(Enum::name).toList());
  }
}
