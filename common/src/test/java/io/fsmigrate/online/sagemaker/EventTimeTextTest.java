package io.fsmigrate.online.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventTimeTextTest {
  private static ValueType type(String sql) {
    return ValueType.of(new FeatureType(sql)).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void hasTheServicesForms(String type, Object value, boolean fractional, String text)
      throws Exception {
    assertThat(EventTimeText.format(type(type), value, fractional)).isEqualTo(text);
    assertThat(EventTimeText.parse(type(type), text, fractional)).isEqualTo(value);
    assertThat(
            EventTimeText.stored(
                EventTimeText.later(EventTimeText.stored(text, fractional), fractional),
                fractional))
        .isAfter(EventTimeText.stored(text, fractional));
  }

  static Stream<Object[]> texts() {
    Instant time = Instant.parse("2001-06-30T23:59:00Z");
    return Stream.of(
        new Object[] {"timestamp", time, false, "2001-06-30T23:59:00Z"},
        new Object[] {"timestamp", time.plusMillis(10), false, "2001-06-30T23:59:00.010Z"},
        new Object[] {
          "timestamp", Instant.parse("0000-01-01T00:00:00Z"), false, "0000-01-01T00:00:00Z"
        },
        new Object[] {
          "timestamp_ntz", LocalDateTime.of(2001, 6, 30, 23, 59), false, "2001-06-30T23:59:00Z"
        },
        new Object[] {"date", LocalDate.of(2001, 6, 30), false, "2001-06-30T00:00:00Z"},
        new Object[] {"string", "2001-06-30T23:59:00.500Z", false, "2001-06-30T23:59:00.500Z"},
        new Object[] {"timestamp", time, true, "993945540"},
        new Object[] {"timestamp", time.plusNanos(123_456_000), true, "993945540.123456"},
        new Object[] {"timestamp", Instant.ofEpochSecond(-1, 500_000_000), true, "-0.5"},
        new Object[] {"bigint", 993_945_540L, true, "993945540"},
        new Object[] {"double", 993945540.25, true, "993945540.25"},
        new Object[] {"decimal(14,3)", new BigDecimal("993945540.250"), true, "993945540.25"});
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void neverRoundsNorGuesses(String type, Object value, boolean fractional) {
    UnwritableValueException failure =
        catchThrowableOfType(
            UnwritableValueException.class,
            () -> EventTimeText.format(type(type), value, fractional));

    assertThat(failure.code()).isEqualTo("INVALID_EVENT_TIME");
  }

  static Stream<Object[]> impossible() {
    Instant time = Instant.parse("2001-06-30T23:59:00Z");
    return Stream.of(
        new Object[] {"timestamp", time.plusNanos(1_000), false},
        new Object[] {"timestamp", time.plusNanos(1), true},
        new Object[] {"timestamp", Instant.parse("+10000-01-01T00:00:00Z"), false},
        new Object[] {"timestamp", Instant.parse("-0001-01-01T00:00:00Z"), false},
        new Object[] {"timestamp", Instant.parse("9999-12-31T23:59:59.999Z"), true},
        new Object[] {"string", "2001-06-30", false},
        new Object[] {"string", "2001-02-30T00:00:00Z", false},
        new Object[] {"string", "2001-06-30T23:59:00.5Z", false},
        new Object[] {"double", Double.NaN, true},
        new Object[] {"bigint", Long.MAX_VALUE, true});
  }
}
