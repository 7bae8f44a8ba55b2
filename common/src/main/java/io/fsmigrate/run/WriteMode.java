package io.fsmigrate.run;

/** What becomes of the rows that the target has already. */
public enum WriteMode {
  /** They stay; a row of the run that equals one of them in every feature is not added again. */
  APPEND,
  /** They go out of sight: the target holds the rows of this run only. */
  REPLACE
}
