package io.fsmigrate.emulator.offline;

/**
 * A row of an offline store.
 *
 * @param deleted whether it marks a deletion
 * @param invoked when the call came, in microseconds since 1970
 */
// An array, which the online store shares.
@SuppressWarnings("ArrayRecordComponent")
record OfflineRow(byte[] record, boolean deleted, long invoked) {}
