package io.fsmigrate.online.restraint;

/** A gate's place among those that share its key's limits. */
interface Membership {
  /** The gate has work from now on. */
  void join(Gate gate);

  /** It has none any more; its part is free for others. */
  void leave(Gate gate);

  /**
   * How many calls this gate may have in flight now; 0 while it has to wait for its share. Called
   * under the gate's lock.
   *
   * @param inFlight how many it has
   * @throws io.fsmigrate.error.FsMigrateException when there will be none
   */
  int share(int inFlight, long now);

  /** What it may start of the rate limit; used under the gate's lock. */
  Budget budget();
}
