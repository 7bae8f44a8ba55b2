package io.fsmigrate.jobs;

/**
 * Why a command failed, as people and machines are told.
 *
 * @param code a stable name in UPPER_SNAKE_CASE
 * @param message one to three lines: what, why, what to do next
 * @param exitCode what the process returns
 */
record Failure(String code, String message, int exitCode) {
  /** Name and version of the JSON form. */
  static final String SCHEMA = "fs-migrate/error/1";
}
