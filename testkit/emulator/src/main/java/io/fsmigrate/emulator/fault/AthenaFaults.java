package io.fsmigrate.emulator.fault;

/**
 * What goes wrong with queries.
 *
 * @param failNextQuery why the next query fails, or null
 * @param cancelNextQuery whether the next query is cancelled by the service
 * @param queryDelayMillis how long every query is RUNNING at least
 * @param halfUnload whether the next UNLOAD fails after half of its files
 */
public record AthenaFaults(
    String failNextQuery, Boolean cancelNextQuery, Long queryDelayMillis, Boolean halfUnload) {
  /** Nothing. */
  public static final AthenaFaults NONE = new AthenaFaults(null, null, null, null);

  /** How long every query is RUNNING at least, in milliseconds. */
  public long delay() {
    return queryDelayMillis == null ? 0 : queryDelayMillis;
  }
}
