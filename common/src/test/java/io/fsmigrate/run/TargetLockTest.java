package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetLockTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String KEY = "lock/main:flights";

  @TempDir Path warehouse;

  private final Configuration configuration = new Configuration();
  private final Json json = new Json();
  private Process other;
  private Ledger ledger;
  private StateTable table;
  private TargetLock lock;

  @BeforeEach
  void open() throws IOException {
    // A real process that is not this one, to be alive and then gone.
    other = new ProcessBuilder("sleep", "600").start();
    ledger = ledger(NOON);
    table = new StateTable(warehouse + "/_fs_migrate/runs", configuration, Clock.systemUTC());
    lock = ledger.lock("main", "flights");
  }

  @AfterEach
  void endTheProcess() throws InterruptedException {
    other.destroyForcibly().waitFor();
  }

  private Ledger ledger(Instant now) {
    return new Ledger(warehouse.toString(), configuration, Clock.fixed(now, ZoneOffset.UTC));
  }

  private RunOwner living() {
    RunOwner self = RunOwner.current();
    return new RunOwner("ann", self.host(), other.pid(), other.info().startInstant());
  }

  private static RunOwner remote() {
    return new RunOwner("ann", "another-host", 17, Optional.of(NOON));
  }

  private String start() {
    return ledger.start("migrate", "a", "main:flights", "f", "0.1.0").id();
  }

  private void heldBy(String run, RunOwner owner) {
    table.commit(
        StateChange.builder()
            .put(KEY, table.find(KEY), json.compact(held(run, owner, NOON)))
            .build());
  }

  private void renewedAt(String run, RunOwner owner, Instant at) {
    table.commit(
        StateChange.builder()
            .put(KEY, table.find(KEY), json.compact(held(run, owner, at)))
            .build());
  }

  private static HeldLock held(String run, RunOwner owner, Instant renewedAt) {
    return new HeldLock(run, owner, NOON, 1, 4, renewedAt, 60_000);
  }

  /** A lock that is looked at some seconds after it was renewed, where waiting takes no time. */
  private TargetLock lockAt(Instant now, Runnable whileWaiting) {
    return new TargetLock(
        ledger(now),
        table,
        Clock.fixed(now, ZoneOffset.UTC),
        new SilenceProof(time -> whileWaiting.run()),
        Duration.ofMinutes(1),
        json,
        "main:flights");
  }

  private void owned(String run, RunOwner owner) {
    String key = "run/" + run;
    RunRecord record = ledger.find(run).orElseThrow();
    table.commit(
        StateChange.builder()
            .put(key, table.find(key), json.compact(record.resumed(owner, "0.1.0")))
            .build());
  }

  private void ended(String run, RunState state) {
    ledger.update(ledger.find(run).orElseThrow().ended(state, NOON, Optional.empty(), 0));
  }

  private HeldLock held() {
    return json.read("lock", table.find(KEY).orElseThrow(), HeldLock.class);
  }

  @Test
  void aLockIsTakenOnceAndGivenBack() {
    String run = start();
    lock.acquire(run);
    lock.acquire(run);

    assertThat(held()).isEqualTo(HeldLock.taken(run, NOON, 1, Duration.ofMinutes(1)));
    assertThatCode(() -> lock.verify(run)).doesNotThrowAnyException();
    lock.release(run);
    assertThat(table.find(KEY)).isEmpty();
    lock.release(run);
    assertThatThrownBy(() -> lock.verify(run))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("LOCK_LOST"));
  }

  @Test
  void otherTargetsAreNotDisturbed() {
    String first = start();
    String second = start();
    lock.acquire(first);
    ledger.lock("main", "ports").acquire(second);
    ledger.lock("feature/x", "flights").acquire(second);

    assertThat(table.all("lock/"))
        .containsOnlyKeys(KEY, "lock/main:ports", "lock/feature/x:flights");
  }

  @Test
  void aSecondRunIsRefusedWithOwnerRunAndAge() {
    String first = start();
    heldBy(first, living());
    String second = start();

    assertThatThrownBy(
            () -> {
              renewedAt(first, living(), NOON.plusSeconds(7_490));
              ledger(NOON.plusSeconds(7_500)).lock("main", "flights").acquire(second);
            })
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("TARGET_LOCKED");
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
            })
        .hasMessage(
            ("main:flights: run %s writes to it (ann, process %d on %s, for 2 h 5 min).\n"
                    + "Its process is at work: wait for it, or end it and resume the run")
                .formatted(first, other.pid(), RunOwner.current().host()));
    assertThat(held().run()).isEqualTo(first);
  }

  @Test
  void anotherRunIsRefusedAlsoWhenTheOwnerIsGone() throws InterruptedException {
    String first = start();
    heldBy(first, living());
    other.destroyForcibly().waitFor();

    assertThatThrownBy(() -> lock.acquire(start()))
        .hasMessageContaining("Its process is gone: resume it with --resume-from " + first)
        .hasMessageContaining("fs-migrate runs unlock " + first);
  }

  @Test
  void aRunTakesOverItsOwnLockAsSoonAsItsProcessIsGone() throws InterruptedException {
    String run = start();
    heldBy(run, living());
    assertThatThrownBy(() -> lock.acquire(run)).hasMessageContaining("at work");
    assertThatThrownBy(() -> lock.verify(run)).hasMessageContaining("does not hold its lock");

    other.destroyForcibly().waitFor();
    lock.acquire(run);
    assertThat(held().owner()).isEqualTo(RunOwner.current());
  }

  @Test
  void aLaterProcessOfTheSameNumberIsNotTheOwner() {
    String run = start();
    RunOwner earlier =
        new RunOwner(
            "ann", RunOwner.current().host(), other.pid(), Optional.of(NOON.minusSeconds(1)));
    heldBy(run, earlier);

    lock.acquire(run);
    assertThat(held().owner()).isEqualTo(RunOwner.current());
  }

  @Test
  void aLockFromAnotherHostStaysWhileItIsRenewed() {
    String run = start();
    heldBy(run, remote());
    assertThatThrownBy(() -> lock.acquire(run))
        .hasMessageContaining("another-host")
        .hasMessageContaining("It was renewed 0 s ago")
        .hasMessageContaining("found out after 1 min");

    ended(run, RunState.INTERRUPTED);
    lock.acquire(run);
    assertThat(held().owner()).isEqualTo(RunOwner.current());
  }

  @Test
  void aLockThatNobodyRenewsForALeaseIsTakenByItsRun() {
    String run = start();
    heldBy(run, remote());

    TargetLock.Taken taken = lockAt(NOON.plusSeconds(61), () -> {}).take(run);

    assertThat(taken.from()).contains(remote());
    assertThat(held()).isEqualTo(taken.lock());
    assertThat(taken.lock().owner()).isEqualTo(RunOwner.current());
  }

  @Test
  void anotherRunIsToldHowToTakeOverALockThatNobodyRenews() {
    String run = start();
    heldBy(run, remote());

    assertThatThrownBy(() -> lockAt(NOON.plusSeconds(300), () -> {}).take(start()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("TARGET_LOCKED"))
        .hasMessageContaining("It was not renewed for 5 min: resume it with --resume-from " + run)
        .hasMessageContaining("fs-migrate runs unlock " + run);
    assertThat(held().run()).isEqualTo(run);
  }

  @Test
  void aClockThatIsAheadTakesNoLockThatIsStillRenewed() {
    String run = start();
    heldBy(run, remote());
    TargetLock hoursAhead =
        lockAt(
            NOON.plusSeconds(7_200),
            () ->
                table.commit(
                    StateChange.builder()
                        .put(KEY, table.find(KEY), json.compact(held().renewed(NOON)))
                        .build()));

    assertThatThrownBy(() -> hoursAhead.take(run))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("TARGET_LOCKED"));
    assertThat(held().owner()).isEqualTo(remote());
  }

  @Test
  void aLockWhoseHoldersClockIsFarAheadCanBeTakenOnceItIsSilent() {
    String run = start();
    renewedAt(run, remote(), NOON.plusSeconds(86_400));

    assertThat(lockAt(NOON, () -> {}).take(run).from()).contains(remote());
  }

  @Test
  void everyLockHasALargerTokenThanAllBefore() {
    String first = start();
    lock.acquire(first);
    long token = held().token();
    lock.release(first);
    ledger.lock("main", "ports").acquire(first);
    lock.acquire(first);

    assertThat(held().token()).isGreaterThan(token + 1);
    assertThat(lock.isHeld(held().token())).isTrue();
    assertThat(lock.isHeld(token)).isFalse();
  }

  @Test
  void renewingTellsTheRunsProgressAndStopsWhenTheLockIsAnothers() {
    String run = start();
    HeldLock mine = lock.take(run).lock();

    HeldLock renewed =
        ledger(NOON.plusSeconds(20))
            .lock("main", "flights")
            .renew(mine, Map.of("offline.read", 7L), Map.of());

    assertThat(renewed.beats()).isEqualTo(1);
    assertThat(renewed.renewedAt()).isEqualTo(NOON.plusSeconds(20));
    assertThat(held()).isEqualTo(renewed);
    assertThat(ledger.find(run).orElseThrow().counters()).isEqualTo(Map.of("offline.read", 7L));
    ended(run, RunState.FINISHED);
    lock.renew(renewed, Map.of("offline.read", 8L), Map.of());
    assertThat(ledger.find(run).orElseThrow().counters()).isEqualTo(Map.of("offline.read", 7L));

    heldBy(run, remote());
    table.commit(
        StateChange.builder()
            .put(
                KEY,
                table.find(KEY),
                json.compact(new HeldLock(run, remote(), NOON, 99, 0, NOON, 60_000)))
            .build());
    assertThatThrownBy(() -> lock.renew(renewed, Map.of(), Map.of()))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("LOCK_LOST"));
  }

  @Test
  void theLockOfARunThatEndedHoldsNobodyUp() {
    String first = start();
    heldBy(first, living());
    ended(first, RunState.FINISHED);
    String second = start();

    lock.acquire(second);
    lock.release(first);
    assertThat(held().run()).isEqualTo(second);
  }

  @Test
  void aLockOfAnUnknownRunHolds() {
    heldBy("20200101T000000Z-000000", remote());

    assertThatThrownBy(() -> lock.acquire(start())).hasMessageContaining("20200101T000000Z-000000");
  }

  @Test
  void unlockingGivesUpARunWhoseProcessIsGone() throws InterruptedException {
    String run = start();
    heldBy(run, living());
    owned(run, living());
    assertThatThrownBy(() -> ledger.unlock(run, true))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("OWNER_ALIVE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
            });

    other.destroyForcibly().waitFor();
    Ledger.Unlocked unlocked = ledger.unlock(run, false);
    assertThat(unlocked.targets()).containsExactly("main:flights");
    assertThat(unlocked.owner().map(RunOwner::user)).contains("ann");
    assertThat(ledger.unlocked(run)).contains(unlocked);
    assertThat(table.find(KEY)).isEmpty();
    RunRecord record = ledger.find(run).orElseThrow();
    assertThat(record.state()).isEqualTo(RunState.ABANDONED);
    assertThat(record.endedAt()).contains(NOON);
    assertThat(record.message()).contains("unlocked by " + RunOwner.current().text());
    assertThat(ledger.unlock(run, false).targets()).isEmpty();
    assertThat(ledger.unlocked(run)).contains(unlocked);
    lock.acquire(start());
  }

  @Test
  void aRunOnAnotherHostIsUnlockedByForceOnly() {
    String run = start();
    heldBy(run, remote());
    owned(run, remote());
    assertThatThrownBy(() -> lock.unlock(false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("OWNER_UNKNOWN"));

    assertThat(lock.unlock(true)).containsExactly("main:flights");
    RunRecord given = ledger.find(run).orElseThrow();
    assertThat(given.state()).isEqualTo(RunState.ABANDONED);
    assertThat(lock.unlock(true)).isEmpty();
    assertThatThrownBy(
            () -> ledger.update(given.ended(RunState.FINISHED, NOON, Optional.empty(), 0)))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("RUN_TAKEN_OVER"));
  }

  @Test
  void aRunThatIsSilentForALeaseIsUnlockedWithoutForceUnlessItHangsOnThisHost() {
    String run = start();
    heldBy(run, remote());
    owned(run, remote());
    Instant later = NOON.plusSeconds(120);
    RunLocks locks =
        new RunLocks(
            ledger(later),
            table,
            Clock.fixed(later, ZoneOffset.UTC),
            new SilenceProof(time -> {}),
            json);

    assertThat(locks.unlock(run, false).targets()).containsExactly("main:flights");

    String hanging = start();
    heldBy(hanging, living());
    owned(hanging, living());
    assertThatThrownBy(() -> locks.unlock(hanging, false))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("OWNER_ALIVE"));
    Ledger.Unlocked unlocked = locks.unlock(hanging, true);
    assertThat(unlocked.targets()).containsExactly("main:flights");
    assertThat(unlocked.force()).isTrue();
  }

  @Test
  void unlockingLeavesTheStateOfAnEndedRun() {
    String run = start();
    heldBy(run, remote());
    ended(run, RunState.STOPPED);

    assertThat(ledger.unlock(run, true).targets()).containsExactly("main:flights");
    assertThat(ledger.find(run).orElseThrow().state()).isEqualTo(RunState.STOPPED);
  }
}
