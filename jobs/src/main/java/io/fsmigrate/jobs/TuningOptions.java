package io.fsmigrate.jobs;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.run.RunOptions;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a run is carried out; the same words mean the same in every command that makes one. */
final class TuningOptions {
  @Mixin private final WriterTuning writers = new WriterTuning();

  @Option(
      names = "--max-failures",
      paramLabel = "N|P%",
      description = "Stop when more records fail (default: run.max-failures, 1%% of the rows).")
  private Optional<String> maxFailures = Optional.empty();

  /** What is given here, and the configuration's for the rest. */
  RunOptions over(RunSettings settings) {
    return writers.over(
        settings, maxFailures.map(MaxFailures::parse).orElse(settings.maxFailures()));
  }
}
