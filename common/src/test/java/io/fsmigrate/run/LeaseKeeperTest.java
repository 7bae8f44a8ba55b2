package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseKeeperTest {
  private static final String KEY = "lock/main:visits";

  @TempDir Path dir;

  private StateTable table() {
    return new StateTable(dir + "/_fs_migrate/runs", new Configuration(), Clock.systemUTC());
  }

  private Ledger ledger() {
    return new Ledger(dir.toString(), new Configuration(), Clock.systemUTC());
  }

  private void takeAway() {
    StateTable table = table();
    while (table.find(KEY).isPresent()) {
      try {
        table.commit(StateChange.builder().remove(KEY, table.find(KEY).get()).build());
      } catch (io.fsmigrate.state.StateConflictException e) {
        // It was renewed in between.
        continue;
      }
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(10);
    }
  }

  @Test
  void itRenewsTheLockAndTellsTheRunsProgress() throws InterruptedException {
    Ledger ledger = ledger();
    RunRecord run = ledger.start("migrate", "a", "main:visits", "f", "test");
    TargetLock lock = ledger.lock("main", "visits", Duration.ofMillis(300));
    RunTally tally = new RunTally(run, Clock.systemUTC());
    tally.underWay("offline", () -> Map.of("read", 42L));
    try (LeaseKeeper lease = new LeaseKeeper(lock, lock.take(run.id()).lock(), tally, () -> {})) {
      lease.start();

      await(() -> lease.held().beats() >= 3);
      assertThat(ledger().find(run.id()).orElseThrow().counters())
          .isEqualTo(Map.of("offline.read", 42L));
      assertThatCode(lease::confirm).doesNotThrowAnyException();
    }
    assertThatCode(() -> lock.verify(run.id())).doesNotThrowAnyException();
  }

  @Test
  void aHolderWhoseLockIsTakenStops() throws InterruptedException {
    Ledger ledger = ledger();
    RunRecord run = ledger.start("migrate", "a", "main:visits", "f", "test");
    TargetLock lock = ledger.lock("main", "visits", Duration.ofMinutes(10));
    CountDownLatch stopped = new CountDownLatch(1);
    try (LeaseKeeper lease =
        new LeaseKeeper(
            lock,
            lock.take(run.id()).lock(),
            new RunTally(run, Clock.systemUTC()),
            stopped::countDown)) {
      takeAway();
      assertThatCode(lease::require).doesNotThrowAnyException();

      assertThatThrownBy(lease::confirm)
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("LOCK_LOST"));
      assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(lease::require).hasMessageContaining("does not hold its lock any more");
      assertThat(lease.loss()).isPresent();
    }
  }

  @Test
  void aHolderThatCannotRenewForALeaseStops() throws Exception {
    try (LeaseKeeper lease = Leases.of(dir.toString(), Duration.ofMillis(300))) {
      tearLedger();
      lease.start();

      await(() -> lease.loss().isPresent());
      FsMigrateException loss = lease.loss().orElseThrow();
      assertThat(loss.code()).isEqualTo("LEASE_RAN_OUT");
      assertThat(loss.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(loss).hasMessageContaining("--resume-from " + lease.held().run());
    }
  }

  /** The log's next commit is torn, so that nobody can read or write the table any more. */
  private void tearLedger() throws IOException {
    Path log = dir.resolve("_fs_migrate/runs/_delta_log");
    int next = 0;
    while (Files.exists(log.resolve("%020d.json".formatted(next)))) {
      next++;
    }
    // At once: a file that is still empty is a commit of nothing.
    Path torn = Files.writeString(dir.resolve("torn.json"), "{\"commitInfo\":{\"time");
    Files.move(torn, log.resolve("%020d.json".formatted(next)));
  }

  @Test
  void aWatchSeesThatTheLockIsAnothers() throws InterruptedException {
    LeaseKeeper lease = Leases.of(dir.toString(), Duration.ofSeconds(5));
    LeaseTicket ticket = Leases.ticket(dir.toString(), lease);
    try (var watch = LeaseWatch.of(ticket);
        var same = LeaseWatch.of(ticket)) {
      assertThat(same.value()).isSameAs(watch.value());
      assertThatCode(watch.value()::require).doesNotThrowAnyException();

      takeAway();

      await(
          () -> {
            try {
              watch.value().require();
              return false;
            } catch (FsMigrateException e) {
              return e.code().equals("LOCK_LOST");
            }
          });
    }
  }

  @Test
  void aWatchThatCannotLookForALeaseLetsNothingThrough() throws Exception {
    LeaseKeeper lease = Leases.of(dir.toString(), Duration.ofMillis(300));
    try (var watch = LeaseWatch.of(Leases.ticket(dir.toString(), lease))) {
      tearLedger();

      await(
          () -> {
            try {
              watch.value().require();
              return false;
            } catch (FsMigrateException e) {
              return e.code().equals("LEASE_RAN_OUT");
            }
          });
    }
  }

  @Test
  void aTicketSurvivesTheWayToATask() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set("fs.custom.key", "value");
    LeaseKeeper lease = Leases.of(dir.toString());
    LeaseTicket ticket =
        new LeaseTicket(dir.toString(), "main", "visits", lease.held(), configuration);
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (java.io.ObjectOutputStream out = new java.io.ObjectOutputStream(bytes)) {
      out.writeObject(ticket);
    }

    LeaseTicket there;
    try (java.io.ObjectInputStream in =
        new java.io.ObjectInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray()))) {
      there = (LeaseTicket) in.readObject();
    }

    assertThat(there.key()).isEqualTo(ticket.key());
    assertThat(there.lease()).isEqualTo(Duration.ofMinutes(10));
    assertThat(there.configuration().get("fs.custom.key")).isEqualTo("value");
  }
}
