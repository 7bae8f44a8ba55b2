package io.fsmigrate.online.restraint;

/**
 * What a gate may start of the cluster's rate limit. It is asked for one call at a time, under the
 * gate's lock.
 */
interface Budget {
  /** Where there is no rate limit. */
  Budget UNLIMITED = (cost, now) -> 0;

  /**
   * Takes the cost of one call, for a start at once.
   *
   * @return 0 where it may start; otherwise after how many nanoseconds to ask again
   */
  long take(double cost, long now);

  /** Gives back what was not used, because nobody asks any more. */
  default void rest() {}
}
