package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.TieRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done with a record once the stored one is known.
 *
 * <p>The service takes a whole record only with a later event time. At an equal event time {@link
 * TieRule} can therefore only be kept by changing single features, which needs a storage type with
 * UpdateRecord and nothing that would have to be removed; where that is not to be had, the record
 * fails as {@code EQUAL_EVENT_TIME} instead of being lost in silence.
 */
final class StoredComparison {
  /** Code of records that the service cannot take because of an equal event time. */
  static final String EQUAL_EVENT_TIME = "EQUAL_EVENT_TIME";

  private final RecordCodec codec;
  private final TieRule rule;
  private final boolean canUpdate;

  /**
   * @param canUpdate whether the storage type has UpdateRecord
   */
  StoredComparison(RecordCodec codec, TieRule rule, boolean canUpdate) {
    this.codec = codec;
    this.rule = rule;
    this.canUpdate = canUpdate;
  }

  /** How event times compare. */
  enum Age {
    MISSING,
    OLDER,
    EQUAL,
    NEWER
  }

  /** The stored record's, against this event time. */
  Age age(Optional<StoredRecord> stored, String eventTime) {
    if (stored.isEmpty()) {
      return Age.MISSING;
    }
    int order =
        codec
            .eventTime(stored.get().text(codec.eventTimeName()))
            .compareTo(codec.eventTime(eventTime));
    return order == 0 ? Age.EQUAL : order < 0 ? Age.OLDER : Age.NEWER;
  }

  /** What to do with a record of the same event time as the stored one. */
  sealed interface Decision {
    /** Nothing: it is there already. */
    record Same() implements Decision {}

    /** Nothing: the stored one wins. */
    record Loses() implements Decision {}

    /** Change these features, by the group's names. */
    record Update(List<String> features) implements Decision {}

    /** It wins, and the service cannot take it. */
    record Impossible(String why) implements Decision {}
  }

  /** Only for features that were added: the others are left as they are. */
  Decision decideAdded(PendingRecord ours, StoredRecord stored, Collection<String> added) {
    return update(ours, stored, added);
  }

  /** For the whole record, by the tie rule. */
  Decision decide(PendingRecord ours, StoredRecord stored) {
    OnlineRecord theirs;
    try {
      theirs = codec.decode(stored);
    } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
      return new Decision.Impossible("the stored one has values of other types");
    }
    int order = rule.compare(ours.record(), theirs);
    if (order < 0) {
      return new Decision.Loses();
    }
    return order == 0 ? new Decision.Same() : update(ours, stored, codec.groupNames());
  }

  private Decision update(PendingRecord ours, StoredRecord stored, Collection<String> among) {
    JsonNode features = GroupCalls.json(ours.encoded().json());
    StoredRecord mine = GroupCalls.record(features);
    List<String> changed = new ArrayList<>();
    for (String feature : among) {
      Object wanted = mine.value(feature);
      Object present = stored.value(feature);
      if (wanted == null && present != null) {
        return new Decision.Impossible(
            "the stored one has " + feature + ", which cannot be removed");
      }
      if (wanted != null && !wanted.equals(present) && !feature.equals(codec.eventTimeName())) {
        changed.add(feature);
      }
    }
    if (changed.isEmpty()) {
      return new Decision.Same();
    }
    return canUpdate
        ? new Decision.Update(changed)
        : new Decision.Impossible("the group's storage type cannot change single features");
  }
}
