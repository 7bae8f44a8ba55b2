package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.5Z");

  private final Configuration configuration = new Configuration();

  @TempDir Path warehouse;

  private Ledger at(Instant now) {
    return new Ledger(warehouse.toString(), configuration, Clock.fixed(now, ZoneOffset.UTC));
  }

  private static RunRecord start(Ledger ledger, String target) {
    return ledger.start("migrate", "main:flights@1.0.0", target, "f1", "0.1.0");
  }

  @Test
  void aRunIsWrittenWhenItStarts() {
    RunRecord run = start(at(NOON), "feature/x:flights@2.0.0");

    assertThat(run.id()).matches("20261121T120000Z-[0-9a-f]{6}");
    assertThat(run.state()).isEqualTo(RunState.RUNNING);
    assertThat(run.command()).isEqualTo("migrate");
    assertThat(run.source()).isEqualTo("main:flights@1.0.0");
    assertThat(run.target()).isEqualTo("feature/x:flights@2.0.0");
    assertThat(run.fingerprint()).isEqualTo("f1");
    assertThat(run.startedAt()).isEqualTo(NOON);
    assertThat(run.endedAt()).isEmpty();
    assertThat(run.owner()).isEqualTo(RunOwner.current());
    assertThat(run.owner().pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(run.programVersion()).isEqualTo("0.1.0");
    assertThat(at(NOON).find(run.id())).contains(run);
  }

  @Test
  void progressAndEndAreKept() {
    Ledger ledger = at(NOON);
    RunRecord run = start(ledger, "main:a");
    RunRecord progress = run.withProgress(Map.of("read", 7L), Map.of("plan", 120L));
    ledger.update(progress);
    assertThat(at(NOON).find(run.id())).contains(progress);

    RunRecord ended =
        progress.ended(
            RunState.FINISHED_WITH_FAILURES, NOON.plusSeconds(3), Optional.of("2 failed"), 3);
    ledger.update(ended);

    RunRecord found = at(NOON).find(run.id()).orElseThrow();
    assertThat(found).isEqualTo(ended);
    assertThat(found.counters()).isEqualTo(Map.of("read", 7L));
    assertThat(found.timingsMillis()).isEqualTo(Map.of("plan", 120L));
    assertThat(found.message()).contains("2 failed");
    assertThat(found.exitCode()).contains(3);
    assertThat(found.endedAt()).contains(NOON.plusSeconds(3));
  }

  @Test
  void aResumedRunIsTheProcessesThatResumedIt() {
    Ledger ledger = at(NOON);
    RunRecord run = start(ledger, "main:a").withProgress(Map.of("read", 7L), Map.of());
    ledger.update(run.ended(RunState.STOPPED, NOON, Optional.of("too many"), 7));

    RunRecord resumed = at(NOON.plusSeconds(60)).resume(run.id(), "0.2.0");

    assertThat(resumed.state()).isEqualTo(RunState.RUNNING);
    assertThat(resumed.counters()).isEqualTo(run.counters());
    assertThat(resumed.programVersion()).isEqualTo("0.2.0");
    assertThat(resumed.endedAt()).isEmpty();
    assertThat(resumed.message()).isEmpty();
    assertThat(resumed.exitCode()).isEmpty();
    assertThat(ledger.find(run.id())).contains(resumed);
  }

  @Test
  void aProcessWhoseRunWasTakenOverIsTold() {
    Ledger ledger = at(NOON);
    RunRecord run = start(ledger, "main:a");
    RunOwner former = new RunOwner("ann", "elsewhere", 1, Optional.empty());

    assertThatThrownBy(() -> ledger.update(run.resumed(former, "0.1.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("RUN_TAKEN_OVER");
              assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED);
            });
    assertThat(ledger.find(run.id())).contains(run);
  }

  @Test
  void unknownRunsAreErrorsThatSayWhereToLook() {
    Ledger ledger = at(NOON);
    RunRecord run = start(ledger, "main:a");

    assertThat(ledger.find("x")).isEmpty();
    for (Runnable use :
        List.<Runnable>of(() -> ledger.resume("x", "0.1.0"), () -> ledger.unlock("x", false))) {
      assertThatThrownBy(use::run)
          .isInstanceOfSatisfying(
              FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_RUN"))
          .hasMessage("x: no such run; fs-migrate runs list shows the runs there are");
    }
    assertThat(ledger.list(10)).containsExactly(run);
  }

  @Test
  void runsAreListedNewestFirstAlsoWhenTheClockIsSetBack() {
    RunRecord first = start(at(NOON), "main:a");
    RunRecord second = start(at(NOON), "main:b");
    RunRecord third = start(at(NOON.minus(Duration.ofDays(2))), "main:c");
    RunRecord fourth = start(at(NOON.plusSeconds(60)), "main:d");

    assertThat(at(NOON).list(10)).containsExactly(fourth, third, second, first);
    assertThat(at(NOON).list(2)).containsExactly(fourth, third);
    assertThat(third.id()).startsWith("20261121T120002Z-");
    assertThat(third.startedAt()).isEqualTo(NOON.minus(Duration.ofDays(2)));
    assertThat(fourth.id()).startsWith("20261121T120100Z-");
  }

  @Test
  void theNewestRunToATargetDecidesWhetherThereIsOneToResume() {
    Ledger ledger = at(NOON);
    assertThat(ledger.latestResumable("main:a")).isEmpty();
    RunRecord stopped = start(ledger, "main:a").ended(RunState.STOPPED, NOON, Optional.empty(), 7);
    ledger.update(stopped);
    start(ledger, "main:b");
    assertThat(ledger.latestResumable("main:a")).contains(stopped);

    RunRecord abandoned = start(ledger, "main:a");
    ledger.update(abandoned.ended(RunState.ABANDONED, NOON, Optional.empty(), 130));
    assertThat(ledger.latestResumable("main:a")).contains(stopped);

    ledger.update(start(ledger, "main:a").ended(RunState.FINISHED, NOON, Optional.empty(), 0));
    assertThat(ledger.latestResumable("main:a")).isEmpty();
  }

  @Test
  void tenThousandRunsAreListed() {
    RunRecord sample =
        start(at(NOON), "main:first")
            .withProgress(
                Map.of("read", 3_000_000L, "filtered", 12L, "failed", 34L, "accepted", 2_999_954L),
                Map.of("plan", 1_234L, "offline", 56_789L, "online", 9_876L));
    StateTable table =
        new StateTable(
            warehouse + "/_fs_migrate/runs",
            configuration,
            Clock.systemUTC(),
            new io.fsmigrate.state.StateOptions(5, 50, Duration.ofHours(1), 10));
    Json json = new Json();
    for (int commit = 0; commit < 5; commit++) {
      StateChange.Builder change = StateChange.builder();
      for (int i = 0; i < 2_000; i++) {
        RunRecord run = named(sample, commit * 2_000 + i);
        change.create("run/" + run.id(), json.compact(run));
      }
      table.commit(change.build());
    }
    assertThat(warehouse.resolve("_fs_migrate/runs/_delta_log/_last_checkpoint")).exists();

    Ledger ledger = at(NOON);
    long before = System.nanoTime();
    List<RunRecord> all = ledger.list(10_000);
    long between = System.nanoTime();
    List<RunRecord> page = at(NOON).list(50);
    long after = System.nanoTime();
    System.out.printf(
        "10,000 runs listed in %d ms, the newest 50 from a fresh ledger in %d ms%n",
        (between - before) / 1_000_000, (after - between) / 1_000_000);

    assertThat(all).hasSize(10_000);
    assertThat(all.get(0)).isEqualTo(named(sample, 9_999));
    assertThat(all.get(9_999)).isEqualTo(named(sample, 0));
    assertThat(page).isEqualTo(all.subList(0, 50));
  }

  private static RunRecord named(RunRecord sample, int number) {
    return new RunRecord(
        "20270101T%06dZ-abcdef".formatted(number),
        RunState.FINISHED,
        sample.command(),
        sample.source(),
        "main:group_%d".formatted(number % 100),
        "0123456789abcdef".repeat(4),
        NOON.plusSeconds(number),
        Optional.of(NOON.plusSeconds(number + 60)),
        sample.owner(),
        sample.programVersion(),
        sample.counters(),
        sample.timingsMillis(),
        Optional.of("finished"),
        Optional.of(0));
  }
}
