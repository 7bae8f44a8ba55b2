package io.fsmigrate.online.sagemaker;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Records of one target as records of one group, and back. Safe for many threads. */
final class RecordCodec {
  /** The service's limit for a record and for a value. */
  static final int RECORD_BYTES = 350 * 1024;

  /** The service's limit for a record identifier. */
  static final int IDENTIFIER_BYTES = 2 * 1024;

  private static final byte[] VALUE = ",\"ValueAsString\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES =
      ",\"ValueAsStringList\":[".getBytes(StandardCharsets.US_ASCII);
  private static final String TOO_LARGE = "TOO_LARGE";
  private static final String NO_IDENTIFIER = "MISSING_RECORD_IDENTIFIER";

  private final RecordLayout layout;
  private final List<FeatureCodec> features;
  private final List<byte[]> names;
  private final boolean fractionalTime;

  private RecordCodec(RecordLayout layout, List<FeatureCodec> features, boolean fractionalTime) {
    this.layout = layout;
    this.features = List.copyOf(features);
    this.fractionalTime = fractionalTime;
    this.names = features.stream().map(f -> nameJson(f.definition().name())).toList();
  }

  /** For a group that {@link GroupFit} found to fit. */
  static RecordCodec of(VersionedGroup target, FeatureGroupDescription group) {
    RecordLayout layout = RecordLayout.of(target);
    List<FeatureCodec> features = new ArrayList<>();
    for (int i = 0; i < layout.names().size(); i++) {
      Definition definition = group.find(layout.names().get(i)).orElseThrow();
      features.add(new FeatureCodec(layout.types().get(i), definition));
    }
    return new RecordCodec(
        layout, features, group.eventTimeDefinition().type().equals("Fractional"));
  }

  private static byte[] nameJson(String name) {
    return new JsonBytes().raw("{\"FeatureName\":").quote(name).toBytes();
  }

  /** The group's name of the record identifier. */
  String idName() {
    return features.get(layout.id()).definition().name();
  }

  /** The group's name of the event time. */
  String eventTimeName() {
    return features.get(layout.eventTime()).definition().name();
  }

  /** The names of all features of the target, as the group has them. */
  List<String> groupNames() {
    return features.stream().map(f -> f.definition().name()).toList();
  }

  /** The group's name of a feature of the target. */
  String groupName(String feature) {
    for (int i = 0; i < features.size(); i++) {
      if (layout.names().get(i).equalsIgnoreCase(feature)) {
        return features.get(i).definition().name();
      }
    }
    throw new IllegalArgumentException(feature + " is none of " + layout.names());
  }

  /**
   * The whole record.
   *
   * @param out used for making it
   * @throws UnwritableValueException naming the feature to blame
   */
  EncodedRecord encode(OnlineRecord record, JsonBytes out) throws UnwritableValueException {
    List<Object> values = record.values();
    if (values.size() != features.size()) {
      throw new UnwritableValueException(
          "WRONG_FEATURE_COUNT",
          "the record has %d values, %s has %d features"
              .formatted(values.size(), layout.address(), features.size()));
    }
    String id = required(values, layout.id(), NO_IDENTIFIER);
    String time = required(values, layout.eventTime(), "MISSING_EVENT_TIME");
    out.clear();
    int size = 0;
    for (int i = 0; i < features.size(); i++) {
      if (values.get(i) != null) {
        out.add(size == 0 ? '[' : ',');
        if (i == layout.id()) {
          size += addText(out, i, id);
        } else if (i == layout.eventTime()) {
          size += addText(out, i, time);
        } else {
          size += add(out, i, values.get(i));
        }
      }
    }
    out.add(']');
    if (size > RECORD_BYTES) {
      throw new UnwritableValueException(
          TOO_LARGE, "the record has %d bytes, SageMaker takes %d".formatted(size, RECORD_BYTES));
    }
    return new EncodedRecord(id, time, out.toBytes(), size);
  }

  /** The list of just these features, of which a null one is left out. */
  byte[] encodeOnly(Collection<String> groupNames, OnlineRecord record, JsonBytes out) {
    out.clear().add('[');
    try {
      for (int i = 0; i < features.size(); i++) {
        Object value = record.values().get(i);
        if (value != null && groupNames.contains(features.get(i).definition().name())) {
          if (out.length() > 1) {
            out.add(',');
          }
          add(out, i, value);
        }
      }
    } catch (UnwritableValueException e) {
      throw new IllegalStateException("The record was encoded before", e);
    }
    return out.add(']').toBytes();
  }

  private int add(JsonBytes out, int place, Object value) throws UnwritableValueException {
    FeatureCodec feature = features.get(place);
    try {
      return feature.isCollection()
          ? addTexts(out, place, feature.texts(value))
          : addText(out, place, text(place, value));
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(place));
    }
  }

  private int addTexts(JsonBytes out, int place, List<String> texts)
      throws UnwritableValueException {
    out.add(names.get(place)).add(VALUES);
    int bytes = 0;
    String separator = "";
    for (String text : texts) {
      bytes += out.raw(separator).quoteAndCount(text);
      separator = ",";
    }
    out.raw("]}");
    return size(place, bytes);
  }

  private int addText(JsonBytes out, int place, String text) throws UnwritableValueException {
    int bytes = out.add(names.get(place)).add(VALUE).quoteAndCount(text);
    out.add('}');
    return size(place, bytes);
  }

  /** What the service counts for a feature. */
  private int size(int place, int bytes) throws UnwritableValueException {
    if (bytes > RECORD_BYTES) {
      throw new UnwritableValueException(
          TOO_LARGE, "the value has %d bytes, SageMaker takes %d".formatted(bytes, RECORD_BYTES));
    }
    return features.get(place).definition().name().length() + bytes;
  }

  /** The record identifier as text. */
  String id(Object value) throws UnwritableValueException {
    String id = text(layout.id(), value);
    if (id.isEmpty()) {
      throw new UnwritableValueException(NO_IDENTIFIER, "the record identifier is empty");
    }
    int bytes = Utf8.length(id);
    if (bytes > IDENTIFIER_BYTES) {
      throw new UnwritableValueException(
          TOO_LARGE,
          "the record identifier has %d bytes, SageMaker takes %d"
              .formatted(bytes, IDENTIFIER_BYTES));
    }
    return id;
  }

  private String required(List<Object> values, int place, String code)
      throws UnwritableValueException {
    Object value = values.get(place);
    String name = layout.names().get(place);
    if (value == null) {
      throw new UnwritableValueException(code, name + ": the value is absent");
    }
    try {
      return place == layout.id() ? id(value) : text(place, value);
    } catch (UnwritableValueException e) {
      throw e.in(name);
    }
  }

  private String text(int place, Object value) throws UnwritableValueException {
    return place == layout.eventTime()
        ? EventTimeText.format(layout.types().get(place), value, fractionalTime)
        : features.get(place).text(value);
  }

  /** The record as the target has it. */
  OnlineRecord decode(StoredRecord stored) {
    List<Object> values = new ArrayList<>(features.size());
    for (int i = 0; i < features.size(); i++) {
      values.add(decode(i, stored.value(features.get(i).definition().name())));
    }
    return new OnlineRecord(values);
  }

  @SuppressWarnings("unchecked")
  private Object decode(int place, Object value) {
    if (value == null) {
      return null;
    }
    if (place == layout.eventTime()) {
      return EventTimeText.parse(layout.types().get(place), (String) value, fractionalTime);
    }
    FeatureCodec feature = features.get(place);
    return value instanceof List<?> texts
        ? feature.value((List<String>) texts)
        : feature.value((String) value);
  }

  /** When a stored record happened. */
  Instant eventTime(String text) {
    return EventTimeText.stored(text, fractionalTime);
  }

  /** An event time that a delete of a record of that time may have. */
  String timeAfter(String text) {
    return EventTimeText.later(eventTime(text), fractionalTime);
  }

  /** An event time of the target as the service takes it. */
  String eventTimeText(Object value) throws UnwritableValueException {
    return text(layout.eventTime(), Objects.requireNonNull(value));
  }
}
