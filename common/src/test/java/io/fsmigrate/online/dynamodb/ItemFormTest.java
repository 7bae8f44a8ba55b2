package io.fsmigrate.online.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.UnwritableValueException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What items look like to others, without a server. */
class ItemFormTest {
  private static final Instant NOON = DynamoDbTargets.NOON;

  private static ItemForm form(VersionedGroup target) {
    return new ItemForm(RecordLayout.of(target), Optional.empty());
  }

  private static AttributeValue attribute(String type, Object value) throws Exception {
    return form(DynamoDbTargets.of("v", type))
        .encode(OnlineRecord.of("a", NOON, value))
        .attributes()
        .get("v");
  }

  @Test
  void valuesAreAsOtherReadersWantThem() throws Exception {
    assertThat(attribute("boolean", true)).isEqualTo(AttributeValue.fromBool(true));
    assertThat(attribute("bigint", Long.MIN_VALUE).n()).isEqualTo("-9223372036854775808");
    assertThat(attribute("decimal(5,2)", new BigDecimal("1.5")).n()).isEqualTo("1.50");
    assertThat(attribute("double", 0.1).n()).isEqualTo("0.1");
    assertThat(attribute("string", "").s()).isEmpty();
    assertThat(attribute("binary", new byte[] {1}).b())
        .isEqualTo(SdkBytes.fromByteArray(new byte[] {1}));
    assertThat(attribute("date", LocalDate.of(2001, 6, 30)).s()).isEqualTo("2001-06-30");
    assertThat(attribute("timestamp", NOON).s()).isEqualTo("2001-06-30T12:00:00Z");
    assertThat(attribute("array<int>", Arrays.asList(1, null)).l())
        .containsExactly(AttributeValue.fromN("1"), AttributeValue.fromNul(true));
    assertThat(attribute("map<date,int>", Map.of(LocalDate.of(2001, 6, 30), 1)).m())
        .containsExactly(Map.entry("2001-06-30", AttributeValue.fromN("1")));
    assertThat(attribute("struct<a:int,b:string>", Arrays.asList(1, null)).m())
        .containsExactly(Map.entry("a", AttributeValue.fromN("1")));
    assertThat(attribute("int", null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, NaN",
    "Infinity, Infinity",
    "-Infinity, -Infinity",
    "1e300, 1.0E300",
    "4.9e-324, 4.9E-324"
  })
  void numbersThatNoNumberOfTheServiceIsAreText(double value, String text) throws Exception {
    assertThat(attribute("double", value).s()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"9.9e125", "-9.9e125", "1e-130", "0.0"})
  void othersAreNumbers(double value) throws Exception {
    assertThat(Double.valueOf(attribute("double", value).n())).isEqualTo(value);
  }

  @Test
  void aMapWithAnEmptyOrAVeryLongKeyIsAListOfPairs() throws Exception {
    Map<String, Integer> map = Map.of("", 1, "b", 2);

    AttributeValue pairs = attribute("map<string,int>", map);

    assertThat(pairs.l())
        .extracting(AttributeValue::l)
        .containsExactly(
            List.of(AttributeValue.fromS(""), AttributeValue.fromN("1")),
            List.of(AttributeValue.fromS("b"), AttributeValue.fromN("2")));
    assertThat(attribute("map<string,int>", Map.of("x".repeat(16_001), 1)).hasL()).isTrue();
    assertThat(attribute("map<string,int>", Map.of("x".repeat(16_000), 1)).hasM()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "2001-06-30T12:00:00Z, 993902400",
    "2001-06-30T12:00:00.000001Z, 993902400.000001",
    "1969-12-31T23:59:59.5Z, -0.5",
    "+100000-01-01T00:00:00Z, 3093527980800"
  })
  void anEventTimeIsANumberOfSeconds(Instant at, String seconds) throws Exception {
    Item item = form(DynamoDbTargets.of()).encode(OnlineRecord.of("a", at));

    assertThat(item.attributes().get("__fs_at").n()).isEqualTo(seconds);
  }

  @Test
  void equalRecordsHaveEqualDigestsAndOthersHaveNot() throws Exception {
    ItemForm form = form(DynamoDbTargets.of("x", "double", "m", "map<string,int>"));
    Map<String, Integer> one = new HashMap<>();
    one.put("b", 2);
    one.put("a", 1);
    AttributeValue digest = form.encode(OnlineRecord.of("k", NOON, 0.0, one)).digest();

    assertThat(form.encode(OnlineRecord.of("k", NOON, -0.0, Map.of("a", 1, "b", 2))).digest())
        .isEqualTo(digest);
    assertThat(form.encode(OnlineRecord.of("k", NOON, 0.0, Map.of("a", 1, "b", 3))).digest())
        .isNotEqualTo(digest);
    assertThat(form.encode(OnlineRecord.of("k", NOON, null, one)).digest()).isNotEqualTo(digest);
    assertThat(digest.b().asByteArray()).hasSize(16);
  }

  @Test
  void timeToLiveCountsFromTheEventTimeAndIsNoPartOfTheRecord() throws Exception {
    RecordLayout layout = RecordLayout.of(DynamoDbTargets.of());
    ItemForm form = new ItemForm(layout, Optional.of(Duration.ofDays(1)));
    OnlineRecord record = OnlineRecord.of("a", NOON.plusNanos(1_000));

    Item item = form.encode(record);

    assertThat(item.attributes().get("__fs_expires").n()).isEqualTo("993988800");
    assertThat(item.digest())
        .isEqualTo(new ItemForm(layout, Optional.empty()).encode(record).digest());
    assertThat(form.decode(item.attributes())).isEqualTo(record);
  }

  @Test
  void keysHaveTheTypeThatTheyAreComparedBy() {
    assertThat(form(DynamoDbTargets.with("id", "bigint", "at", "date")).keyType())
        .isEqualTo(ScalarAttributeType.N);
    assertThat(form(DynamoDbTargets.with("id", "binary", "at", "date")).keyType())
        .isEqualTo(ScalarAttributeType.B);
    assertThat(form(DynamoDbTargets.with("id", "timestamp", "at", "date")).keyType())
        .isEqualTo(ScalarAttributeType.S);
  }

  @Test
  void anItemIsAsLargeAsTheServiceCounts() throws Exception {
    ItemForm form = form(DynamoDbTargets.of("v", "string"));
    int without = form.encode(OnlineRecord.of("a", NOON, "")).bytes();

    assertThat(form.encode(OnlineRecord.of("a", NOON, "aé日\uD83D\uDE00")).bytes())
        .isEqualTo(without + 1 + 2 + 3 + 4);
    assertThat(form.encode(OnlineRecord.of("a", NOON, "x".repeat(1_024 - without))).writeUnits())
        .isEqualTo(1);
    assertThat(form.encode(OnlineRecord.of("a", NOON, "x".repeat(1_025 - without))).writeUnits())
        .isEqualTo(2);
    assertThatThrownBy(() -> form.encode(OnlineRecord.of("a", NOON, "x".repeat(409_600))))
        .isInstanceOfSatisfying(
            UnwritableValueException.class, e -> assertThat(e.code()).isEqualTo("ITEM_TOO_LARGE"));
  }

  @Test
  void whatOthersWroteIsReadWhereItFitsAndNamedWhereNot() {
    ItemForm form = form(DynamoDbTargets.of("v", "int"));
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("id", AttributeValue.fromS("a"));
    item.put("at", AttributeValue.fromS("2001-06-30T12:00:00Z"));
    item.put("v", AttributeValue.fromN("7.0"));
    assertThat(form.decode(item)).isEqualTo(OnlineRecord.of("a", NOON, 7));

    for (AttributeValue wrong :
        List.of(
            AttributeValue.fromN("7.5"),
            AttributeValue.fromN("9999999999"),
            AttributeValue.fromS("seven"),
            AttributeValue.fromBool(true),
            AttributeValue.fromL(List.of()),
            AttributeValue.fromM(Map.of()),
            AttributeValue.fromSs(List.of("a")))) {
      item.put("v", wrong);
      assertThatThrownBy(() -> form.decode(item))
          .as(wrong.toString())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("v: ")
          .hasMessageContaining("int");
    }
  }
}
