package io.fsmigrate.error;

import java.util.Locale;

/**
 * An expected failure, worded for the person who has to act on it.
 *
 * <p>The message says what failed, why, and what to do next, in one to three lines, with the path
 * or name first and no secret in it. Each package builds its own through one factory class.
 */
public final class FsMigrateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String code;

  /**
   * @param exitCode what the process returns
   * @param code a stable machine-readable name in UPPER_SNAKE_CASE, part of the JSON output
   */
  public FsMigrateException(ExitCode exitCode, String code, String message, Throwable cause) {
    super(message, cause);
    if (!code.equals(code.toUpperCase(Locale.ROOT))) {
      throw new IllegalArgumentException("Error codes are upper case: " + code);
    }
    this.exitCode = exitCode;
    this.code = code;
  }

  /** The same without a cause. */
  public FsMigrateException(ExitCode exitCode, String code, String message) {
    this(exitCode, code, message, null);
  }

  /** What the process returns. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** A stable machine-readable name. */
  public String code() {
    return code;
  }
}
