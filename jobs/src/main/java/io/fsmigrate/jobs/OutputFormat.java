package io.fsmigrate.jobs;

import java.util.Locale;

/** How a command writes its result. */
enum OutputFormat {
  /** Lines for people on standard output. */
  TEXT,
  /** Exactly one JSON document on standard output; everything else on standard error. */
  JSON;

  /** The name as it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
