package io.fsmigrate.verify;

import java.util.Locale;

/** What a row is when both sides have been looked at, and it is not the same on both. */
public enum RowVerdict {
  /** Expected, and not there. */
  MISSING,
  /** There, and not expected. */
  EXTRA,
  /** There with other values. */
  DIFFERENT;

  /** As tables, options and reports write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
