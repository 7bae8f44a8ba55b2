package io.fsmigrate.jobs;

import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.run.RunOptions;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How a retry is carried out: as other runs, but for a limit of failures. What it takes has failed
 * before, and may well do so again.
 */
final class RetryTuning {
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

  /** What is given here, and the configuration's for the rest. */
  RunOptions over(RunSettings settings) {
    return new RunOptions(
        positive("--batch-size", batchSize.orElse(settings.batchSize())),
        positive("--max-workers", maxWorkers.orElse(settings.maxWorkers())),
        settings.maxFailures());
  }

  private int positive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          command.commandLine(), "%s %d: at least 1 is needed".formatted(option, value));
    }
    return value;
  }
}
