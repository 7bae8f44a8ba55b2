package io.fsmigrate.verify;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ValueOrder;
import io.fsmigrate.online.ValueType;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares records of an online store with those that should be in it. Values are equal where
 * {@link CanonicalValue} says so of rows: the two rules are the same.
 */
public final class RecordComparison implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ValueType[] types;
  private final Tolerance[] tolerances;
  private final int eventTime;

  /** What a record is when the store's is held against the one that should be there. */
  public enum Result {
    /** The store has it. */
    SAME,
    /** The store does not have its record identifier. */
    MISSING,
    /** The store has it with other values, or an older one. */
    DIFFERENT,
    /** The store has a newer one: somebody else writes as well. */
    NEWER
  }

  private RecordComparison(ValueType[] types, Tolerance[] tolerances, int eventTime) {
    this.types = types;
    this.tolerances = tolerances;
    this.eventTime = eventTime;
  }

  /**
   * Of records of a target.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNSUPPORTED_ONLINE_TYPE
   */
  public static RecordComparison of(ComparedSchema schema) {
    RecordLayout layout = RecordLayout.of(schema.target());
    Tolerance[] tolerances =
        schema.features().stream().map(f -> f.tolerance().orElse(null)).toArray(Tolerance[]::new);
    return new RecordComparison(
        layout.types().toArray(ValueType[]::new), tolerances, layout.eventTime());
  }

  /** What the stored record is; empty where there is none. */
  public Result compare(OnlineRecord expected, Optional<OnlineRecord> stored) {
    if (stored.isEmpty()) {
      return Result.MISSING;
    }
    if (differing(expected, stored.get()).isEmpty()) {
      return Result.SAME;
    }
    int order =
        ValueOrder.compare(
            types[eventTime],
            stored.get().values().get(eventTime),
            expected.values().get(eventTime));
    return order > 0 ? Result.NEWER : Result.DIFFERENT;
  }

  /** The positions of the features that differ. */
  public List<Integer> differing(OnlineRecord expected, OnlineRecord stored) {
    List<Integer> differing = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      if (!agree(i, expected.values().get(i), stored.values().get(i))) {
        differing.add(i);
      }
    }
    return differing;
  }

  private boolean agree(int feature, Object expected, Object stored) {
    if (ValueOrder.compare(types[feature], expected, stored) == 0) {
      return true;
    }
    Tolerance tolerance = tolerances[feature];
    return tolerance != null
        && expected != null
        && stored != null
        && tolerance.within(number(expected), number(stored));
  }

  private static double number(Object value) {
    if (value instanceof Instant time) {
      return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
    if (value instanceof LocalDateTime time) {
      return number(time.toInstant(ZoneOffset.UTC));
    }
    return ((Number) value).doubleValue();
  }
}
