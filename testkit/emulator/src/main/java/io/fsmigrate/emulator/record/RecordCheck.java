package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Checks feature values against the definition of their group. */
final class RecordCheck {
  /** Longest record, and longest value, in bytes. */
  static final int MAX_RECORD_BYTES = 350 * 1024;

  /** Longest record identifier, in bytes. */
  static final int MAX_IDENTIFIER_BYTES = 2 * 1024;

  private static final int BYTES_PER_WRITE_UNIT = 1024;

  private RecordCheck() {}

  /**
   * A record that may be written.
   *
   * @param values by place in the schema: null, a String or a list of Strings
   * @param bytes of names and values
   */
  // An array by place, which is made and read once.
  @SuppressWarnings("ArrayRecordComponent")
  record Checked(String identifier, long eventTime, Object[] values, int bytes) {
    int writeUnits() {
      return Math.max(1, (bytes + BYTES_PER_WRITE_UNIT - 1) / BYTES_PER_WRITE_UNIT);
    }
  }

  /**
   * Checks a whole record.
   *
   * @throws ServiceException ValidationError
   */
  static Checked record(FeatureGroup group, List<FeatureValue> features) {
    Schema schema = group.schema();
    Object[] values = new Object[schema.features().size()];
    int bytes = place(group, schema, features, values);
    if (values[schema.identifier()] == null) {
      throw missing(group, schema, schema.identifier(), "record identifier");
    }
    if (values[schema.eventTime()] == null) {
      throw missing(group, schema, schema.eventTime(), "event time");
    }
    String identifier = (String) values[schema.identifier()];
    requireIdentifier(identifier);
    long eventTime =
        EventTimes.micros(schema.eventTimeFeature().type(), (String) values[schema.eventTime()]);
    return new Checked(identifier, eventTime, values, bytes);
  }

  /**
   * Checks some features and puts them at their places.
   *
   * @return bytes of names and values
   * @throws ServiceException ValidationError
   */
  static int place(
      FeatureGroup group, Schema schema, List<FeatureValue> features, Object[] values) {
    if (features.isEmpty()) {
      throw ServiceException.validation("Validation Error: a record needs at least one feature");
    }
    int bytes = 0;
    for (FeatureValue feature : features) {
      int place = schema.place(feature.name());
      if (place < 0) {
        throw ServiceException.validation(
            "Validation Error: FeatureGroup %s has no feature named %s",
            group.name(), feature.name());
      }
      if (values[place] != null) {
        throw ServiceException.validation(
            "Validation Error: the feature %s is given twice", feature.name());
      }
      Object value = value(schema.features().get(place), feature);
      values[place] = value;
      bytes += utf8Length(feature.name()) + length(feature.name(), value);
    }
    if (bytes > MAX_RECORD_BYTES) {
      throw ServiceException.validation(
          "Validation Error: the record has %d bytes, more than %d", bytes, MAX_RECORD_BYTES);
    }
    return bytes;
  }

  static void requireIdentifier(String identifier) {
    if (identifier.isEmpty() || utf8Length(identifier) > MAX_IDENTIFIER_BYTES) {
      throw ServiceException.validation(
          "Validation Error: a record identifier has 1 to %d bytes", MAX_IDENTIFIER_BYTES);
    }
  }

  private static Object value(FeatureDefinition definition, FeatureValue feature) {
    boolean collection = definition.collection() != CollectionType.NONE;
    if (collection ? feature.texts() == null : feature.text() == null) {
      throw ServiceException.validation(
          "Validation Error: the feature %s needs %s",
          feature.name(), collection ? "ValueAsStringList" : "ValueAsString");
    }
    if (collection ? feature.text() != null : feature.texts() != null) {
      throw ServiceException.validation(
          "Validation Error: the feature %s is of collection type %s",
          feature.name(), definition.collection().word());
    }
    if (!collection) {
      requireType(definition, feature.text());
      return feature.text();
    }
    feature.texts().forEach(text -> requireType(definition, text));
    if (definition.collection() == CollectionType.VECTOR
        && feature.texts().size() != definition.dimension()) {
      throw ServiceException.validation(
          "Validation Error: the vector %s has %d values, not %d",
          feature.name(), feature.texts().size(), definition.dimension());
    }
    return definition.collection() == CollectionType.SET
        ? new ArrayList<>(new LinkedHashSet<>(feature.texts()))
        : feature.texts();
  }

  private static void requireType(FeatureDefinition definition, String text) {
    if (text == null || !definition.type().accepts(text)) {
      throw ServiceException.validation(
          "Validation Error: the value of %s is not %s: %s",
          definition.name(), definition.type().word(), text);
    }
  }

  private static int length(String name, Object value) {
    int bytes = 0;
    if (value instanceof String text) {
      bytes = utf8Length(text);
    } else {
      for (Object text : (List<?>) value) {
        bytes += utf8Length((String) text);
      }
    }
    if (bytes > MAX_RECORD_BYTES) {
      throw ServiceException.validation(
          "Validation Error: the value of %s has %d bytes, more than %d",
          name, bytes, MAX_RECORD_BYTES);
    }
    return bytes;
  }

  static int utf8Length(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A pair of surrogates is four bytes, so two for each.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }

  private static ServiceException missing(
      FeatureGroup group, Schema schema, int place, String role) {
    return ServiceException.validation(
        "Validation Error: the record has no %s, the %s of FeatureGroup %s",
        schema.features().get(place).name(), role, group.name());
  }
}
