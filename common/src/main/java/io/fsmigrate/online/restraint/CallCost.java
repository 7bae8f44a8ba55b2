package io.fsmigrate.online.restraint;

/**
 * What one call counts against a rate limit, beside being one call.
 *
 * @param records how many it carries
 * @param writeUnits what the store charges for them, 0 where it has no such unit
 */
public record CallCost(int records, int writeUnits) {
  /** Negative numbers are refused. */
  public CallCost {
    if (records < 0 || writeUnits < 0) {
      throw new IllegalArgumentException("A call of " + records + " records, " + writeUnits);
    }
  }
}
