package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.VersionedGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store's pointer does, and what a place per version means. */
abstract class ServingPointerContract {
  static final VersionedGroup FIRST = OnlineTargets.of("delay", "int");
  static final VersionedGroup SECOND = OnlineTargets.of("2.0.0", "minutes", "int");
  static final VersionedGroup ADDED =
      OnlineTargets.of("2.0.0", "delay", "int", "gate", "string", "size", "bigint");
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

  /** A store of that definition, the same at each call. */
  abstract OnlineStoreDefinition definition();

  final OnlineStore store() {
    return OnlineStores.of(definition());
  }

  final ServingPointer pointer() {
    return store().pointer().orElseThrow();
  }

  final Served served(VersionedGroup target, String by) {
    return new Served(
        target.group(), target.version(), target.version(), store().place(target), NOON, by);
  }

  static WriteOutcome write(OnlineStore store, VersionedGroup target, OnlineRecord... records) {
    store.check(target, false);
    store.prepare(target);
    try (RecordWriter writer = store.open(target, OnlineTargets.CONTEXT)) {
      WriteOutcome outcome = OnlineTargets.write(writer, List.of(records));
      writer.commit();
      return outcome;
    }
  }

  static List<OnlineRecord> read(OnlineStore store, VersionedGroup target, Object id) {
    List<OnlineRecord> records = new ArrayList<>();
    store.read(target, List.of(id), records::add);
    return records;
  }

  final void writeBoth() {
    write(store(), FIRST, OnlineRecord.of("a", NOON, 1));
    write(store(), SECOND, OnlineRecord.of("a", NOON, 2));
  }

  @Test
  void aPointerThatWasNeverSetIsNone() {
    assertThat(pointer().read("flights")).isEmpty();
    pointer().check("flights", store().place(FIRST));
    assertThat(store().hasRecords(FIRST)).isFalse();
    assertThat(pointer().read("flights")).isEmpty();
  }

  @Test
  void versionsLieSideBySide() {
    writeBoth();

    assertThat(store().place(FIRST)).isNotEqualTo(store().place(SECOND));
    assertThat(read(store(), FIRST, "a")).containsExactly(OnlineRecord.of("a", NOON, 1));
    assertThat(read(store(), SECOND, "a")).containsExactly(OnlineRecord.of("a", NOON, 2));
    assertThat(store().hasRecords(FIRST)).isTrue();
    store().clear(SECOND);
    assertThat(store().hasRecords(SECOND)).isFalse();
    assertThat(store().hasRecords(FIRST)).isTrue();
  }

  @Test
  void movesFromWhatIsExpectedAndFromNothingElse() {
    writeBoth();
    Served first = served(FIRST, "ada");
    Served second = served(SECOND, "a \"quoted\" name, Zoë");

    assertThat(pointer().move(second, Optional.of(first))).isFalse();
    assertThat(pointer().read("flights")).isEmpty();
    assertThat(pointer().move(first, Optional.empty())).isTrue();
    assertThat(pointer().read("flights")).contains(first);
    assertThat(pointer().read("others")).isEmpty();
    // As where the answer to the first try was lost.
    assertThat(pointer().move(first, Optional.empty())).isTrue();
    assertThat(pointer().move(second, Optional.empty())).isFalse();
    assertThat(pointer().move(second, Optional.of(served(FIRST, "eve")))).isFalse();
    pointer().check("flights", second.place());
    assertThat(pointer().move(second, Optional.of(first))).isTrue();
    assertThat(pointer().read("flights")).contains(second);
    assertThat(pointer().move(first, Optional.of(second))).isTrue();
    assertThat(pointer().read("flights")).contains(first);
  }

  @Test
  void ofSeveralThatMoveItAtOnceOneDoes() throws Exception {
    writeBoth();
    for (Optional<Served> from :
        List.of(Optional.<Served>empty(), Optional.of(served(FIRST, "winner")))) {
      List<Served> wanted = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        wanted.add(served(i % 2 == 0 ? SECOND : FIRST, "mover " + i));
      }
      List<Served> moved = together(wanted, from);

      assertThat(moved).hasSize(1);
      assertThat(pointer().read("flights")).contains(moved.get(0));
      assertThat(pointer().move(served(FIRST, "winner"), Optional.of(moved.get(0)))).isTrue();
    }
  }

  private List<Served> together(List<Served> wanted, Optional<Served> from) throws Exception {
    ExecutorService movers = Executors.newFixedThreadPool(wanted.size());
    try {
      CountDownLatch ready = new CountDownLatch(wanted.size());
      List<Future<Boolean>> results = new ArrayList<>();
      for (Served served : wanted) {
        results.add(
            movers.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return pointer().move(served, from);
                }));
      }
      List<Served> moved = new ArrayList<>();
      for (int i = 0; i < wanted.size(); i++) {
        if (results.get(i).get()) {
          moved.add(wanted.get(i));
        }
      }
      return moved;
    } finally {
      movers.shutdownNow();
    }
  }

  @Test
  void inPlaceARecordThatOnlyGainsFeaturesWins() {
    write(
        store(),
        FIRST,
        OnlineRecord.of("a", NOON, 1),
        OnlineRecord.of("b", NOON.plusSeconds(5), 7));
    OnlineStore inPlace = OnlineStores.of(definition().inPlaceOf(FIRST.version()));

    WriteOutcome outcome =
        write(
            inPlace,
            ADDED,
            OnlineRecord.of("a", NOON, 1, "G7", 3L),
            OnlineRecord.of("b", NOON, 6, "G8", null),
            OnlineRecord.of("c", NOON, 2, null, null));

    assertThat(inPlace.place(ADDED)).isEqualTo(store().place(FIRST));
    assertThat(outcome.written()).isEqualTo(2);
    assertThat(outcome.stale()).isEqualTo(1);
    assertThat(read(inPlace, ADDED, "a")).containsExactly(OnlineRecord.of("a", NOON, 1, "G7", 3L));
    assertThat(read(inPlace, ADDED, "b"))
        .containsExactly(OnlineRecord.of("b", NOON.plusSeconds(5), 7, null, null));
    assertThat(store().hasRecords(ADDED)).isFalse();
    // Preparing it again changes nothing.
    assertThat(write(inPlace, ADDED, OnlineRecord.of("a", NOON, 1, "G7", 3L)).written()).isOne();
  }
}
