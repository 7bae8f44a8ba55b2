package io.fsmigrate.run;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Which units of a run are done for which store, and what was counted. Units that were written in
 * one commit are counted together, at the first of them. It lies in a table of the run, so that the
 * many commits of a long run do not weigh on others.
 */
public final class UnitProgress {
  private static final TypeReference<Map<String, Long>> COUNTERS = new TypeReference<>() {};

  private static final String OF_RUN = "run";
  private static final String FENCE = "fence";
  private static final String UNITS = "unit/";

  private final StateTable table;
  private final String run;
  private final long token;
  private final boolean records;
  private final Json json = new Json();

  /** Opens the progress of a run to look at it; nothing is read or written yet. */
  public UnitProgress(String warehouse, String runId, Configuration configuration, Clock clock) {
    this(warehouse, runId, configuration, clock, 0);
  }

  /**
   * Opens it for the holder of a lock.
   *
   * @param token of the lock; nothing can be recorded with a smaller one any more once {@link
   *     #take} was called with it
   */
  UnitProgress(
      String warehouse, String runId, Configuration configuration, Clock clock, long token) {
    this(
        new StateTable(
            "%s/_fs_migrate/run/%s/progress".formatted(warehouse, runId), configuration, clock),
        runId,
        token,
        true);
  }

  private UnitProgress(StateTable table, String run, long token, boolean records) {
    this.table = table;
    this.run = run;
    this.token = token;
    this.records = records;
  }

  /** The same, which forgets what it is told. */
  UnitProgress withoutRecording() {
    return new UnitProgress(table, run, token, false);
  }

  /**
   * Makes this progress the holder's: what an earlier one still wants to record is refused.
   *
   * @throws FsMigrateException PROGRESS_FOREIGN where it is that of another run, RUN_TAKEN_OVER
   *     where a later holder has taken it
   */
  void take() {
    while (true) {
      requireOwn();
      Optional<String> fence = requireNotTaken();
      StateChange.Builder change = StateChange.builder().put(FENCE, fence, Long.toString(token));
      change.put(OF_RUN, table.find(OF_RUN), run);
      try {
        table.commit(change.build());
        return;
      } catch (StateConflictException e) {
        continue;
      }
    }
  }

  private void requireOwn() {
    Optional<String> of = table.find(OF_RUN);
    boolean unmarked = of.isEmpty() && !table.all(UNITS).isEmpty();
    if (unmarked || of.filter(run::equals).isEmpty() && of.isPresent()) {
      throw LedgerErrors.foreignProgress(table.path(), run, of.orElse("an unknown run"));
    }
  }

  private Optional<String> requireNotTaken() {
    Optional<String> fence = table.find(FENCE);
    if (fence.map(Long::parseLong).orElse(0L) > token) {
      throw LedgerErrors.overtaken(table.path(), run);
    }
    return fence;
  }

  /** The units that are done for a store, in the order of their names, with their counters. */
  public Map<String, Map<String, Long>> done(String store) {
    String prefix = prefix(store);
    Map<String, Map<String, Long>> units = new LinkedHashMap<>();
    table
        .all(prefix)
        .forEach(
            (key, text) ->
                units.put(
                    URLDecoder.decode(key.substring(prefix.length()), StandardCharsets.UTF_8),
                    json.read(table.path() + " " + key, text, COUNTERS)));
    return units;
  }

  /**
   * Writes in one commit that these units are done; a unit done again replaces its counts.
   *
   * @throws FsMigrateException RUN_TAKEN_OVER where a later holder has taken the run
   */
  public void record(String store, Map<String, Map<String, Long>> units) {
    boolean written = units.isEmpty() || !records;
    while (!written) {
      Map<String, String> stored = table.all(prefix(store));
      Optional<String> fence = requireNotTaken();
      StateChange.Builder change = StateChange.builder().expect(FENCE, fence);
      units.forEach(
          (unit, counters) -> {
            String key = prefix(store) + encode(unit);
            change.put(key, Optional.ofNullable(stored.get(key)), json.compact(counters));
          });
      try {
        table.commit(change.build());
        written = true;
      } catch (StateConflictException e) {
        // Another process was here in the meantime; the next round tells whether it is the holder.
        continue;
      }
    }
  }

  private static String prefix(String store) {
    return UNITS + encode(store) + "/";
  }

  /** A slash in a name must not end it. */
  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
