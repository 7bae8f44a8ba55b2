package io.fsmigrate.jobs;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.run.RunOptions;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How records are handed to stores. */
final class WriterTuning {
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
    return over(settings, settings.maxFailures());
  }

  /** The same with a limit of failures. */
  RunOptions over(RunSettings settings, MaxFailures maxFailures) {
    return new RunOptions(
        positive("--batch-size", batchSize.orElse(settings.batchSize())),
        positive("--max-workers", maxWorkers.orElse(settings.maxWorkers())),
        maxFailures);
  }

  private int positive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          command.commandLine(), "%s %d: at least 1 is needed".formatted(option, value));
    }
    return value;
  }
}
