package io.fsmigrate.benchmarks;

import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunState;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** A warehouse in which many runs have been. */
final class ExampleLedger {
  private static final int RUNS_PER_COMMIT = 200;

  private ExampleLedger() {}

  static void generate(Path warehouse, int runs) {
    Configuration hadoop = new Configuration();
    Ledger ledger = new Ledger(warehouse.toString(), hadoop, Clock.systemUTC());
    RunRecord first =
        ledger.start("migrate", "parquet:/in/a", "main:a@1.0.0", "0".repeat(64), "benchmark");
    ledger.update(
        first
            .withProgress(
                Map.of("offline.read", 3_000_000L, "offline.accepted", 2_999_966L),
                Map.of("offline", 56_789L, "online", 9_876L))
            .ended(RunState.FINISHED, first.startedAt(), Optional.empty(), 0));
    RunRecord sample = ledger.find(first.id()).orElseThrow();
    StateTable table = new StateTable(warehouse + "/_fs_migrate/runs", hadoop, Clock.systemUTC());
    Json json = new Json();
    for (int from = 1; from < runs; from += RUNS_PER_COMMIT) {
      StateChange.Builder change = StateChange.builder();
      for (int i = from; i < Math.min(runs, from + RUNS_PER_COMMIT); i++) {
        RunRecord run = named(sample, "20270101T%06dZ-abcdef".formatted(i));
        change.create("run/" + run.id(), json.compact(run));
      }
      table.commit(change.build());
    }
  }

  private static RunRecord named(RunRecord run, String id) {
    return new RunRecord(
        id,
        run.state(),
        run.command(),
        run.source(),
        run.target(),
        run.fingerprint(),
        run.startedAt(),
        run.endedAt(),
        run.owner(),
        run.programVersion(),
        run.counters(),
        run.timingsMillis(),
        run.message(),
        run.exitCode());
  }
}
