package io.fsmigrate.online;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every online store promises, whatever it is made of. */
abstract class OnlineStoreContract {
  private static final Instant NOON = Instant.parse("2001-06-30T12:00:00Z");

  /** The same empty store at every call within one test. */
  abstract OnlineStore store();

  @Test
  void keepsTheNewestRecordInWhateverOrderTheyCome() {
    VersionedGroup target = OnlineTargets.of("delay", "int");
    OnlineRecord old = OnlineRecord.of("a", NOON, 1);
    OnlineRecord newest = OnlineRecord.of("a", NOON.plusNanos(2_000), 0);
    OnlineRecord between = OnlineRecord.of("a", NOON.plusNanos(1_000), 9);

    assertThat(write(target, old, newest, between)).isEqualTo(new WriteOutcome(2, 1, List.of()));
    assertThat(content(target, "a")).containsExactly(newest);
    assertThat(store().count(target)).hasValue(1);
  }

  @Test
  void ordersEventTimesWithAndWithoutAFraction() {
    VersionedGroup target = OnlineTargets.of();
    List<Instant> ascending =
        Stream.of(
                "-0044-03-15T12:00:00Z",
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "1970-01-01T00:00:00Z",
                "2001-06-30T23:59:00Z",
                "2001-06-30T23:59:00.000001Z",
                "2001-06-30T23:59:00.001Z",
                "2001-06-30T23:59:00.010Z",
                "2001-06-30T23:59:00.100Z",
                "2001-06-30T23:59:01Z",
                "9999-12-31T23:59:59.999999Z",
                "+10000-01-01T00:00:00Z",
                "+100000-01-01T00:00:00Z")
            .map(Instant::parse)
            .toList();
    assertEveryPairEndsWithTheGreater(
        target, ascending.size(), (id, i) -> OnlineRecord.of(id, ascending.get(i)));
  }

  @ParameterizedTest
  @MethodSource("eventTimes")
  void ordersEventTimesOfEveryTypeThatCanBeOne(String type, Object earlier, Object later) {
    VersionedGroup target = OnlineTargets.target("flights", "id", "at", "id", "string", "at", type);

    write(target, OnlineRecord.of("up", earlier), OnlineRecord.of("up", later));
    WriteOutcome down =
        write(target, OnlineRecord.of("down", later), OnlineRecord.of("down", earlier));

    assertThat(down).isEqualTo(new WriteOutcome(1, 1, List.of()));
    assertThat(content(target, "up", "down"))
        .extracting(r -> r.values().get(1))
        .containsExactly(later, later);
  }

  static Stream<Object[]> eventTimes() {
    return Stream.of(
        new Object[] {"string", "2001-06-30T23:59:00Z", "2001-06-30T23:59:00.5Z"},
        new Object[] {"string", "2001-06-30", "2001-07-01"},
        new Object[] {"date", LocalDate.of(2001, 6, 30), LocalDate.of(10_000, 1, 1)},
        new Object[] {
          "timestamp_ntz",
          LocalDateTime.of(2001, 6, 30, 23, 59),
          LocalDateTime.of(2001, 6, 30, 23, 59, 0, 1_000)
        },
        new Object[] {"bigint", 9L, 10L},
        new Object[] {"double", 9.5, 10.25},
        new Object[] {"decimal(20,3)", new BigDecimal("9.500"), new BigDecimal("10.250")});
  }

  @Test
  void replayingABatchCountsAndEndsLikeTheFirstTime() {
    VersionedGroup target = OnlineTargets.of("delay", "int", "note", "string");
    OnlineRecord[] batch = {
      OnlineRecord.of("a", NOON, 1, null), OnlineRecord.of("b", NOON, null, "late")
    };
    WriteOutcome first = write(target, batch);

    assertThat(write(target, batch)).isEqualTo(first).isEqualTo(new WriteOutcome(2, 0, List.of()));
    assertThat(content(target, "a", "b")).containsExactlyInAnyOrder(batch);
  }

  @ParameterizedTest
  @MethodSource("ascendingValues")
  void breaksTiesByTheFirstFeatureThatDiffers(String type, List<Object> all) {
    List<Object> ascending = all.stream().filter(this::canHold).toList();
    VersionedGroup target = OnlineTargets.of("same", "string", "value", type, "after", "int");
    // The later feature points the other way and must not count.
    assertEveryPairEndsWithTheGreater(
        target, ascending.size(), (id, i) -> OnlineRecord.of(id, NOON, null, ascending.get(i), -i));
  }

  /** Whether the store can hold such a value; records with another one fail. */
  boolean canHold(Object value) {
    return true;
  }

  /** Writes every one of the ascending records over every other, itself included. */
  final void assertEveryPairEndsWithTheGreater(
      VersionedGroup target, int size, BiFunction<String, Integer, OnlineRecord> ascending) {
    TieRule rule = TieRule.of(target);
    Map<Object, OnlineRecord> expected = new LinkedHashMap<>();
    store().prepare(target);
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          String id = i + "/" + j;
          OnlineRecord first = ascending.apply(id, i);
          OnlineRecord second = ascending.apply(id, j);
          assertThat(OnlineTargets.write(writer, List.of(first)))
              .isEqualTo(new WriteOutcome(1, 0, List.of()));
          assertThat(OnlineTargets.write(writer, List.of(second)))
              .as("%s over %s", second, first)
              .isEqualTo(new WriteOutcome(j >= i ? 1 : 0, j >= i ? 0 : 1, List.of()));
          assertThat(Integer.signum(rule.compare(second, first)))
              .as("%s against %s", second, first)
              .isEqualTo(Integer.compare(j, i));
          expected.put(id, j >= i ? second : first);
        }
      }
      writer.commit();
    }
    List<OnlineRecord> content = content(target, expected.keySet().toArray());
    assertThat(content).hasSize(size * size);
    content.forEach(record -> assertSame(target, record, expected.get(record.values().get(0))));
  }

  static Stream<Object[]> ascendingValues() {
    Instant instant = Instant.parse("2001-06-30T23:59:00Z");
    return Stream.of(
        values("boolean", false, true),
        values("tinyint", (byte) -128, (byte) -1, (byte) 127),
        values("smallint", Short.MIN_VALUE, (short) 9, (short) 10, Short.MAX_VALUE),
        values("int", Integer.MIN_VALUE, -10, -9, 0, Integer.MAX_VALUE),
        values(
            "bigint",
            Long.MIN_VALUE,
            -1L,
            9_007_199_254_740_992L,
            9_007_199_254_740_993L,
            Long.MAX_VALUE),
        values(
            "float",
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -0.1f,
            0f,
            Float.MIN_VALUE,
            0.1f,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NaN),
        values(
            "double",
            Double.NEGATIVE_INFINITY,
            -1e300,
            0.0,
            Double.MIN_VALUE,
            9.0,
            10.0,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NaN),
        values(
            "decimal(38,2)",
            new BigDecimal("-10.00"),
            new BigDecimal("-9.50"),
            new BigDecimal("-0.01"),
            new BigDecimal("0.00"),
            new BigDecimal("9.99"),
            new BigDecimal("10.00"),
            new BigDecimal("999999999999999999999999999999999999.99")),
        values(
            "string",
            "",
            "\u0000",
            "0",
            "A",
            "Z",
            "a",
            "a\u0000b",
            "aa",
            "é",
            "日本",
            "\uFFFD",
            "\uD83D\uDE00"),
        values(
            "binary",
            new byte[0],
            new byte[] {0},
            new byte[] {0, 1},
            new byte[] {127},
            new byte[] {(byte) 128},
            new byte[] {(byte) 255}),
        values(
            "date",
            LocalDate.of(-44, 3, 15),
            LocalDate.of(1969, 12, 31),
            LocalDate.of(9999, 12, 31),
            LocalDate.of(10_000, 1, 1)),
        values(
            "timestamp",
            instant,
            instant.plusNanos(1_000),
            instant.plusNanos(1_000_000),
            instant.plusSeconds(1),
            Instant.parse("+10000-01-01T00:00:00Z")),
        values(
            "timestamp_ntz",
            LocalDateTime.of(2001, 6, 30, 23, 59),
            LocalDateTime.of(2001, 6, 30, 23, 59, 0, 1_000)),
        values(
            "array<int>",
            List.of(),
            asList((Object) null),
            asList(null, 1),
            List.of(9),
            List.of(9, 0),
            List.of(10)),
        values(
            "array<float>",
            List.of(-1f),
            List.of(0f),
            List.of(Float.POSITIVE_INFINITY),
            List.of(Float.NaN)),
        values(
            "array<array<string>>",
            List.of(List.of()),
            List.of(List.of("a")),
            List.of(List.of("a"), List.of()),
            List.of(List.of("b"))),
        values(
            "map<string,int>",
            Map.of("a", 1, "b", 2),
            Map.of("a", 1),
            Map.of("a", 2),
            Map.of("b", 0),
            Map.of()),
        values(
            "struct<a:int,b:decimal(4,1)>",
            fields(null, new BigDecimal("9.0")),
            fields(9, null),
            fields(9, new BigDecimal("9.0")),
            fields(9, new BigDecimal("10.0")),
            fields(10, null)));
  }

  private static Object[] values(String type, Object... ascending) {
    List<Object> all = new ArrayList<>();
    all.add(null);
    all.addAll(asList(ascending));
    return new Object[] {type, all};
  }

  private static Map<String, Object> fields(Integer a, BigDecimal b) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("a", a);
    fields.put("b", b);
    return fields;
  }

  @Test
  void aStoreThatTellsHoldersApartKeepsNothingOfAnEarlierOne() {
    VersionedGroup target = OnlineTargets.of("delay", "int");
    store().prepare(target);
    String holder = "warehouse main:" + target.group();
    Fence earlier = new Fence(holder, 4);
    Assumptions.assumeTrue(store().raiseFence(earlier), "the store cannot tell");
    OnlineRecord first = OnlineRecord.of("a", NOON, 1);
    OnlineRecord late = OnlineRecord.of("b", NOON, 2);
    try (RecordWriter writer = store().open(target, by(earlier))) {
      writer.write(List.of(first), outcome -> {});
      writer.commit();
    }
    try (RecordWriter writer = store().open(target, by(earlier))) {
      assertThat(store().raiseFence(new Fence(holder, 7))).isTrue();

      assertThatThrownBy(
              () -> {
                writer.write(List.of(late), outcome -> {});
                writer.commit();
              })
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("FENCED_OFF_IN_STORE"));
    }

    assertThatThrownBy(() -> store().raiseFence(earlier))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("FENCED_OFF_IN_STORE"));
    assertThat(content(target, "a", "b")).containsExactly(first);
    assertThat(store().raiseFence(new Fence("warehouse other:" + target.group(), 1))).isTrue();
    try (RecordWriter writer = store().open(target, by(new Fence(holder, 7)))) {
      writer.write(List.of(late), outcome -> {});
      writer.commit();
    }
    assertThat(content(target, "a", "b")).containsExactlyInAnyOrder(first, late);
  }

  private static WriteContext by(Fence fence) {
    return new WriteContext("run", 4, 1, StaleCheck.NONE, WriteStrategy.FULL, fence);
  }

  @Test
  void aZeroHasNoSign() {
    VersionedGroup target = OnlineTargets.of("x", "double", "y", "float", "z", "array<double>");
    write(target, OnlineRecord.of("a", NOON, 0.0, 0.0f, List.of(0.0)));

    WriteOutcome negative = write(target, OnlineRecord.of("a", NOON, -0.0, -0.0f, List.of(-0.0)));

    assertThat(negative.written()).isEqualTo(1);
    assertThat(write(target, OnlineRecord.of("a", NOON, 0.0, 0.0f, List.of(0.0))).written())
        .isEqualTo(1);
    assertSame(
        target,
        content(target, "a").get(0),
        OnlineRecord.of("a", NOON, -0.0, -0.0f, List.of(-0.0)));
  }

  @ParameterizedTest
  @MethodSource("identifiers")
  void anyScalarCanBeTheRecordIdentifier(String type, Object one, Object other) {
    VersionedGroup target =
        OnlineTargets.target("flights", "id", "at", "at", "timestamp", "id", type, "v", "int");
    OnlineRecord first = OnlineRecord.of(NOON, one, 1);
    OnlineRecord second = OnlineRecord.of(NOON, other, 2);
    OnlineRecord firstAgain = OnlineRecord.of(NOON.plusSeconds(1), one, 3);

    assertThat(write(target, first, second, firstAgain).written()).isEqualTo(3);

    assertThat(store().count(target)).hasValue(2);
    assertSame(target, content(target, one).get(0), firstAgain);
    assertSame(target, content(target, other).get(0), second);
  }

  static Stream<Object[]> identifiers() {
    return Stream.of(
        new Object[] {"string", "a", "A"},
        new Object[] {"string", "", " "},
        new Object[] {"string", "é", "e\u0301"},
        new Object[] {"int", -1, 1},
        new Object[] {"bigint", Long.MIN_VALUE, Long.MAX_VALUE},
        new Object[] {"decimal(10,2)", new BigDecimal("1.00"), new BigDecimal("1.01")},
        new Object[] {"double", Double.NaN, 0.5},
        new Object[] {"boolean", false, true},
        new Object[] {"binary", new byte[] {1}, new byte[] {1, 0}},
        new Object[] {"date", LocalDate.of(2001, 6, 30), LocalDate.of(2001, 7, 1)},
        new Object[] {"timestamp", NOON, NOON.plusNanos(1_000)});
  }

  @Test
  void returnsCollectionsOfEveryTypeAsTheyWere() {
    VersionedGroup target =
        OnlineTargets.of(
            "all",
                "struct<a:boolean,b:tinyint,c:smallint,d:int,e:bigint,f:float,g:double,h:decimal(30,5),i:string,j:date,k:timestamp,l:timestamp_ntz>",
            "keys", "map<bigint,array<map<string,double>>>",
            "days", "map<date,string>",
            "nested", "array<struct<name:string,scores:array<float>>>",
            "bytes", "array<binary>");
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("a", true);
    all.put("b", (byte) -7);
    all.put("c", (short) 300);
    all.put("d", Integer.MIN_VALUE);
    all.put("e", Long.MAX_VALUE);
    all.put("f", 0.1f);
    all.put("g", Double.NEGATIVE_INFINITY);
    all.put("h", new BigDecimal("1234567890123456789012345.67890"));
    all.put("i", "\"quoted\" \\ \n\u0001 日本 \uD83D\uDE00");
    all.put("j", LocalDate.of(2001, 6, 30));
    all.put("k", NOON.plusNanos(123_456_000));
    all.put("l", LocalDateTime.of(2001, 6, 30, 23, 59));
    OnlineRecord record =
        OnlineRecord.of(
            "a",
            NOON,
            all,
            Map.of(-1L, List.of(Map.of("nan", Double.NaN, "", 1e-300)), 10L, List.of()),
            Map.of(LocalDate.of(2001, 6, 30), "saturday"),
            List.of(Map.of("name", "x", "scores", asList(1.5f, null, Float.NaN))),
            List.of(new byte[] {0, -1}));

    assertThat(write(target, record).failed()).isEmpty();

    OnlineRecord read = content(target, "a").get(0);
    assertThat(read.values().subList(0, 6)).isEqualTo(record.values().subList(0, 6));
    assertThat(((List<?>) read.values().get(6))).singleElement().isEqualTo(new byte[] {0, -1});
    assertSame(target, read, record);
  }

  @Test
  void aStructMayComeAsAListOrWithoutItsNulls() {
    VersionedGroup target = OnlineTargets.of("s", "struct<a:int,b:string>");

    write(
        target,
        OnlineRecord.of("list", NOON, asList(1, null)),
        OnlineRecord.of("map", NOON, Map.of("a", 1)));

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", 1);
    expected.put("b", null);
    assertThat(content(target, "list", "map"))
        .extracting(r -> r.values().get(2))
        .containsExactly(expected, expected);
  }

  @Test
  void keepsBigValues() {
    VersionedGroup target =
        OnlineTargets.of(
            "text", "string", "bytes", "binary", "list", "array<int>", "map", "map<string,string>");
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    String text = "日".repeat(1_000_000);
    OnlineRecord record =
        OnlineRecord.of(
            "a",
            NOON,
            text,
            bytes,
            IntStream.range(0, 100_000).boxed().toList(),
            Map.of(text, text));

    assertThat(write(target, record).failed()).isEmpty();

    assertSame(target, content(target, "a").get(0), record);
  }

  @Test
  void aRecordThatCannotBeWrittenFailsAlone() {
    VersionedGroup target = OnlineTargets.of("price", "decimal(4,2)", "tags", "map<string,int>");
    OnlineRecord good = OnlineRecord.of("good", NOON, new BigDecimal("1.5"), Map.of());
    WriteOutcome outcome =
        write(
            target,
            OnlineRecord.of("a", NOON, new BigDecimal("1.005"), null),
            OnlineRecord.of("b", NOON, new BigDecimal("100"), null),
            OnlineRecord.of(null, NOON, null, null),
            OnlineRecord.of("c", null, null, null),
            good,
            OnlineRecord.of("d", NOON, "1.00", null),
            OnlineRecord.of("e", NOON, null, Collections.singletonMap(null, 1)),
            OnlineRecord.of("half \uD83D", NOON, null, null),
            OnlineRecord.of("f", NOON));

    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code() + " " + f.retryable())
        .containsExactly(
            "0 OUT_OF_TYPE false",
            "1 OUT_OF_TYPE false",
            "2 MISSING_RECORD_IDENTIFIER false",
            "3 MISSING_EVENT_TIME false",
            "5 WRONG_TYPE false",
            "6 WRONG_TYPE false",
            "7 INVALID_TEXT false",
            "8 WRONG_FEATURE_COUNT false");
    assertThat(outcome.failed().get(0).reason()).contains("price", "1.005", "decimal(4,2)");
    assertThat(outcome.written()).isEqualTo(1);
    assertThat(store().count(target)).hasValue(1);
    assertSame(
        target,
        content(target, "good").get(0),
        OnlineRecord.of("good", NOON, new BigDecimal("1.50"), Map.of()));
  }

  @Test
  void anEmptyBatchAndAnEmptyBucketAreFine() {
    VersionedGroup target = OnlineTargets.of();
    store().prepare(target);
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      assertThat(OnlineTargets.write(writer, List.of()))
          .isEqualTo(new WriteOutcome(0, 0, List.of()));
      writer.commit();
      writer.commit();
    }
    assertThat(store().count(target)).hasValue(0);
  }

  /** As where another store holds up the input; what was handed over is on its way meanwhile. */
  @Test
  void aWriterThatRestsGoesOnWithWhatItHas() {
    VersionedGroup target = OnlineTargets.of("v", "int");
    store().prepare(target);
    List<WriteOutcome> outcomes = new ArrayList<>();
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      writer.rest();
      writer.write(List.of(OnlineRecord.of("a", NOON, 1)), outcomes::add);
      for (int i = 0; i < 5; i++) {
        writer.rest();
      }
      writer.write(
          List.of(OnlineRecord.of("a", NOON, 2), OnlineRecord.of("b", NOON, 3)), outcomes::add);
      writer.rest();
      writer.commit();
      writer.rest();
    }
    assertThat(outcomes.stream().mapToLong(o -> o.written() + o.submitted()))
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(content(target, "a", "b"))
        .containsExactlyInAnyOrder(OnlineRecord.of("a", NOON, 2), OnlineRecord.of("b", NOON, 3));
  }

  @Test
  void oneWriterServesManyBuckets() {
    VersionedGroup target = OnlineTargets.of("v", "int");
    store().prepare(target);
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      for (int bucket = 0; bucket < 3; bucket++) {
        OnlineTargets.write(
            writer,
            List.of(
                OnlineRecord.of("k" + bucket, NOON, bucket),
                OnlineRecord.of("same", NOON, bucket)));
        writer.commit();
        assertThat(store().count(target)).hasValue(bucket + 2);
      }
    }
    assertThat(content(target, "same")).containsExactly(OnlineRecord.of("same", NOON, 2));
  }

  @Test
  void clearsRecordsAndTakesNewOnes() {
    VersionedGroup target = OnlineTargets.of();
    store().clear(target);
    write(target, OnlineRecord.of("a", NOON), OnlineRecord.of("b", NOON));

    store().clear(target);

    assertThat(store().count(target)).hasValue(0);
    assertThat(content(target, "a", "b")).isEmpty();
    // An older event time: nothing of what was cleared is remembered.
    assertThat(write(target, OnlineRecord.of("a", NOON.minusSeconds(1))).written()).isEqualTo(1);
  }

  @Test
  void readsOnlyWhatIsAskedForAndThere() {
    VersionedGroup target = OnlineTargets.of("v", "int");
    assertThat(store().count(target)).hasValue(0);
    assertThat(content(target, "a")).isEmpty();
    List<OnlineRecord> many =
        IntStream.range(0, 1_700).mapToObj(i -> OnlineRecord.of("k" + i, NOON, i)).toList();
    write(target, many.toArray(OnlineRecord[]::new));

    Object[] ids = IntStream.range(500, 2_000).mapToObj(i -> "k" + i).toArray();

    assertThat(content(target, ids)).containsExactlyInAnyOrderElementsOf(many.subList(500, 1_700));
    assertThat(content(target)).isEmpty();
  }

  @Test
  void preparingAgainAndCheckingChangeNothing() {
    VersionedGroup target = OnlineTargets.of("v", "int");
    store().check(target, false);
    write(target, OnlineRecord.of("a", NOON, 1));

    store().check(target, false);
    store().prepare(target);

    assertThat(content(target, "a")).containsExactly(OnlineRecord.of("a", NOON, 1));
  }

  @Test
  void takesNamesAsTheyAre() {
    String odd = "group \"by\" `select` 'x'; -- é";
    VersionedGroup target =
        OnlineTargets.target(
            "excluded",
            odd,
            "current",
            odd,
            "string",
            "current",
            "timestamp",
            "excluded",
            "int",
            "order",
            "int");

    write(target, OnlineRecord.of("a", NOON, 1, 2), OnlineRecord.of("a", NOON, 2, 1));

    assertThat(content(target, "a")).containsExactly(OnlineRecord.of("a", NOON, 2, 1));
  }

  @Test
  void holdsAWideFeatureGroup() {
    List<String> features = new ArrayList<>();
    List<Object> low = new ArrayList<>(List.of("a", NOON));
    IntStream.range(0, 500)
        .forEach(
            i -> {
              features.addAll(List.of("f" + i, "double"));
              low.add(0.5 * i);
            });
    VersionedGroup target = OnlineTargets.of(features.toArray(String[]::new));
    List<Object> high = new ArrayList<>(low);
    high.set(501, 1e9);

    write(target, new OnlineRecord(high), new OnlineRecord(low));

    assertThat(content(target, "a")).containsExactly(new OnlineRecord(high));
  }

  @Test
  void refusesTypesThatNoStoreHasValuesFor() {
    VersionedGroup target = OnlineTargets.of("i", "interval year to month", "v", "array<variant>");

    assertThatThrownBy(() -> store().check(target, false))
        .hasMessageContaining("i (interval year to month), v (array<variant>)");
  }

  /** Whether the store itself compares records of the same event time. */
  boolean decidesTiesBetweenWriters() {
    return true;
  }

  @Test
  void twoWritersToTheSameRecordsEndAsOneWould() throws Exception {
    VersionedGroup target = OnlineTargets.of("v", "int");
    store().prepare(target);
    List<OnlineRecord> records = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      int id = random.nextInt(50);
      int second = random.nextInt(20);
      int value = decidesTiesBetweenWriters() ? random.nextInt(10) : (id + second) % 10;
      records.add(OnlineRecord.of("k" + id, NOON.plusSeconds(second), value));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (List<OnlineRecord> half :
          List.of(records.subList(0, 1_000), records.subList(1_000, 2_000))) {
        writers.add(threads.submit(() -> writeInBuckets(target, half)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Map<Object, OnlineRecord> expected = new LinkedHashMap<>();
    records.forEach(
        r ->
            expected.merge(
                r.values().get(0), r, (a, b) -> TieRule.of(target).compare(a, b) >= 0 ? a : b));

    assertThat(content(target, expected.keySet().toArray()))
        .containsExactlyInAnyOrderElementsOf(expected.values());
    assertThat(store().count(target)).hasValue(expected.size());
  }

  private void writeInBuckets(VersionedGroup target, List<OnlineRecord> records) {
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      for (int from = 0; from < records.size(); from += 50) {
        OnlineTargets.write(writer, records.subList(from, from + 25));
        OnlineTargets.write(writer, records.subList(from + 25, from + 50));
        writer.commit();
      }
    }
  }

  /** Prepares the target and writes one bucket of one batch. */
  final WriteOutcome write(VersionedGroup target, OnlineRecord... batch) {
    store().prepare(target);
    try (RecordWriter writer = store().open(target, OnlineTargets.CONTEXT)) {
      WriteOutcome outcome = OnlineTargets.write(writer, Arrays.asList(batch));
      writer.commit();
      return outcome;
    }
  }

  final List<OnlineRecord> content(VersionedGroup target, Object... ids) {
    List<OnlineRecord> records = new ArrayList<>();
    store().read(target, Arrays.asList(ids), records::add);
    return records;
  }

  /** Equal by the rule, which knows arrays and zeros; Java's equals does not. */
  private static void assertSame(
      VersionedGroup target, OnlineRecord actual, OnlineRecord expected) {
    assertThat(TieRule.of(target).compare(actual, expected))
        .as("%s is %s", actual, expected)
        .isZero();
  }
}
