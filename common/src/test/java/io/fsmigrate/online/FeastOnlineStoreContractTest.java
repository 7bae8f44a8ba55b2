package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.testkit.RedisProcess;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every store, by Feast's layout. Where Feast has no place for a value, the test is
 * replaced by one for what holds instead.
 */
class FeastOnlineStoreContractTest extends OnlineStoreContract {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  private static RedisProcess redis;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.call("FLUSHALL");
  }

  @Override
  OnlineStore store() {
    return OnlineStores.of(
        new OnlineStoreDefinition(
            "serving",
            "redis",
            Map.of("nodes", redis.address(), "layout", "feast", "project", "air")));
  }

  /** The years 1 to 9999; others fail their record. */
  @Override
  @Test
  void ordersEventTimesWithAndWithoutAFraction() {
    VersionedGroup target = OnlineTargets.of();
    List<Instant> ascending =
        Stream.of(
                "0001-01-01T00:00:00Z",
                "1901-12-13T20:45:51Z",
                "1969-12-31T23:59:58.5Z",
                "1969-12-31T23:59:59Z",
                "1969-12-31T23:59:59.999999Z",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000001Z",
                "2001-06-30T23:59:00Z",
                "2001-06-30T23:59:00.000001Z",
                "2001-06-30T23:59:00.100Z",
                "2001-06-30T23:59:01Z",
                "9999-12-31T23:59:59.999999Z")
            .map(Instant::parse)
            .toList();
    assertEveryPairEndsWithTheGreater(
        target, ascending.size(), (id, i) -> OnlineRecord.of(id, ascending.get(i)));

    WriteOutcome outside =
        write(
            target,
            OnlineRecord.of("a", Instant.parse("0000-12-31T23:59:59Z")),
            OnlineRecord.of("b", Instant.parse("+10000-01-01T00:00:00Z")));
    assertThat(outside.failed())
        .extracting(FailedWrite::code)
        .containsExactly("OUT_OF_TYPE", "OUT_OF_TYPE");
  }

  @Override
  @ParameterizedTest
  @MethodSource("timesOfFeast")
  void ordersEventTimesOfEveryTypeThatCanBeOne(String type, Object earlier, Object later) {
    super.ordersEventTimesOfEveryTypeThatCanBeOne(type, earlier, later);
  }

  static Stream<Arguments> timesOfFeast() {
    return Stream.of(
        Arguments.of("date", LocalDate.of(2001, 6, 30), LocalDate.of(9999, 1, 1)),
        Arguments.of(
            "timestamp_ntz",
            LocalDateTime.of(2001, 6, 30, 23, 59),
            LocalDateTime.of(2001, 6, 30, 23, 59, 0, 1_000)));
  }

  @Override
  @ParameterizedTest
  @MethodSource("valuesOfFeast")
  void breaksTiesByTheFirstFeatureThatDiffers(String type, List<Object> ascending) {
    super.breaksTiesByTheFirstFeatureThatDiffers(type, ascending);
  }

  /** Without an absent value in a list, and without fractions of a second. */
  static Stream<Arguments> valuesOfFeast() {
    return ascendingValues()
        .filter(values -> !((String) values[0]).startsWith("timestamp"))
        .map(
            values ->
                Arguments.of(
                    values[0],
                    ((List<?>) values[1])
                        .stream()
                            .filter(
                                value ->
                                    !(value instanceof List<?> list
                                        && list.stream().anyMatch(e -> e == null)))
                            .toList()));
  }

  @Override
  @ParameterizedTest
  @MethodSource("identifiersOfFeast")
  void anyScalarCanBeTheRecordIdentifier(String type, Object one, Object other) {
    super.anyScalarCanBeTheRecordIdentifier(type, one, other);
  }

  static Stream<Arguments> identifiersOfFeast() {
    return Stream.of(
        Arguments.of("string", "a", "A"),
        Arguments.of("string", "", " "),
        Arguments.of("tinyint", (byte) -1, (byte) 1),
        Arguments.of("int", -1, 1),
        Arguments.of("bigint", Long.MIN_VALUE, Long.MAX_VALUE),
        Arguments.of("binary", new byte[] {1}, new byte[] {1, 0}),
        Arguments.of("timestamp", NOON, NOON.plusSeconds(1)));
  }

  /** Without the one list in it that has an absent value. */
  @Override
  @Test
  void returnsCollectionsOfEveryTypeAsTheyWere() {
    VersionedGroup target =
        OnlineTargets.of(
            "flags", "array<boolean>",
            "small", "array<smallint>",
            "big", "array<bigint>",
            "real", "array<double>",
            "text", "array<string>",
            "bytes", "array<binary>",
            "times", "array<timestamp>",
            "days", "array<date>",
            "prices", "array<decimal(5,2)>",
            "nested", "array<struct<name:string,scores:array<float>>>",
            "map", "map<bigint,array<double>>");
    Map<String, Object> nested = new LinkedHashMap<>();
    nested.put("name", "x");
    nested.put("scores", Arrays.asList(1.5f, null, Float.NaN));
    OnlineRecord record =
        OnlineRecord.of(
            "a",
            NOON.plusNanos(1_000),
            List.of(true, false),
            List.of((short) -1, (short) 300),
            List.of(Long.MIN_VALUE, Long.MAX_VALUE),
            List.of(0.1, Double.NaN, Double.NEGATIVE_INFINITY),
            List.of("", "日本"),
            List.of(new byte[0], new byte[] {0, -1}),
            List.of(NOON, Instant.parse("1969-12-31T23:59:59Z")),
            List.of(LocalDate.of(1969, 12, 31), LocalDate.of(2001, 6, 30)),
            List.of(new BigDecimal("-1.50")),
            List.of(nested),
            Map.of(-1L, List.of(Double.NaN), 10L, List.of()));

    assertThat(write(target, record).failed()).isEmpty();

    OnlineRecord read = content(target, "a").get(0);
    assertThat(TieRule.of(target).compare(read, record)).isZero();
    assertThat(read.values().subList(0, 7)).isEqualTo(record.values().subList(0, 7));
  }

  @Test
  void whatFeastHasNoPlaceForFailsItsRecord() {
    VersionedGroup target = OnlineTargets.of("seen", "timestamp", "list", "array<int>");

    WriteOutcome outcome =
        write(
            target,
            OnlineRecord.of("a", NOON, NOON.plusNanos(1_000_000), null),
            OnlineRecord.of("b", NOON, null, Arrays.asList(1, null)),
            OnlineRecord.of("c", NOON, NOON, List.of()));

    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code() + " " + f.retryable())
        .containsExactly("0 TIME_TOO_FINE false", "1 NULL_IN_COLLECTION false");
    assertThat(outcome.written()).isEqualTo(1);
  }

  @Test
  void whatFeastHasNoPlaceForIsToldBeforeTheFirstRecord() {
    VersionedGroup target = OnlineTargets.target("g", "id", "at", "id", "double", "at", "bigint");

    assertThatThrownBy(() -> store().check(target, false))
        .hasMessageContaining("id: a double cannot be a join key")
        .hasMessageContaining("at: a bigint is no event time to Feast");
  }
}
