package io.fsmigrate.online;

import static java.util.Arrays.asList;

import io.fsmigrate.feature.VersionedGroup;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Records of few values, so that equal identifiers, equal times and equal features are frequent.
 */
final class RandomRecords {
  static final VersionedGroup TARGET =
      OnlineTargets.target(
          "laws",
          "id",
          "at",
          "flag",
          "boolean",
          "id",
          "int",
          "real",
          "double",
          "at",
          "timestamp",
          "text",
          "string",
          "price",
          "decimal(6,2)",
          "list",
          "array<float>",
          "bytes",
          "binary",
          "map",
          "map<string,int>",
          "struct",
          "struct<a:int,b:string>");

  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  private RandomRecords() {}

  static Arbitrary<OnlineRecord> records() {
    List<Arbitrary<Object>> values =
        List.of(
            oneOf(null, false, true),
            oneOf(1, 2, 3),
            oneOf(null, -0.0, 0.0, 9.0, 10.5, Double.POSITIVE_INFINITY, Double.NaN),
            oneOf(NOON, NOON.plusNanos(1_000), NOON.plusNanos(1_000_000), NOON.plusSeconds(1)),
            oneOf(null, "", "a", "B", "\uFFFD", "\uD83D\uDE00"),
            oneOf(
                null,
                new BigDecimal("-10.00"),
                new BigDecimal("-9.5"),
                new BigDecimal("9.50"),
                new BigDecimal("10")),
            oneOf(
                null,
                List.of(),
                asList((Object) null),
                List.of(9f),
                List.of(10f),
                List.of(9f, Float.NaN)),
            oneOf(null, new byte[0], new byte[] {1}, new byte[] {-1}),
            oneOf(null, Map.of(), Map.of("a", 9), Map.of("a", 10), Map.of("b", 1)),
            oneOf(null, asList(null, "z"), asList(9, null), Map.of("a", 10, "b", "a")));
    return Combinators.combine(values).as(OnlineRecord::new);
  }

  private static Arbitrary<Object> oneOf(Object... values) {
    List<Object> all = new ArrayList<>(asList(values));
    return Arbitraries.of(all);
  }
}
