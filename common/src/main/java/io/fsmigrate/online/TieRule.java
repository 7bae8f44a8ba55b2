package io.fsmigrate.online;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.VersionedGroup;
import java.io.Serializable;
import java.util.Comparator;

/**
 * Which of two records with the same record identifier is the newer one. Every online store, and
 * whatever picks the newest record before a store is called, follows this rule.
 *
 * <ol>
 *   <li>The record with the newer event time wins. An event time of type string is compared by its
 *       UTF-8 bytes without trailing {@code Z}, so that ISO-8601 texts with and without a fraction
 *       of a second order rightly; every other type as below.
 *   <li>At an equal event time the record wins that is greater by its features, compared in the
 *       order of their definition; the first feature that differs decides:
 *       <ul>
 *         <li>null is lowest;
 *         <li>numbers, decimals, dates and timestamps by value; NaN equals itself and is greater
 *             than every number; -0.0 equals 0.0;
 *         <li>false is less than true;
 *         <li>text by its UTF-8 bytes, binary by its unsigned bytes;
 *         <li>arrays element by element, the shorter first where one begins the other;
 *         <li>structs field by field, in the order of the fields;
 *         <li>maps by the UTF-8 bytes of their {@linkplain #canonicalJson canonical JSON text}.
 *       </ul>
 *   <li>Records that are equal in all features are the same: writing one over the other counts as
 *       written, so that a replay counts like an undisturbed write.
 * </ol>
 *
 * <p>As a comparator: the greater record wins. It is a total order over well-formed records.
 */
public final class TieRule implements Comparator<OnlineRecord>, Serializable {
  /** Changes whenever the rule does, so that a run is never resumed under another one. */
  public static final String VERSION = "v1";

  private static final long serialVersionUID = 1L;

  private final ValueType[] types;
  private final int eventTime;

  private TieRule(ValueType[] types, int eventTime) {
    this.types = types;
    this.eventTime = eventTime;
  }

  /**
   * The rule for records of that target.
   *
   * @throws io.fsmigrate.error.FsMigrateException when a feature has a type without values online
   */
  public static TieRule of(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    return new TieRule(layout.types().toArray(ValueType[]::new), layout.eventTime());
  }

  /**
   * @throws ClassCastException or IllegalArgumentException when a value is not of the Java type
   *     that {@link OnlineRecord} lists for its feature
   */
  @Override
  public int compare(OnlineRecord left, OnlineRecord right) {
    int order = compareEventTimes(left.values().get(eventTime), right.values().get(eventTime));
    for (int i = 0; order == 0 && i < types.length; i++) {
      order = ValueOrder.compare(types[i], left.values().get(i), right.values().get(i));
    }
    return order;
  }

  private int compareEventTimes(Object left, Object right) {
    return left instanceof String mine && right instanceof String theirs
        ? ValueOrder.compareUtf8(withoutZone(mine), withoutZone(theirs))
        : ValueOrder.compare(types[eventTime], left, right);
  }

  private static String withoutZone(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 'Z') {
      end--;
    }
    return text.substring(0, end);
  }

  /**
   * The one JSON text of an array, map or struct: no blanks, map keys sorted by UTF-8 bytes, struct
   * fields in the order of the type, NaN and infinities as strings, decimals, dates, timestamps and
   * binary (base64) as strings.
   *
   * @throws IllegalArgumentException when the type or a value in it has no such text
   */
  public static String canonicalJson(FeatureType type, Object value) {
    try {
      return CanonicalJson.write(
          ValueType.of(type)
              .orElseThrow(() -> new IllegalArgumentException(type + ": no such type online")),
          value);
    } catch (UnwritableValueException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
