package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.ServiceException;
import java.util.List;

/** Writes, changes and deletes records by the documented rules. */
final class RecordWriter {
  private static final int MAX_UPDATED_FEATURES = 100;

  private final OfflineSink offline;
  private final EmulatorClock clock;

  RecordWriter(OfflineSink offline, EmulatorClock clock) {
    this.offline = offline;
    this.clock = clock;
  }

  /** A full record as PutRecord and an entry of BatchWriteRecord carry it. */
  record Put(String group, List<FeatureValue> features, List<String> targetStores, Ttl ttl) {}

  /**
   * Writes a whole record: online if its event time is greater, offline always.
   *
   * @param entry whether it is an entry of a batch
   * @return null, or why the record was not taken; only for a batch
   */
  RecordPolicy.Verdict put(FeatureGroup group, Put put, RecordPolicy policy, boolean entry) {
    TargetStores stores = TargetStores.of(group, put.targetStores());
    RecordCheck.Checked checked = RecordCheck.record(group, put.features());
    RecordPolicy.Verdict verdict =
        policy.judge(group.name(), checked.identifier(), checked.writeUnits(), true);
    if (verdict.error() != null) {
      if (entry) {
        return verdict;
      }
      verdict.orThrow();
    }
    Ttl ttl = put.ttl() == null ? group.ttl() : put.ttl();
    byte[] record =
        StoredRecord.encode(
            checked.eventTime(), expiry(checked.eventTime(), ttl), false, checked.values());
    if (stores.online()) {
      boolean newest = group.store().put(checked.identifier(), record);
      (newest ? group.counts().written : group.counts().stale).increment();
    }
    if (stores.offline()) {
      append(group, record, false);
    }
    return RecordPolicy.Verdict.PASS;
  }

  /**
   * Changes some features of a record that is online.
   *
   * @throws ServiceException ResourceNotFound without a record, ConflictException for an event time
   *     before the record's
   */
  void update(
      FeatureGroup group,
      String identifier,
      List<FeatureValue> features,
      List<String> targetStores,
      Ttl ttl,
      RecordPolicy policy) {
    if (!group.requireOnline().updates()) {
      throw ServiceException.validation(
          "Validation Error: UpdateRecord is not for FeatureGroup %s of storage type %s",
          group.name(), group.requireOnline().word());
    }
    if (features.size() > MAX_UPDATED_FEATURES) {
      throw ServiceException.validation(
          "Validation Error: UpdateRecord changes up to %d features", MAX_UPDATED_FEATURES);
    }
    RecordCheck.requireIdentifier(identifier);
    TargetStores stores = TargetStores.of(group, targetStores);
    Schema schema = group.schema();
    Object[] changes = new Object[schema.features().size()];
    int bytes = RecordCheck.place(group, schema, features, changes);
    Object newIdentifier = changes[schema.identifier()];
    if (newIdentifier != null && !newIdentifier.equals(identifier)) {
      throw ServiceException.validation(
          "Validation Error: UpdateRecord cannot change the record identifier");
    }
    Object eventTime = changes[schema.eventTime()];
    if (ttl != null && eventTime == null) {
      throw ServiceException.validation("Validation Error: TtlDuration needs an event time");
    }
    Long micros =
        eventTime == null
            ? null
            : (Long) EventTimes.micros(schema.eventTimeFeature().type(), (String) eventTime);
    int units = new RecordCheck.Checked(identifier, 0, changes, bytes).writeUnits();
    policy.judge(group.name(), identifier, units, true).orThrow();
    byte[] current = group.store().get(identifier).orElseThrow(() -> missing(group, identifier));
    byte[] merged =
        stores.online()
            ? group
                .store()
                .update(identifier, record -> merge(record, changes, micros, ttl))
                .orElseThrow(() -> missing(group, identifier))
            : merge(current, changes, micros, ttl);
    group.counts().updated.increment();
    if (stores.offline()) {
      append(group, merged, false);
    }
  }

  private static byte[] merge(byte[] record, Object[] changes, Long eventTime, Ttl ttl) {
    if (eventTime != null && eventTime < StoredRecord.eventTime(record)) {
      throw new ServiceException(
          409,
          "ConflictException",
          "The event time is before that of the record, "
              + EventTimes.iso(StoredRecord.eventTime(record)));
    }
    Object[] values = StoredRecord.values(record, changes.length);
    for (int i = 0; i < changes.length; i++) {
      if (changes[i] != null) {
        values[i] = changes[i];
      }
    }
    long time = eventTime == null ? StoredRecord.eventTime(record) : eventTime;
    long expiry = ttl == null ? StoredRecord.expiry(record) : expiry(time, ttl);
    return StoredRecord.encode(time, expiry, false, values);
  }

  /**
   * Deletes a record.
   *
   * @param hard whether nothing is left of it online
   * @throws ServiceException ValidationError for a hard deletion that is not later than the record
   */
  void delete(
      FeatureGroup group,
      String identifier,
      String eventTime,
      List<String> targetStores,
      boolean hard,
      RecordPolicy policy) {
    RecordCheck.requireIdentifier(identifier);
    TargetStores stores = TargetStores.of(group, targetStores);
    Schema schema = group.schema();
    long micros = EventTimes.micros(schema.eventTimeFeature().type(), eventTime);
    Object[] values = new Object[schema.features().size()];
    values[schema.identifier()] = identifier;
    values[schema.eventTime()] = eventTime;
    policy.judge(group.name(), identifier, 1, true).orThrow();
    byte[] marker = StoredRecord.encode(micros, StoredRecord.NEVER, true, values);
    if (stores.online()) {
      boolean later = group.store().delete(identifier, micros, hard ? null : marker);
      if (!later && hard) {
        throw ServiceException.validation(
            "Validation Error: HardDelete needs an EventTime later than that of the record");
      }
      if (later) {
        group.counts().deleted.increment();
      }
    }
    if (stores.offline()) {
      append(group, marker, true);
    }
  }

  private void append(FeatureGroup group, byte[] record, boolean deleted) {
    group.counts().offline.increment();
    offline.append(group, record, deleted, clock.micros());
  }

  private static long expiry(long eventTime, Ttl ttl) {
    return ttl == null ? StoredRecord.NEVER : eventTime + ttl.micros();
  }

  private static ServiceException missing(FeatureGroup group, String identifier) {
    return ServiceException.notFound(
        "FeatureGroup %s has no record %s to update", group.name(), identifier);
  }
}
