package io.fsmigrate.emulator.record;

/** Takes rows for offline stores. */
@FunctionalInterface
public interface OfflineSink {
  /**
   * Takes a row.
   *
   * @param deleted whether it marks a deletion
   * @param invoked when the call came, in microseconds since 1970
   */
  void append(FeatureGroup group, byte[] record, boolean deleted, long invoked);
}
