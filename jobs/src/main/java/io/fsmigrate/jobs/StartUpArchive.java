package io.fsmigrate.jobs;

import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunState;
import io.fsmigrate.state.StateOptions;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Loads what commands without Spark load, so that a JVM that is told to archive its classes at its
 * end makes an archive from which they start fast. Started by the start script, in a directory that
 * is thrown away.
 */
public final class StartUpArchive {
  private StartUpArchive() {}

  /** Works in the directory given, which must be empty. */
  public static void main(String[] args) {
    String warehouse = args[0] + "/warehouse";
    ledger(warehouse);
    for (List<String> command :
        List.of(
            List.of("branch", "create", "feature/archive"),
            List.of("branch", "list"),
            List.of("branch", "show", "feature/archive"),
            List.of("runs", "list"),
            List.of("--output=json", "runs", "show", "latest"),
            List.of("migrations", "list"),
            List.of("catalog", "check"))) {
      run(warehouse, command);
    }
  }

  /** Long enough to be read from a checkpoint. */
  private static void ledger(String warehouse) {
    Ledger ledger = new Ledger(warehouse, new Configuration(), Clock.systemUTC());
    for (int i = 0; i <= StateOptions.DEFAULTS.checkpointInterval() / 2; i++) {
      RunRecord run = ledger.start("migrate", "parquet:/in", "main:a@1.0.0", "0", "archive");
      ledger.update(
          run.withProgress(Map.of("offline.read", 1L), Map.of("offline", 1L))
              .ended(RunState.FINISHED, Instant.now(), Optional.empty(), 0));
    }
  }

  private static void run(String warehouse, List<String> command) {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    String[] line = new String[command.size() + 2];
    line[0] = "--set";
    line[1] = "warehouse=" + warehouse;
    for (int i = 0; i < command.size(); i++) {
      line[i + 2] = command.get(i);
    }
    FsMigrate.run(nowhere, nowhere, line);
  }
}
