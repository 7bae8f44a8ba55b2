package io.fsmigrate.online.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** The order of the bytes is the order of the values. */
class OrderedBytesTest {
  @Property
  void longs(@ForAll long one, @ForAll long other) throws Exception {
    assertOrder("bigint", one, other, Long.compare(one, other));
  }

  @Property
  void doubles(@ForAll double one, @ForAll double other) throws Exception {
    assertOrder("double", one, other, Double.compare(one + 0.0, other + 0.0));
    assertOrder(
        "float", (float) one, (float) other, Float.compare((float) one + 0f, (float) other + 0f));
  }

  @Example
  void zerosAndNaN() throws Exception {
    assertOrder("double", -0.0, 0.0, 0);
    assertOrder("double", Double.NaN, Double.POSITIVE_INFINITY, 1);
    assertOrder("double", Double.NEGATIVE_INFINITY, -Double.MAX_VALUE, -1);
    assertOrder("float", -Float.MIN_VALUE, 0f, -1);
  }

  @Property
  void decimals(@ForAll long one, @ForAll long other) throws Exception {
    BigDecimal first = new BigDecimal(BigInteger.valueOf(one), 3);
    BigDecimal second = new BigDecimal(BigInteger.valueOf(other), 3);
    assertOrder("decimal(38,3)", first, second, first.compareTo(second));
  }

  @Example
  void theLargestDecimals() throws Exception {
    BigDecimal most = new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE));
    assertOrder("decimal(38,0)", most, most.negate(), 1);
    assertOrder("decimal(38,0)", most, BigDecimal.ZERO, 1);
    assertOrder("decimal(38,0)", most.negate(), BigDecimal.ZERO, -1);
  }

  @Property
  void instants(
      @ForAll @LongRange(min = -31_557_014_167_219_200L, max = 31_556_889_864_403_199L) long one,
      @ForAll @LongRange(min = 0, max = 1_999_999_999) long more)
      throws Exception {
    Instant first = Instant.ofEpochSecond(one);
    Instant second =
        one == Instant.MAX.getEpochSecond() ? first : first.plusNanos(more % 1_000_000_000);
    assertOrder("timestamp", first, second, first.compareTo(second));
  }

  @Example
  void theFirstAndTheLastTime() throws Exception {
    assertOrder("timestamp", Instant.MIN, Instant.MAX, -1);
    assertOrder("date", LocalDate.MIN, LocalDate.MAX, -1);
    assertOrder("date", LocalDate.EPOCH, LocalDate.EPOCH.minusDays(1), 1);
    assertThat(bytes("timestamp", Instant.parse("2001-06-30T12:00:00.5Z")))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("100000000993902400500000000");
  }

  @Example
  void textsWithoutTheirZone() throws Exception {
    assertOrder("string", "2001-06-30T23:59:00Z", "2001-06-30T23:59:00.5Z", -1);
    assertOrder("string", "2001-06-30T23:59:00Z", "2001-06-30T23:59:00", 0);
    assertOrder("string", "\uFFFD", "\uD83D\uDE00", -1);
    assertOrder("boolean", false, true, -1);
    assertOrder("binary", new byte[] {1}, new byte[] {-1}, -1);
  }

  private static void assertOrder(String type, Object one, Object other, int order)
      throws UnwritableValueException {
    assertThat(Integer.signum(Arrays.compareUnsigned(bytes(type, one), bytes(type, other))))
        .as("%s against %s", one, other)
        .isEqualTo(Integer.signum(order));
  }

  private static byte[] bytes(String type, Object value) throws UnwritableValueException {
    return OrderedBytes.of(ValueType.of(new FeatureType(type)).orElseThrow(), value);
  }
}
