package io.fsmigrate.online.sagemaker;

import static io.fsmigrate.online.sagemaker.Targets.NOON;
import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordKey;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SageMakerOnlineStoreTest {
  private static final VersionedGroup FLIGHTS = Targets.of("delay", "int");

  private EmulatedGroups groups;

  @BeforeEach
  void startAnew() {
    groups = EmulatedGroups.fresh();
  }

  @Test
  void writesInAsFewCallsAsThereCanBe() {
    groups.create(FLIGHTS, "Standard");
    List<OnlineRecord> records = Targets.records(1_010, NOON);

    WriteOutcome outcome = Targets.write(groups.store(), FLIGHTS, Targets.run(), records);

    assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, 1_010, List.of()));
    assertThat(groups.calls("BatchWriteRecord")).hasSize(41);
    assertThat(groups.calls("PutRecord")).isEmpty();
    assertThat(Targets.read(groups.store(), FLIGHTS, List.of("k0", "k1009", "none", "k0")))
        .containsExactlyInAnyOrder(records.get(0), records.get(1_009));
    assertThat(groups.store().count(FLIGHTS)).hasValue(1_010);
    assertThat(JvmClients.open()).isZero();
  }

  @Test
  void writesOneRecordACallWhereBatchesAreNotWanted() {
    groups.create(FLIGHTS, "Standard_V2");

    WriteOutcome outcome =
        Targets.write(
            groups.store("batch-write", "never", "ttl", "30 days"),
            FLIGHTS,
            Targets.run(),
            Targets.records(60, NOON));

    assertThat(outcome.submitted()).isEqualTo(60);
    assertThat(groups.calls("PutRecord")).hasSize(60);
    assertThat(groups.calls("BatchWriteRecord")).isEmpty();
  }

  @Test
  void writesOfflineOnlyWhereThatWasAskedFor() {
    groups.create(FLIGHTS, "Standard");

    Targets.write(groups.store(), FLIGHTS, Targets.run(), Targets.records(10, NOON));

    assertThat(ofGroup("offlineRows")).isZero();
    assertThat(ofGroup("onlineRecords")).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Standard", "Standard_V2", "InMemory"})
  void everyTypeComesBackAsItWas(String storage) {
    VersionedGroup target =
        Targets.of(
            "a",
            "boolean",
            "b",
            "tinyint",
            "c",
            "smallint",
            "d",
            "int",
            "e",
            "bigint",
            "f",
            "float",
            "g",
            "double",
            "h",
            "decimal(10,2)",
            "i",
            "decimal(38,5)",
            "j",
            "decimal(18,0)",
            "k",
            "string",
            "l",
            "binary",
            "m",
            "date",
            "n",
            "timestamp",
            "o",
            "timestamp_ntz",
            "p",
            "array<float>",
            "q",
            "array<string>",
            "r",
            "map<string,double>",
            "s",
            "struct<x:int,y:string>",
            "t",
            "array<array<int>>",
            "u",
            "int");
    groups.create(target, storage);
    OnlineRecord least =
        OnlineRecord.of(
            "least",
            NOON.plusMillis(5),
            false,
            Byte.MIN_VALUE,
            Short.MIN_VALUE,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            -Float.MAX_VALUE,
            Double.MIN_VALUE,
            new BigDecimal("-99999999.99"),
            new BigDecimal("-999999999999999999999999999999999.99999"),
            new BigDecimal("-999999999999999999"),
            "",
            new byte[0],
            LocalDate.of(1, 1, 1),
            NOON.plusNanos(1_000),
            LocalDateTime.of(2001, 6, 30, 0, 0),
            List.of(),
            List.of(),
            Map.of(),
            asList(null, null),
            List.of(List.of()),
            null);
    OnlineRecord other =
        OnlineRecord.of(
            "\"odd\" id \\ / \n\u0001 日本 \uD83D\uDE00 & = +",
            NOON,
            true,
            Byte.MAX_VALUE,
            Short.MAX_VALUE,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            0.1f,
            1e300,
            new BigDecimal("12.50"),
            new BigDecimal("0.00001"),
            new BigDecimal("7"),
            "\"quoted\" \\ \n\u0001 日本 \uD83D\uDE00",
            new byte[] {0, -1},
            LocalDate.of(9999, 12, 31),
            NOON,
            LocalDateTime.of(2001, 6, 30, 23, 59, 0, 1_000),
            List.of(0.5f, -1f),
            List.of("a", "", "\""),
            Map.of("nan", Double.NaN, "", 1e-300),
            asList(1, "x"),
            List.of(List.of(1, 2), List.of(3)),
            9);

    WriteOutcome outcome =
        Targets.write(groups.store(), target, Targets.run(), List.of(least, other));

    assertThat(outcome).isEqualTo(new WriteOutcome(0, 0, 2, List.of()));
    List<OnlineRecord> read =
        Targets.read(groups.store(), target, List.of(least.values().get(0), other.values().get(0)));
    TieRule same = TieRule.of(target);
    assertThat(read).hasSize(2);
    assertThat(read).anySatisfy(record -> assertThat(same.compare(record, least)).isZero());
    assertThat(read).anySatisfy(record -> assertThat(same.compare(record, other)).isZero());
  }

  @Test
  void theNewestWinsInWhateverOrderRecordsCome() {
    groups.create(FLIGHTS, "Standard");
    OnlineStore store = groups.store();
    Targets.write(
        store,
        FLIGHTS,
        Targets.run(),
        List.of(
            OnlineRecord.of("a", NOON, 1),
            OnlineRecord.of("a", NOON.plusMillis(2), 3),
            OnlineRecord.of("a", NOON.plusMillis(1), 2)));

    assertThat(Targets.read(store, FLIGHTS, List.of("a")))
        .containsExactly(OnlineRecord.of("a", NOON.plusMillis(2), 3));
  }

  @Test
  void writingAgainChangesNothing() {
    groups.create(FLIGHTS, "Standard");
    List<OnlineRecord> records = Targets.records(120, NOON);
    WriteOutcome first = Targets.write(groups.store(), FLIGHTS, Targets.run(), records);

    WriteOutcome again = Targets.write(groups.store(), FLIGHTS, Targets.run(), records);

    assertThat(again).isEqualTo(first);
    assertThat(groups.store().count(FLIGHTS)).hasValue(120);
  }

  @Test
  void neverHasARecordTwiceInACallNorInTwoCallsAtATime() {
    groups.create(FLIGHTS, "Standard");
    groups.emulator().faults("{\"latencyMillis\":5}");
    List<OnlineRecord> records = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      records.add(OnlineRecord.of("k" + i % 40, NOON.plusMillis(i), i));
    }

    assertThat(Targets.write(groups.store(), FLIGHTS, Targets.run(), records).submitted())
        .isEqualTo(400);

    for (JsonNode call : groups.calls("BatchWriteRecord")) {
      List<String> ids = new ArrayList<>();
      call.get("identifiers").forEach(id -> ids.add(id.asText()));
      Set<String> distinct = new HashSet<>(ids);
      assertThat(distinct).hasSameSizeAs(ids);
    }
    // Only in order is none of them older than what is stored.
    assertThat(ofGroup("stale")).isZero();
  }

  @Test
  void whatCannotBeStoredFailsAloneAndUnsent() {
    VersionedGroup target = Targets.of("x", "double", "note", "string");
    groups.create(target, "Standard");
    List<OnlineRecord> records =
        List.of(
            OnlineRecord.of("nan", NOON, Double.NaN, null),
            OnlineRecord.of("inf", NOON, Double.NEGATIVE_INFINITY, null),
            OnlineRecord.of("fine", NOON, 1.5, "x".repeat(300 * 1024)),
            OnlineRecord.of("big", NOON, 1.5, "é".repeat(180 * 1024)),
            OnlineRecord.of("i".repeat(2_049), NOON, 1.5, null),
            OnlineRecord.of(null, NOON, 1.5, null),
            OnlineRecord.of("late", null, 1.5, null),
            OnlineRecord.of("fine grained", NOON.plusNanos(1), 1.5, null),
            OnlineRecord.of("", NOON, 1.5, null),
            OnlineRecord.of("wrong", NOON, "text", null));

    WriteOutcome outcome = Targets.write(groups.store(), target, Targets.run(), records);

    assertThat(outcome.submitted()).isEqualTo(1);
    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code() + " " + f.retryable())
        .containsExactly(
            "0 NOT_A_NUMBER false",
            "1 NOT_A_NUMBER false",
            "3 TOO_LARGE false",
            "4 TOO_LARGE false",
            "5 MISSING_RECORD_IDENTIFIER false",
            "6 MISSING_EVENT_TIME false",
            "7 INVALID_EVENT_TIME false",
            "8 MISSING_RECORD_IDENTIFIER false",
            "9 WRONG_TYPE false");
    assertThat(outcome.failed().get(0).reason()).startsWith("x: ");
    assertThat(groups.calls("BatchWriteRecord")).hasSize(1);
  }

  @Test
  void largeRecordsGoInCallsOfBoundedSize() {
    VersionedGroup target = Targets.of("note", "string");
    groups.create(target, "Standard");
    List<OnlineRecord> records =
        Stream.iterate(0, i -> i + 1)
            .limit(40)
            .map(i -> OnlineRecord.of("k" + i, NOON, "x".repeat(340 * 1024)))
            .toList();

    assertThat(Targets.write(groups.store(), target, Targets.run(), records).submitted())
        .isEqualTo(40);

    assertThat(groups.calls("BatchWriteRecord"))
        .hasSizeGreaterThan(3)
        .allSatisfy(
            call -> assertThat(call.get("requestBytes").asInt()).isLessThan(5 * 1024 * 1024));
  }

  @Test
  void anExactCheckTellsStaleFromWritten() {
    groups.create(FLIGHTS, "Standard");
    OnlineStore store = groups.store();
    Targets.write(
        store,
        FLIGHTS,
        Targets.run(),
        List.of(
            OnlineRecord.of("older", NOON.minusSeconds(1), 0),
            OnlineRecord.of("newer", NOON.plusSeconds(1), 0),
            OnlineRecord.of("same", NOON, 1),
            OnlineRecord.of("greater", NOON, 2),
            OnlineRecord.of("lesser", NOON, 0)));

    WriteOutcome outcome =
        Targets.write(
            store,
            FLIGHTS,
            Targets.run(StaleCheck.EXACT, WriteStrategy.FULL),
            List.of(
                OnlineRecord.of("missing", NOON, 1),
                OnlineRecord.of("older", NOON, 1),
                OnlineRecord.of("newer", NOON, 1),
                OnlineRecord.of("same", NOON, 1),
                OnlineRecord.of("greater", NOON, 1),
                OnlineRecord.of("lesser", NOON, 1)));

    assertThat(outcome.written()).isEqualTo(3);
    assertThat(outcome.stale()).isEqualTo(2);
    assertThat(outcome.failed())
        .extracting(f -> f.index() + " " + f.code())
        .containsExactly("5 EQUAL_EVENT_TIME");
  }

  @Test
  void whereSingleFeaturesCanChangeTheTieRuleHoldsUnderAnExactCheck() {
    VersionedGroup target = Targets.of("delay", "int", "note", "string");
    groups.create(target, "Standard_V2");
    OnlineStore store = groups.store();
    Targets.write(
        store,
        target,
        Targets.run(),
        List.of(OnlineRecord.of("a", NOON, 0, "x"), OnlineRecord.of("b", NOON, 0, "x")));

    WriteOutcome outcome =
        Targets.write(
            store,
            target,
            Targets.run(StaleCheck.EXACT, WriteStrategy.FULL),
            List.of(OnlineRecord.of("a", NOON, 1, "w"), OnlineRecord.of("b", NOON, 1, null)));

    assertThat(outcome.written()).isEqualTo(1);
    assertThat(outcome.failed())
        .singleElement()
        .satisfies(f -> assertThat(f.reason()).contains("note, which cannot be removed"));
    assertThat(Targets.read(store, target, List.of("a")))
        .containsExactly(OnlineRecord.of("a", NOON, 1, "w"));
  }

  @Test
  void tellsAPlannerHowManyRecordsWouldBeStale() {
    groups.create(FLIGHTS, "Standard_V2");
    OnlineStore store = groups.store();
    Targets.write(store, FLIGHTS, Targets.run(), Targets.records(300, NOON));
    List<RecordKey> keys = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      keys.add(new RecordKey("k" + i, i < 150 ? NOON.plusSeconds(1) : NOON));
    }
    keys.add(new RecordKey("k0", NOON.minusSeconds(1)));

    assertThat(store.staleAmong(FLIGHTS, keys.iterator()))
        .contains(new StaleCounts(100, 150, 150, 1));
    assertThat(groups.calls("BatchGetRecord").stream().filter(c -> c.get("entries").asInt() > 0))
        .hasSize(5);
  }

  @Test
  void readsAreDoneAHundredAtATime() {
    groups.create(FLIGHTS, "Standard_V2");
    Targets.write(groups.store(), FLIGHTS, Targets.run(), Targets.records(250, NOON));
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      ids.add("k" + i);
    }
    groups
        .emulator()
        .faults("{\"operation\":\"BatchGetRecord\",\"unprocessedShare\":0.2,\"seed\":3}");

    assertThat(Targets.read(groups.store(), FLIGHTS, ids)).hasSize(250);
    assertThat(groups.calls("BatchGetRecord").get(0).get("entries").asInt()).isEqualTo(100);
  }

  @Test
  void aWriterToldToCloseLeavesNothingOpen() {
    groups.create(FLIGHTS, "Standard");
    OnlineStore store = groups.store();
    try (RecordWriter writer = store.open(FLIGHTS, Targets.run())) {
      writer.write(Targets.records(100, NOON), outcome -> {});
      assertThat(JvmClients.open()).isEqualTo(1);
    }
    assertThat(JvmClients.open()).isZero();
  }

  private long ofGroup(String count) {
    return groups.stats().get("groups").get("flights").get(count).asLong();
  }
}
