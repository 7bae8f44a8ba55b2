package io.fsmigrate.jobs;

import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What stores themselves know of who wrote which record when: SQLite by triggers that note every
 * write from a kill on, PostgreSQL by the transaction in each row.
 */
final class StoreAudit {
  private final Readings readings;
  private final Sandbox sandbox;
  private final String run;
  private final Map<String, Set<Integer>> done = new TreeMap<>();
  private final Map<String, String> transactions;
  private final boolean noted;

  private StoreAudit(Readings readings, Sandbox sandbox, String run) throws SQLException {
    this.readings = readings;
    this.sandbox = sandbox;
    this.run = run;
    for (String store : readings.stores()) {
      done.put(store, done(store));
    }
    this.transactions = readings.transactions(sandbox);
    this.noted = note();
  }

  /** Begins, while no process works on the run. */
  static StoreAudit begin(Readings readings, Sandbox sandbox, String run) throws SQLException {
    return new StoreAudit(readings, sandbox, run);
  }

  private Set<Integer> done(String store) {
    return sandbox.progress(run).done(store).keySet().stream()
        .map(unit -> Integer.valueOf(unit.substring(1)))
        .collect(Collectors.toSet());
  }

  private boolean note() throws SQLException {
    if (!Files.exists(sandbox.database())
        || sandbox.online("SELECT name FROM sqlite_master WHERE name = 'readings'").isEmpty()) {
      return false;
    }
    sandbox.changeOnline(
        "CREATE TABLE IF NOT EXISTS written_later (sensor TEXT)",
        "DELETE FROM written_later",
        "CREATE TRIGGER IF NOT EXISTS note_insert AFTER INSERT ON readings BEGIN"
            + " INSERT INTO written_later VALUES (new.sensor); END",
        "CREATE TRIGGER IF NOT EXISTS note_update AFTER UPDATE ON readings BEGIN"
            + " INSERT INTO written_later VALUES (new.sensor); END");
    return true;
  }

  /** Finished buckets when it began. */
  int finished() {
    return done.values().stream().mapToInt(Set::size).sum();
  }

  /**
   * Records of finished buckets that were written again since it began, and in SQLite records of
   * others that were not written exactly once; in words.
   *
   * @param buckets the bucket of each record
   * @param ended whether the run has ended since, and not been killed again
   */
  List<String> faults(Map<String, Integer> buckets, boolean ended) throws SQLException {
    List<String> faults = new ArrayList<>();
    Map<String, Long> writes = new TreeMap<>();
    if (noted) {
      sandbox
          .online("SELECT sensor FROM written_later")
          .forEach(row -> writes.merge(row.get(0).toString(), 1L, Long::sum));
    }
    buckets.forEach(
        (sensor, bucket) -> {
          boolean finished = done.get(readings.database()).contains(bucket);
          long times = writes.getOrDefault(sensor, 0L);
          if (noted && (finished ? times > 0 : ended && times != 1)) {
            faults.add(
                "%s: %s of bucket %d was written %d times"
                    .formatted(readings.database(), sensor, bucket, times));
          }
        });
    Map<String, String> now = readings.transactions(sandbox);
    transactions.forEach(
        (sensor, transaction) -> {
          if (done.get("served").contains(buckets.get(sensor))
              && !transaction.equals(now.get(sensor))) {
            faults.add("served: %s was written again".formatted(sensor));
          }
        });
    return faults.subList(0, Math.min(10, faults.size()));
  }
}
