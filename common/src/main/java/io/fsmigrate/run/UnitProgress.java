package io.fsmigrate.run;

import com.fasterxml.jackson.core.type.TypeReference;
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
import org.apache.hadoop.conf.Configuration;

/**
 * Which units of a run are done for which store, and what was counted. Units that were written in
 * one commit are counted together, at the first of them. It lies in a table of the run, so that the
 * many commits of a long run do not weigh on others.
 */
public final class UnitProgress {
  private static final TypeReference<Map<String, Long>> COUNTERS = new TypeReference<>() {};

  private final StateTable table;
  private final Json json = new Json();

  /** Opens the progress of a run; nothing is read or written yet. */
  public UnitProgress(String warehouse, String runId, Configuration configuration, Clock clock) {
    table =
        new StateTable(
            "%s/_fs_migrate/run/%s/progress".formatted(warehouse, runId), configuration, clock);
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

  /** Writes in one commit that these units are done; a unit done again replaces its counts. */
  public void record(String store, Map<String, Map<String, Long>> units) {
    boolean written = units.isEmpty();
    while (!written) {
      Map<String, String> stored = table.all(prefix(store));
      StateChange.Builder change = StateChange.builder();
      units.forEach(
          (unit, counters) -> {
            String key = prefix(store) + encode(unit);
            change.put(key, java.util.Optional.ofNullable(stored.get(key)), json.compact(counters));
          });
      try {
        table.commit(change.build());
        written = true;
      } catch (StateConflictException e) {
        // Another process did one of these units in the meantime; ours counts after it.
        continue;
      }
    }
  }

  private static String prefix(String store) {
    return "unit/" + encode(store) + "/";
  }

  /** A slash in a name must not end it. */
  private static String encode(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
