package io.fsmigrate.state;

import java.util.Optional;

/** A key did not hold what the writer expected; nothing of the change was written. */
public final class StateConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final transient Optional<String> expected;
  private final transient Optional<String> actual;

  StateConflictException(
      String table, String key, Optional<String> expected, Optional<String> actual) {
    super(
        "%s: %s is %s, expected %s"
            .formatted(table, key, actual.orElse("absent"), expected.orElse("absent")));
    this.key = key;
    this.expected = expected;
    this.actual = actual;
  }

  /** The first key that did not match, in the order of the change. */
  public String key() {
    return key;
  }

  /** What the writer expected; empty for absent. */
  public Optional<String> expected() {
    return expected;
  }

  /** What the table holds; empty for absent. */
  public Optional<String> actual() {
    return actual;
  }
}
