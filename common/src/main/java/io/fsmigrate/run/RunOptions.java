package io.fsmigrate.run;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;

/**
 * How a run is carried out, as opposed to what it does: none of it changes the result.
 *
 * @param batchSize records handed to a store's writer at once
 * @param maxWorkers store calls in flight for the whole run
 * @param maxFailures failed records above which the run stops
 */
public record RunOptions(int batchSize, int maxWorkers, MaxFailures maxFailures) {
  /** What the configuration says. */
  public static RunOptions of(RunSettings settings) {
    return new RunOptions(settings.batchSize(), settings.maxWorkers(), settings.maxFailures());
  }
}
