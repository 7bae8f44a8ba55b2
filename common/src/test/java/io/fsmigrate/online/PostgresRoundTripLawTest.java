package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a column takes comes back as it was. */
class PostgresRoundTripLawTest {
  private static final VersionedGroup TARGET =
      OnlineTargets.target(
          "round_trips",
          "id",
          "at",
          "id",
          "bigint",
          "at",
          "timestamp",
          "flag",
          "boolean",
          "tiny",
          "tinyint",
          "small",
          "smallint",
          "whole",
          "int",
          "single",
          "float",
          "real",
          "double",
          "price",
          "decimal(38,9)",
          "count",
          "decimal(20,0)",
          "text",
          "string",
          "bytes",
          "binary",
          "day",
          "date",
          "local",
          "timestamp_ntz",
          "list",
          "array<double>",
          "map",
          "map<string,decimal(9,3)>");

  private static final long FIRST_MICRO =
      LocalDate.of(-4713, 11, 24).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000;

  /** The last that counts from 1970 can say; PostgreSQL goes on for some years. */
  private static final long LAST_MICRO = Long.MAX_VALUE;

  @BeforeContainer
  static void startAnew() {
    SharedPostgres.emptySchema();
  }

  @Property(tries = 100)
  void recordsComeBackAsTheyWere(@ForAll("records") List<List<Object>> values) {
    OnlineStore store = SharedPostgres.store(Map.of());
    store.prepare(TARGET);
    store.clear(TARGET);
    Map<Object, OnlineRecord> expected = new TreeMap<>();
    for (List<Object> features : values) {
      List<Object> all = new ArrayList<>(List.of((long) expected.size() - 3));
      all.addAll(features);
      expected.put(all.get(0), new OnlineRecord(all));
    }
    try (RecordWriter writer = store.open(TARGET, OnlineTargets.CONTEXT)) {
      assertThat(OnlineTargets.write(writer, List.copyOf(expected.values())))
          .isEqualTo(new WriteOutcome(expected.size(), 0, List.of()));
      writer.commit();
      // Equal is what comes back to the server's own comparison, too.
      assertThat(OnlineTargets.write(writer, List.copyOf(expected.values())))
          .isEqualTo(new WriteOutcome(expected.size(), 0, List.of()));
      writer.commit();
    }

    Map<Object, OnlineRecord> actual = new TreeMap<>();
    store.read(TARGET, expected.keySet(), r -> actual.put(r.values().get(0), r));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    TieRule rule = TieRule.of(TARGET);
    expected.forEach(
        (id, record) ->
            assertThat(rule.compare(actual.get(id), record))
                .as("%s is %s", actual.get(id), record)
                .isZero());
  }

  @Provide
  Arbitrary<List<List<Object>>> records() {
    List<Arbitrary<Object>> features =
        List.of(
            Arbitraries.longs()
                .between(FIRST_MICRO, LAST_MICRO)
                .map(PostgresRoundTripLawTest::instant)
                .asGeneric(),
            orNull(Arbitraries.of(true, false)),
            orNull(Arbitraries.bytes()),
            orNull(Arbitraries.shorts()),
            orNull(Arbitraries.integers()),
            orNull(Arbitraries.integers().map(Float::intBitsToFloat)),
            orNull(Arbitraries.longs().map(Double::longBitsToDouble)),
            orNull(decimals(38, 9)),
            orNull(decimals(20, 0)),
            orNull(
                Arbitraries.strings()
                    .withCharRange('\u0001', '\uD7FF')
                    .withCharRange('\uE000', '\uFFFF')
                    .ofMaxLength(20)
                    .map(text -> text + (text.length() % 3 == 0 ? "\uD83D\uDE00" : ""))),
            orNull(Arbitraries.bytes().array(byte[].class).ofMaxSize(20)),
            orNull(
                Arbitraries.longs()
                    .between(
                        LocalDate.of(-4713, 11, 24).toEpochDay(),
                        LocalDate.of(5_874_897, 12, 31).toEpochDay())
                    .map(LocalDate::ofEpochDay)),
            orNull(
                Arbitraries.longs()
                    .between(FIRST_MICRO, LAST_MICRO)
                    .map(micros -> LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC))),
            orNull(Arbitraries.longs().map(Double::longBitsToDouble).list().ofMaxSize(3)),
            orNull(
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(3).alpha(), decimals(9, 3))
                    .ofMaxSize(2)));
    return Combinators.combine(features).as(all -> all).list().ofMinSize(1).ofMaxSize(8);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
  }

  private static Arbitrary<BigDecimal> decimals(int precision, int scale) {
    BigInteger most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
    return Arbitraries.bigIntegers()
        .between(most.negate(), most)
        .map(unscaled -> new BigDecimal(unscaled, scale));
  }

  private static Arbitrary<Object> orNull(Arbitrary<?> values) {
    return values.injectNull(0.1).asGeneric();
  }
}
