package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes as Feast has them. The constants were computed by a Python program outside of this project
 * with Feast's own functions and generated messages (commit f0bc0700, 2026-08-21): {@code
 * serialize_entity_key(..., 3)} and the project's bytes after it, {@code struct.pack("<I",
 * mmh3.hash(text, signed=False))}, {@code feast.types.Value} and {@code
 * google.protobuf.Timestamp.FromDatetime}, each with {@code SerializeToString().hex()}, by protobuf
 * 7.36 and mmh3 5.3.
 */
class FeastEncodingTest {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  @ParameterizedTest
  @MethodSource("keys")
  void keysAreFeasts(FeastType type, String idType, Object id, String hex) throws Exception {
    FeastKey key = new FeastKey("route", type, "air");

    byte[] bytes = key.of(type(idType), id);

    assertThat(hex(bytes)).isEqualTo(hex);
    assertThat(key.isOne(bytes)).isTrue();
    assertThat(new FeastKey("route", type, "r").isOne(bytes)).isFalse();
    assertThat(new FeastKey("rout", type, "air").isOne(bytes)).isFalse();
    assertThat(hex(bytes)).startsWith(hex(key.prefix()));
  }

  static Stream<Arguments> keys() {
    String route = "010000000200000005000000726f757465";
    return Stream.of(
        Arguments.of(
            FeastType.STRING,
            "string",
            "ATL-LAX é",
            route + "020000000a00000041544c2d4c415820c3a9616972"),
        Arguments.of(FeastType.INT32, "int", -7, route + "0300000004000000f9ffffff616972"),
        Arguments.of(FeastType.INT32, "bigint", -7L, route + "0300000004000000f9ffffff616972"),
        Arguments.of(
            FeastType.INT64,
            "bigint",
            1_234_567_890_123L,
            route + "0400000008000000cb04fb711f010000616972"),
        Arguments.of(
            FeastType.BYTES, "binary", new byte[] {0, -1}, route + "010000000200000000ff616972"),
        Arguments.of(
            FeastType.UNIX_TIMESTAMP,
            "timestamp",
            NOON,
            route + "080000000800000040bf3d3b00000000616972"));
  }

  @Test
  void aKeyThatItsTypeCannotHoldFailsItsRecord() {
    FeastKey key = new FeastKey("route", FeastType.INT32, "air");
    assertThatThrownBy(() -> key.of(type("bigint"), 1L << 31))
        .isInstanceOf(UnwritableValueException.class)
        .hasMessageContaining("2147483648 does not fit");
    FeastKey times = new FeastKey("route", FeastType.UNIX_TIMESTAMP, "air");
    assertThatThrownBy(() -> times.of(type("timestamp"), NOON.plusNanos(1_000)))
        .hasMessageContaining("finer than a second");
  }

  @ParameterizedTest
  @CsvSource({
    "flights:delay, 492ee5df",
    "flights:note, 1e0226a4",
    "v:é, da00bd27",
    "a:bc, 25a03301",
    "'', 00000000",
    "abc, fa93ddb3",
    "abcd, 6a67ed43",
  })
  void fieldsAreMurmur3(String text, String hex) {
    assertThat(Integer.reverseBytes(Murmur3.hash(Records.utf8(text))))
        .isEqualTo((int) Long.parseLong(hex, 16));
  }

  @Test
  void aFieldIsOfViewAndFeature() {
    assertThat(hex(FeastForm.field("flights", "delay"))).isEqualTo("492ee5df");
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesAreFeasts(String type, Object value, String hex) throws Exception {
    byte[] bytes = FeastValues.encode(type(type), value);

    assertThat(hex(bytes)).isEqualTo(hex);
    assertThat(array(FeastValues.decode(type(type), bytes))).isEqualTo(array(value));
  }

  /** Compares arrays of bytes by what is in them. */
  private static Object[] array(Object value) {
    return value instanceof List<?> list ? list.toArray() : new Object[] {value};
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("boolean", false, "3800"),
        Arguments.of("boolean", true, "3801"),
        Arguments.of("int", 0, "1800"),
        Arguments.of("tinyint", (byte) -1, "18ffffffffffffffffff01"),
        Arguments.of("smallint", (short) 300, "18ac02"),
        Arguments.of("bigint", Long.MIN_VALUE, "2080808080808080808001"),
        Arguments.of("double", 0.1, "299a9999999999b93f"),
        Arguments.of("float", -1.5f, "350000c0bf"),
        Arguments.of("double", Double.NaN, "29000000000000f87f"),
        Arguments.of("string", "日本", "1206e697a5e69cac"),
        Arguments.of("string", "", "1200"),
        Arguments.of("binary", new byte[] {0, -1}, "0a0200ff"),
        Arguments.of("timestamp", Instant.ofEpochSecond(-1), "40ffffffffffffffffff01"),
        Arguments.of("array<boolean>", List.of(true, false), "8a01040a020100"),
        Arguments.of("array<int>", List.of(1, -1, 300), "6a0f0a0d01ffffffffffffffffff01ac02"),
        Arguments.of("array<int>", List.of(), "6a00"),
        Arguments.of("array<bigint>", List.of(1L << 40), "72080a06808080808020"),
        Arguments.of("array<float>", List.of(1.5f, 0f), "82010a0a080000c03f00000000"),
        Arguments.of("array<double>", List.of(0.1), "7a0a0a089a9999999999b93f"),
        Arguments.of("array<string>", List.of("", "a"), "62050a000a0161"),
        Arguments.of("array<binary>", List.of(new byte[] {1}), "5a030a0101"),
        Arguments.of("array<timestamp>", List.of(NOON), "9201070a05c0fef6d903"),
        Arguments.of("string", null, ""));
  }

  @Test
  void whatFeastHasNoTypeForIsText() throws Exception {
    assertThat(FeastValues.encode(type("decimal(5,2)"), new BigDecimal("1.5")))
        .isEqualTo(FeastValues.encode(type("string"), "1.50"));
    assertThat(FeastValues.encode(type("map<string,int>"), Map.of("a", 1)))
        .isEqualTo(FeastValues.encode(type("string"), "{\"a\":1}"));
    assertThat(FeastValues.encode(type("date"), LocalDate.of(2001, 6, 30)))
        .isEqualTo(FeastValues.encode(type("timestamp"), Instant.parse("2001-06-30T00:00:00Z")));
  }

  @Test
  void aListIsReadWhetherItIsPackedOrNot() {
    assertThat(FeastValues.decode(type("array<int>"), HexFormat.of().parseHex("6a0408010802")))
        .isEqualTo(List.of(1, 2));
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    assertThatThrownBy(() -> FeastValues.decode(type("int"), HexFormat.of().parseHex("2001")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("value 4 of Feast where int has 3");
    assertThatThrownBy(() -> FeastValues.decode(type("string"), HexFormat.of().parseHex("12")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2001-06-30T12:00:00Z, 08c0fef6d903",
    "2001-06-30T12:00:00.000001Z, 08c0fef6d90310e807",
    "1970-01-01T00:00:00Z, ''",
    "1969-12-31T23:59:59.500Z, 08ffffffffffffffffff011080cab5ee01",
    "0001-01-01T00:00:00Z, 088092b8c398feffffff01",
  })
  void eventTimesAreFeasts(Instant instant, String hex) throws Exception {
    byte[] bytes = FeastTimes.encode(type("timestamp"), instant);

    assertThat(hex(bytes)).isEqualTo(hex);
    assertThat(FeastTimes.decode(type("timestamp"), bytes)).isEqualTo(instant);
    LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    assertThat(FeastTimes.encode(type("timestamp_ntz"), local)).isEqualTo(bytes);
    assertThat(FeastTimes.decode(type("timestamp_ntz"), bytes)).isEqualTo(local);
  }

  private static ValueType type(String sql) {
    return ValueType.of(new FeatureType(sql)).orElseThrow();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
