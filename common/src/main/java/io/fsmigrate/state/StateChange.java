package io.fsmigrate.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One commit: what keys must hold before, what they hold after, and rows to add. It is applied as a
 * whole or not at all.
 *
 * @param expected the value that each key must hold for the change to apply; empty for absent.
 *     Every changed key is in it; a key may be in it without being changed.
 * @param changes the new value of each changed key; empty removes it
 * @param rows the rows to add
 */
public record StateChange(
    Map<String, Optional<String>> expected,
    Map<String, Optional<String>> changes,
    List<StateRow> rows) {
  public StateChange {
    expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    rows = List.copyOf(rows);
    if (!expected.keySet().containsAll(changes.keySet())) {
      throw new IllegalArgumentException("Every changed key needs an expectation: " + changes);
    }
    if (changes.isEmpty() && rows.isEmpty()) {
      throw new IllegalArgumentException("Cannot commit a change that changes nothing");
    }
    for (String key : expected.keySet()) {
      // Kernel keeps names with this prefix for itself.
      if (key.isEmpty() || key.startsWith("delta.")) {
        throw new IllegalArgumentException("Cannot use key '" + key + "'");
      }
    }
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects a change; a key can be named once. */
  public static final class Builder {
    private final Map<String, Optional<String>> expected = new LinkedHashMap<>();
    private final Map<String, Optional<String>> changes = new LinkedHashMap<>();
    private final List<StateRow> rows = new ArrayList<>();

    private Builder() {}

    /** Sets a key that must be absent. */
    public Builder create(String key, String value) {
      return put(key, Optional.empty(), value);
    }

    /** Sets a key that must hold {@code expectedValue}, or be absent if that is empty. */
    public Builder put(String key, Optional<String> expectedValue, String value) {
      expect(key, expectedValue);
      changes.put(key, Optional.of(value));
      return this;
    }

    /** Removes a key that must hold {@code expectedValue}. */
    public Builder remove(String key, String expectedValue) {
      expect(key, Optional.of(expectedValue));
      changes.put(key, Optional.empty());
      return this;
    }

    /** Requires what a key holds without changing it. */
    public Builder expect(String key, Optional<String> expectedValue) {
      if (expected.put(key, expectedValue) != null) {
        throw new IllegalArgumentException("The key is in the change twice: " + key);
      }
      return this;
    }

    /** Adds a row. */
    public Builder append(StateRow row) {
      rows.add(row);
      return this;
    }

    /** The change. */
    public StateChange build() {
      return new StateChange(expected, changes, rows);
    }
  }
}
