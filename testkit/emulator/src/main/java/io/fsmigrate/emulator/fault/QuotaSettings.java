package io.fsmigrate.emulator.fault;

import java.util.Map;

/**
 * Limits in any sliding second; what is null has none.
 *
 * @param callsPerSecond by operation
 * @param writeUnitsPerSecond of each feature group
 * @param readUnitsPerSecond of each feature group
 * @param writeUnitsPerIdentifier of each record identifier of each group
 * @param readUnitsPerIdentifier of each record identifier of each group
 */
public record QuotaSettings(
    Map<String, Double> callsPerSecond,
    Double writeUnitsPerSecond,
    Double readUnitsPerSecond,
    Double writeUnitsPerIdentifier,
    Double readUnitsPerIdentifier) {
  /** No limits. */
  public static final QuotaSettings NONE = new QuotaSettings(Map.of(), null, null, null, null);

  /** Limits as they were sent. */
  public QuotaSettings {
    callsPerSecond = callsPerSecond == null ? Map.of() : Map.copyOf(callsPerSecond);
  }
}
