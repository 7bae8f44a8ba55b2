package io.fsmigrate.online.restraint;

/**
 * One call in flight. Exactly one of these is called at its end, from any thread; the time from the
 * permission until then is the call's latency.
 *
 * <p>Each throws IllegalStateException when the call has ended already.
 */
public interface Permit {
  /** The store took the call. */
  void succeeded();

  /** The store asked for fewer calls; fewer will be in flight from now on. */
  void throttled();

  /** The call failed for another reason, which says nothing about how much the store bears. */
  void failed();
}
