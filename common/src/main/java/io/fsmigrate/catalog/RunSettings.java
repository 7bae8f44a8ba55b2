package io.fsmigrate.catalog;

import java.util.Optional;

/**
 * How a run works; the keys and defaults are those of section {@code run} in reference.conf.
 *
 * @param batchSize records handed to an online store's writer at once
 * @param maxWorkers store calls in flight for the whole run
 * @param maxFailures failed records above which the run stops
 * @param unitBytes size of the input of one unit, in bytes
 * @param minUnits units that a run is split into even where they are smaller
 * @param groupBytes bytes of input whose units are published in one commit
 * @param concurrentGroups groups of units at work at once
 * @param onlineBucketRows records of one online unit
 * @param tableRetentionDays days for which a table keeps removed files and its log
 * @param progressIntervalSeconds seconds between two lines of progress away from a terminal
 * @param leaseSeconds seconds for which a run that cannot renew its lock goes on writing at most
 * @param failedRecordsKey seals what failed records hide; empty where nothing is kept of it
 */
public record RunSettings(
    int batchSize,
    int maxWorkers,
    MaxFailures maxFailures,
    long unitBytes,
    int minUnits,
    long groupBytes,
    int concurrentGroups,
    long onlineBucketRows,
    int tableRetentionDays,
    int progressIntervalSeconds,
    int leaseSeconds,
    Optional<SealKey> failedRecordsKey) {
  /** Without a key. */
  public RunSettings(
      int batchSize,
      int maxWorkers,
      MaxFailures maxFailures,
      long unitBytes,
      int minUnits,
      long groupBytes,
      int concurrentGroups,
      long onlineBucketRows,
      int tableRetentionDays,
      int progressIntervalSeconds,
      int leaseSeconds) {
    this(
        batchSize,
        maxWorkers,
        maxFailures,
        unitBytes,
        minUnits,
        groupBytes,
        concurrentGroups,
        onlineBucketRows,
        tableRetentionDays,
        progressIntervalSeconds,
        leaseSeconds,
        Optional.empty());
  }
}
