package io.fsmigrate.state;

import io.delta.kernel.Snapshot;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a table holds at one version.
 *
 * @param snapshot empty while there is no table
 * @param rowFiles empty until somebody asked for rows
 */
record TableState(
    Optional<Snapshot> snapshot,
    NavigableMap<String, String> keys,
    Optional<List<RowFile>> rowFiles) {
  static final TableState ABSENT =
      new TableState(Optional.empty(), Collections.emptyNavigableMap(), Optional.of(List.of()));

  /** The version, or -1 while there is no table. */
  long version() {
    return snapshot.map(Snapshot::getVersion).orElse(-1L);
  }

  TableState withRowFiles(List<RowFile> files) {
    return new TableState(snapshot, keys, Optional.of(files));
  }

  /** The first key that does not hold what {@code change} expects. */
  Optional<String> unexpected(StateChange change) {
    return change.expected().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(Optional.ofNullable(keys.get(entry.getKey()))))
        .map(java.util.Map.Entry::getKey)
        .findFirst();
  }

  NavigableMap<String, String> keysAfter(StateChange change) {
    TreeMap<String, String> after = new TreeMap<>(keys);
    change
        .changes()
        .forEach(
            (key, value) ->
                value.ifPresentOrElse(text -> after.put(key, text), () -> after.remove(key)));
    return Collections.unmodifiableNavigableMap(after);
  }
}
