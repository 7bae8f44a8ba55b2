package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordKey;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.online.sagemaker.StoredComparison.Age;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Looks records up, many calls at a time. */
final class RecordReads {
  private final StoreSession session;
  private final RecordCodec codec;
  private final String address;

  RecordReads(StoreSession session, RecordCodec codec, String address) {
    this.session = session;
    this.codec = codec;
    this.address = address;
  }

  /** Hands over those that are there. */
  void read(Iterable<Object> ids, Consumer<OnlineRecord> records) {
    Set<String> asked = new HashSet<>();
    Lane<String, Optional<StoredRecord>> lane =
        lane(
            Function.identity(),
            List.of(),
            (id, stored) -> stored.ifPresent(record -> records.accept(codec.decode(record))));
    for (Object id : ids) {
      String text = id(id);
      // Twice the same in one call is refused by the service.
      if (asked.add(text)) {
        lane.add(text);
        session.pump().advance();
      }
    }
    session.pump().drain();
  }

  private record Key(String id, String eventTime) {}

  /**
   * Compares event times with the stored ones. Records that could not be written count as missing.
   */
  StaleCounts staleAmong(Iterator<RecordKey> keys) {
    StoredComparison comparison = new StoredComparison(codec, null, false);
    Map<Age, Long> counts = new EnumMap<>(Age.class);
    Lane<Key, Optional<StoredRecord>> lane =
        lane(
            Key::id,
            List.of(codec.idName(), codec.eventTimeName()),
            (key, stored) -> counts.merge(comparison.age(stored, key.eventTime()), 1L, Long::sum));
    while (keys.hasNext()) {
      RecordKey key = keys.next();
      try {
        lane.add(new Key(codec.id(key.id()), codec.eventTimeText(key.eventTime())));
        session.pump().advance();
      } catch (UnwritableValueException e) {
        counts.merge(Age.MISSING, 1L, Long::sum);
      }
    }
    session.pump().drain();
    return new StaleCounts(
        counts.getOrDefault(Age.MISSING, 0L),
        counts.getOrDefault(Age.OLDER, 0L),
        counts.getOrDefault(Age.EQUAL, 0L),
        counts.getOrDefault(Age.NEWER, 0L));
  }

  private <I> Lane<I, Optional<StoredRecord>> lane(
      Function<I, String> id, List<String> features, BiConsumer<I, Optional<StoredRecord>> stored) {
    return session
        .pump()
        .lane(
            new GetRecordsCall<>(session.calls(), id, features),
            GetRecordsCall.MOST_RECORDS,
            new Lane.Outcomes<>() {
              @Override
              public void done(I entry, Optional<StoredRecord> result) {
                stored.accept(entry, result);
              }

              @Override
              public void refused(I entry, ServiceFault fault) {
                throw SageMakerStoreErrors.unreadable(address, fault);
              }
            });
  }

  private String id(Object id) {
    try {
      return codec.id(id);
    } catch (UnwritableValueException e) {
      throw new IllegalArgumentException(
          "Cannot read record %s of %s: %s".formatted(id, address, e.getMessage()), e);
    }
  }
}
