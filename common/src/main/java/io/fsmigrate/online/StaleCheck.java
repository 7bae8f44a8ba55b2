package io.fsmigrate.online;

/**
 * Whether a store that does not tell stale records from written ones is asked before it is written
 * to. Stores that tell need no asking.
 */
public enum StaleCheck {
  /** Records count as submitted. */
  NONE,
  /** The same; a plan asks for one record in a hundred to predict how many are stale. */
  SAMPLE,
  /** Every record is looked up before it is written: records count as written or stale. */
  EXACT
}
