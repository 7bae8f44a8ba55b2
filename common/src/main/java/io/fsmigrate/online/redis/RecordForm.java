package io.fsmigrate.online.redis;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.UnwritableValueException;
import java.util.List;
import java.util.Optional;

/** What records of one target look like in Redis. Safe for many threads. */
interface RecordForm {
  /**
   * The record as a hash.
   *
   * @throws UnwritableValueException when Redis cannot hold it in this form
   */
  Entry encode(OnlineRecord record) throws UnwritableValueException;

  /** The key of the record with that identifier, which is not null. */
  byte[] key(Object id) throws UnwritableValueException;

  /** The fields of a record: the event time's first, then whichever a record may have. */
  List<byte[]> fields();

  /** Whether a key holds one record and nothing else. */
  boolean ownsKeys();

  /**
   * The record as it was before {@link #encode}; empty where the event time is absent, and with it
   * the record.
   *
   * @param values of {@link #fields}, null where there is none
   * @throws IllegalArgumentException when a value is none that {@link #encode} makes
   */
  Optional<OnlineRecord> decode(Object id, List<byte[]> values);

  /** The pattern of keys for SCAN; some that it finds may be of others. */
  byte[] pattern();

  /** Whether a key that the pattern finds is one of the target's. */
  boolean isKey(byte[] key);

  /** The scripts that compare its event times. */
  Scripts scripts();
}
