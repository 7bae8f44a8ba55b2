package io.fsmigrate.jobs;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.run.RunOptions;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a run is carried out; the same words mean the same in every command that makes one. */
final class TuningOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Records handed to a store's writer at once (default: run.batch-size, 100).")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--max-workers",
      paramLabel = "N",
      description = {
        "Calls in flight to each online store, for the whole run (default: run.max-workers, 64)."
      })
  private Optional<Integer> maxWorkers = Optional.empty();

  @Option(
      names = "--max-failures",
      paramLabel = "N|P%",
      description = "Stop when more records fail (default: run.max-failures, 1%% of the rows).")
  private Optional<String> maxFailures = Optional.empty();

  /** What is given here, and the configuration's for the rest. */
  RunOptions over(RunSettings settings) {
    return new RunOptions(
        positive("--batch-size", batchSize.orElse(settings.batchSize())),
        positive("--max-workers", maxWorkers.orElse(settings.maxWorkers())),
        maxFailures.map(MaxFailures::parse).orElse(settings.maxFailures()));
  }

  private int positive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          command.commandLine(), "%s %d: at least 1 is needed".formatted(option, value));
    }
    return value;
  }
}
