package io.fsmigrate.state;

import java.time.Duration;

/**
 * How a state table looks after its log.
 *
 * @param checkpointInterval commits from one checkpoint to the next
 * @param logSlack versions before the newest checkpoint whose log files are kept
 * @param minimumLogAge log files younger than this are kept, whatever their version
 * @param maximumAttempts attempts of one commit against other writers before it gives up
 */
public record StateOptions(
    int checkpointInterval, int logSlack, Duration minimumLogAge, int maximumAttempts) {
  /** What the program uses. */
  public static final StateOptions DEFAULTS = new StateOptions(25, 50, Duration.ofHours(1), 200);

  public StateOptions {
    if (checkpointInterval < 1 || logSlack < 0 || maximumAttempts < 1) {
      throw new IllegalArgumentException(
          "Cannot use checkpoint interval %d, slack %d, %d attempts: too small"
              .formatted(checkpointInterval, logSlack, maximumAttempts));
    }
  }
}
