package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every store, by a DynamoDB of this machine. Where DynamoDB has no place for a
 * value, the test is replaced by one for what holds instead.
 */
class DynamoDbOnlineStoreContractTest extends OnlineStoreContract {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  @BeforeEach
  void empty() {
    SharedDynamoDb.empty();
  }

  @Override
  OnlineStore store() {
    return SharedDynamoDb.store();
  }

  /** All but the empty text, which no key can be. */
  @Override
  @ParameterizedTest
  @MethodSource("keys")
  void anyScalarCanBeTheRecordIdentifier(String type, Object one, Object other) {
    super.anyScalarCanBeTheRecordIdentifier(type, one, other);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        Arguments.of("string", "a", "A"),
        Arguments.of("string", "é", "e\u0301"),
        Arguments.of("int", -1, 1),
        Arguments.of("bigint", Long.MIN_VALUE, Long.MAX_VALUE),
        Arguments.of("decimal(10,2)", new BigDecimal("1.00"), new BigDecimal("1.01")),
        Arguments.of("decimal(38,2)", new BigDecimal("100.00"), new BigDecimal("-100.50")),
        Arguments.of("double", Double.NaN, 0.5),
        Arguments.of("boolean", false, true),
        Arguments.of("binary", new byte[] {1}, new byte[] {1, 0}),
        Arguments.of("date", LocalDate.of(2001, 6, 30), LocalDate.of(2001, 7, 1)),
        Arguments.of("timestamp", NOON, NOON.plusNanos(1_000)));
  }

  @Test
  void aKeyThatCannotBeOneFailsItsRecord() {
    WriteOutcome outcome =
        write(
            OnlineTargets.of(),
            OnlineRecord.of("", NOON),
            OnlineRecord.of("é".repeat(1_025), NOON),
            OnlineRecord.of("é".repeat(1_024), NOON));

    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code() + " " + f.retryable())
        .containsExactly("0 EMPTY_KEY false", "1 KEY_TOO_LONG false");
    assertThat(outcome.written()).isEqualTo(1);
    assertThat(content(OnlineTargets.of(), "")).isEmpty();
  }

  /** Up to 400 KB; more fails the record, and only that. */
  @Override
  @Test
  void keepsBigValues() {
    VersionedGroup target =
        OnlineTargets.of("text", "string", "list", "array<int>", "map", "map<string,string>");
    String text = "日".repeat(20_000);
    OnlineRecord fits =
        OnlineRecord.of(
            "fits", NOON, text, IntStream.range(0, 20_000).boxed().toList(), Map.of(text, text));

    WriteOutcome outcome =
        write(target, fits, OnlineRecord.of("large", NOON, "x".repeat(410_000), null, null));

    assertThat(outcome.written()).isEqualTo(1);
    assertThat(outcome.failed())
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.index()).isEqualTo(1);
              assertThat(f.code()).isEqualTo("ITEM_TOO_LARGE");
              assertThat(f.retryable()).isFalse();
            });
    assertThat(content(target, "fits", "large")).containsExactly(fits);
  }
}
