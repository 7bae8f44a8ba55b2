package io.fsmigrate.online.sagemaker;

import static io.fsmigrate.online.sagemaker.Targets.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Features are added to a group that goes on being read. */
class SageMakerInPlaceTest {
  private static final VersionedGroup OLD = Targets.of("delay", "int");
  private static final VersionedGroup NEW =
      Targets.of("delay", "int", "late", "boolean", "scores", "array<float>");

  private EmulatedGroups groups;

  @BeforeEach
  void startAnew() {
    groups = EmulatedGroups.fresh();
  }

  private static OnlineRecord migrated(int i, Instant at) {
    return OnlineRecord.of("k" + i, at, i, i % 2 == 0, List.of(i + 0.5f));
  }

  private static List<OnlineRecord> migrated(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> migrated(i, NOON)).toList();
  }

  @Test
  void onlyTheAddedFeaturesAreWrittenToRecordsOfTheSameEventTime() {
    groups.create(OLD, "Standard_V2");
    OnlineStore store = groups.store();
    Targets.write(store, OLD, Targets.run(), Targets.records(200, NOON));
    Targets.write(
        store,
        OLD,
        Targets.run(),
        List.of(
            OnlineRecord.of("k0", NOON.plusSeconds(1), 77),
            OnlineRecord.of("k200", NOON.minusSeconds(1), 200)));

    WriteStrategy strategy = store.plan(NEW);
    store.check(NEW, false);
    store.prepare(NEW);
    store.prepare(NEW);
    WriteOutcome outcome =
        Targets.write(store, NEW, Targets.run(StaleCheck.NONE, strategy), migrated(0, 202));

    assertThat(strategy.mode()).isEqualTo(WriteStrategy.Mode.UPDATE);
    assertThat(strategy.added()).containsExactly("late", "scores");
    assertThat(strategy.reason()).contains("late, scores", "Standard_V2");
    assertThat(groups.features("flights"))
        .extracting(Definition::toString)
        .containsExactly(
            "id String", "at String", "delay Integral", "late Integral", "scores String");
    assertThat(outcome).isEqualTo(new WriteOutcome(201, 1, 0, List.of()));
    assertThat(groups.calls("UpdateRecord")).hasSize(199);
    assertThat(Targets.read(store, NEW, new ArrayList<>(List.of("k0", "k1", "k200", "k201"))))
        .containsExactlyInAnyOrder(
            OnlineRecord.of("k0", NOON.plusSeconds(1), 77, null, null),
            migrated(1, NOON),
            migrated(200, NOON),
            migrated(201, NOON));
  }

  @Test
  void writingAgainCountsTheSameAndSendsNothing() {
    groups.create(OLD, "Standard_V2");
    OnlineStore store = groups.store();
    Targets.write(store, OLD, Targets.run(), Targets.records(30, NOON));
    WriteStrategy strategy = store.plan(NEW);
    store.prepare(NEW);
    WriteOutcome first =
        Targets.write(store, NEW, Targets.run(StaleCheck.NONE, strategy), migrated(0, 30));
    int updates = groups.calls("UpdateRecord").size();

    WriteOutcome again =
        Targets.write(store, NEW, Targets.run(StaleCheck.NONE, strategy), migrated(0, 30));

    assertThat(again).isEqualTo(first).isEqualTo(new WriteOutcome(30, 0, 0, List.of()));
    assertThat(groups.calls("UpdateRecord")).hasSize(updates);
    assertThat(groups.calls("BatchWriteRecord")).hasSize(2);
  }

  @Test
  void aRecordThatBecomesNewerInBetweenStaysAsItIs() throws Exception {
    groups.create(OLD, "Standard_V2");
    OnlineStore store = groups.store();
    Targets.write(store, OLD, Targets.run(), Targets.records(1, NOON));
    WriteStrategy strategy = store.plan(NEW);
    store.prepare(NEW);
    groups.emulator().faults("{\"operation\":\"UpdateRecord\",\"down\":true,\"forMillis\":1500}");
    long[] stale = {0};
    try (RecordWriter writer = store.open(NEW, Targets.run(StaleCheck.NONE, strategy))) {
      Thread other =
          new Thread(
              () -> {
                EmulatedGroups.sleep(700);
                Targets.write(
                    groups.store(),
                    NEW,
                    Targets.run(),
                    List.of(OnlineRecord.of("k0", NOON.plusSeconds(9), 9, true, null)));
              });
      other.start();
      writer.write(migrated(0, 1), o -> stale[0] += o.stale());
      writer.commit();
      other.join();
    }

    assertThat(stale[0]).isEqualTo(1);
    assertThat(Targets.read(store, NEW, List.of("k0")))
        .containsExactly(OnlineRecord.of("k0", NOON.plusSeconds(9), 9, true, null));
  }

  @Test
  void moreFeaturesThanACallTakesGoInSeveral() {
    groups.create(OLD, "InMemory");
    List<String> features = new ArrayList<>(List.of("delay", "int"));
    List<Object> values = new ArrayList<>(List.of("k0", NOON, 0));
    for (int i = 0; i < 250; i++) {
      features.addAll(List.of("f" + i, "int"));
      values.add(i);
    }
    VersionedGroup wide = Targets.of(features.toArray(String[]::new));
    OnlineStore store = groups.store();
    Targets.write(store, OLD, Targets.run(), Targets.records(1, NOON));
    WriteStrategy strategy = store.plan(wide);
    store.prepare(wide);

    WriteOutcome outcome =
        Targets.write(
            store, wide, Targets.run(StaleCheck.NONE, strategy), List.of(new OnlineRecord(values)));

    assertThat(outcome.written()).isEqualTo(1);
    assertThat(groups.calls("UpdateRecord")).hasSize(3);
    assertThat(Targets.read(store, wide, List.of("k0"))).containsExactly(new OnlineRecord(values));
  }

  @Test
  void whereItIsNotPossibleMissingFeaturesAreRefusedWithTheReason() {
    groups.create(OLD, "Standard");

    assertThat(refusal(groups.store()))
        .contains("late (boolean) is missing", "scores (array) is missing", "Standard");

    groups.emulator().reset();
    groups.create(OLD, "Standard_V2");
    assertThat(refusal(groups.store("in-place", "never"))).contains("in-place = never");
    assertThat(groups.features("flights")).hasSize(3);
  }

  @Test
  void everyDifferenceIsToldAtOnce() {
    VersionedGroup there = Targets.of("delay", "string", "extra", "int", "total", "double");
    groups.create("flights", there, "Standard_V2", Map.of("at", "Fractional"));
    VersionedGroup wanted = Targets.of("delay", "int", "total", "bigint", "new", "int");

    FsMigrateException failure =
        catchThrowableOfType(
            FsMigrateException.class,
            () -> groups.store("target-stores", "online,offline").check(wanted, false));

    assertThat(failure.code()).isEqualTo("STORE_SCHEMA_DIFFERS");
    assertThat(failure)
        .hasMessageContaining("readers of the group would lose extra")
        .hasMessageContaining("total: values of a bigint would be lost in a Fractional")
        .hasMessageContaining("new (int) is missing")
        .hasMessageContaining("has no offline store");
  }

  private String refusal(OnlineStore store) {
    return catchThrowableOfType(FsMigrateException.class, () -> store.prepare(NEW)).getMessage();
  }
}
