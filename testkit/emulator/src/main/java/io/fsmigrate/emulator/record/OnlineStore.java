package io.fsmigrate.emulator.record;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** The newest record of each identifier. */
public final class OnlineStore {
  private final Map<String, byte[]> records = new ConcurrentHashMap<>();
  private final EmulatorClock clock;

  OnlineStore(EmulatorClock clock) {
    this.clock = clock;
  }

  /**
   * Keeps a record if its event time is greater than that of the one that is there.
   *
   * @return whether it is now the newest; an equal event time keeps what is there
   */
  boolean put(String identifier, byte[] record) {
    while (true) {
      byte[] current = records.get(identifier);
      if (current == null) {
        if (records.putIfAbsent(identifier, record) == null) {
          return true;
        }
      } else if (!expired(current)
          && StoredRecord.eventTime(record) <= StoredRecord.eventTime(current)) {
        return false;
      } else if (records.replace(identifier, current, record)) {
        return true;
      }
    }
  }

  /** The record of an identifier, if it has neither expired nor been deleted. */
  Optional<byte[]> get(String identifier) {
    byte[] record = records.get(identifier);
    return record == null || expired(record) || StoredRecord.deleted(record)
        ? Optional.empty()
        : Optional.of(record);
  }

  /** The record of an identifier even if it was deleted softly. */
  Optional<byte[]> any(String identifier) {
    return Optional.ofNullable(records.get(identifier)).filter(record -> !expired(record));
  }

  /**
   * Changes a record that is there.
   *
   * @param change makes the new record of the old one; may run again when others write
   * @return the new record, or nothing when there is none to change
   */
  Optional<byte[]> update(String identifier, UnaryOperator<byte[]> change) {
    while (true) {
      Optional<byte[]> current = get(identifier);
      if (current.isEmpty()) {
        return current;
      }
      byte[] changed = change.apply(current.get());
      if (records.replace(identifier, current.get(), changed)) {
        return Optional.of(changed);
      }
    }
  }

  /**
   * Removes a record, or replaces it by what is left of it, if the event time is greater.
   *
   * @param left what is left, or null for nothing
   * @return whether the event time was greater, or there was no record
   */
  boolean delete(String identifier, long eventTime, byte[] left) {
    while (true) {
      byte[] current = records.get(identifier);
      if (current == null || expired(current)) {
        return true;
      }
      if (eventTime <= StoredRecord.eventTime(current)) {
        return false;
      }
      if (left == null
          ? records.remove(identifier, current)
          : records.replace(identifier, current, left)) {
        return true;
      }
    }
  }

  /** The identifiers now. */
  String[] identifiers() {
    return records.keySet().toArray(new String[0]);
  }

  /** Hands out every record that has neither expired nor been deleted. */
  public void forEach(BiConsumer<String, byte[]> consumer) {
    records.forEach(
        (identifier, record) -> {
          if (!expired(record) && !StoredRecord.deleted(record)) {
            consumer.accept(identifier, record);
          }
        });
  }

  /** Number of identifiers, with those that have expired or were deleted softly. */
  public int size() {
    return records.size();
  }

  private boolean expired(byte[] record) {
    long expiry = StoredRecord.expiry(record);
    return expiry != StoredRecord.NEVER && expiry <= clock.micros();
  }
}
