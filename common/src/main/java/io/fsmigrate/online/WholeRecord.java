package io.fsmigrate.online;

import java.util.List;

/** What a record needs, whatever its values, to become a row. */
public final class WholeRecord {
  private WholeRecord() {}

  /**
   * The record's values.
   *
   * @throws UnwritableValueException WRONG_FEATURE_COUNT, MISSING_RECORD_IDENTIFIER,
   *     MISSING_EVENT_TIME
   */
  public static List<Object> values(RecordLayout layout, OnlineRecord record)
      throws UnwritableValueException {
    List<Object> values = record.values();
    if (values.size() != layout.types().size()) {
      throw new UnwritableValueException(
          "WRONG_FEATURE_COUNT",
          "the record has %d values, %s has %d features"
              .formatted(values.size(), layout.address(), layout.types().size()));
    }
    requirePresent(layout, values, layout.id(), "MISSING_RECORD_IDENTIFIER");
    requirePresent(layout, values, layout.eventTime(), "MISSING_EVENT_TIME");
    return values;
  }

  private static void requirePresent(
      RecordLayout layout, List<Object> values, int place, String code)
      throws UnwritableValueException {
    if (values.get(place) == null) {
      throw new UnwritableValueException(code, layout.names().get(place) + ": the value is absent");
    }
  }
}
