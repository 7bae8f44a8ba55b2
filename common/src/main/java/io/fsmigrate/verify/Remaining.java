package io.fsmigrate.verify;

/** Rows or records that are still not as they should be after a repair. */
public record Remaining(long missing, long different, long extra) {
  /** All of them. */
  public long total() {
    return missing + different + extra;
  }
}
