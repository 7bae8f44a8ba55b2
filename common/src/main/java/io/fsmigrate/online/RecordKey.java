package io.fsmigrate.online;

/**
 * What tells which of two records is newer.
 *
 * @param id the record identifier, in the Java type that {@link OnlineRecord} lists for it
 * @param eventTime likewise
 */
public record RecordKey(Object id, Object eventTime) {}
