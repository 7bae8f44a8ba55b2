package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.WholeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A record as an item: an attribute for each feature, by its name, absent where its value is; the
 * record identifier is the partition key. Up to three attributes are ours: {@value #TIME} has the
 * event time in a form that the service orders ({@link EventTimes}), {@value #DIGEST} stands for
 * all values ({@link Digest}), {@value #EXPIRES} says when the service may remove the item.
 */
final class ItemForm {
  static final String TIME = "__fs_at";
  static final String DIGEST = "__fs_digest";
  static final String EXPIRES = "__fs_expires";

  /** What a partition key may have. */
  private static final int MOST_KEY_BYTES = 2048;

  private final RecordLayout layout;
  private final Optional<Duration> timeToLive;
  private final Digest digest = new Digest();

  ItemForm(RecordLayout layout, Optional<Duration> timeToLive) {
    this.layout = layout;
    this.timeToLive = timeToLive;
  }

  /** The name of the partition key. */
  String keyName() {
    return layout.names().get(layout.id());
  }

  /** The type of the partition key. */
  ScalarAttributeType keyType() {
    return switch (idType().kind()) {
      case TINYINT, SMALLINT, INT, BIGINT, DECIMAL -> ScalarAttributeType.N;
      case BINARY -> ScalarAttributeType.B;
      default -> ScalarAttributeType.S;
    };
  }

  /**
   * The item.
   *
   * @throws UnwritableValueException when a value or the whole cannot be stored
   */
  Item encode(OnlineRecord record) throws UnwritableValueException {
    List<Object> values = WholeRecord.values(layout, record);
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    AttributeValue key = key(values.get(layout.id()));
    attributes.put(keyName(), key);
    for (int i = 0; i < values.size(); i++) {
      if (i != layout.id() && values.get(i) != null) {
        attributes.put(layout.names().get(i), attribute(i, values.get(i)));
      }
    }
    AttributeValue all = digest.of(attributes);
    AttributeValue time = time(values.get(layout.eventTime()));
    attributes.put(DIGEST, all);
    attributes.put(TIME, time);
    if (timeToLive.isPresent()) {
      attributes.put(EXPIRES, expiry(values.get(layout.eventTime()), timeToLive.get()));
    }
    int bytes = ItemSize.of(attributes);
    if (bytes > ItemSize.MOST) {
      throw new UnwritableValueException(
          "ITEM_TOO_LARGE",
          "the record needs %,d bytes, an item of DynamoDB has at most %,d"
              .formatted(bytes, ItemSize.MOST));
    }
    return new Item(attributes, Attributes.normalKey(key), time, all, bytes);
  }

  /**
   * The partition key of a record.
   *
   * @throws UnwritableValueException also EMPTY_KEY, KEY_TOO_LONG
   */
  AttributeValue key(Object id) throws UnwritableValueException {
    try {
      return key(idType(), id);
    } catch (UnwritableValueException e) {
      throw e.in(keyName());
    }
  }

  private AttributeValue key(ValueType type, Object id) throws UnwritableValueException {
    if (keyType() == ScalarAttributeType.N) {
      return AttributeValue.fromN(ScalarText.format(type, id));
    }
    SdkBytes bytes;
    AttributeValue key;
    if (keyType() == ScalarAttributeType.B) {
      bytes = SdkBytes.fromByteArray(ScalarText.as(byte[].class, type, id));
      key = AttributeValue.fromB(bytes);
    } else {
      String text =
          type.children().isEmpty() ? ScalarText.format(type, id) : CanonicalJson.write(type, id);
      bytes = SdkBytes.fromUtf8String(text);
      key = AttributeValue.fromS(text);
    }
    int length = bytes.asByteArrayUnsafe().length;
    if (length == 0) {
      throw new UnwritableValueException("EMPTY_KEY", "DynamoDB takes no empty partition key");
    }
    if (length > MOST_KEY_BYTES) {
      throw new UnwritableValueException(
          "KEY_TOO_LONG",
          "%,d bytes; a partition key of DynamoDB has at most %,d"
              .formatted(length, MOST_KEY_BYTES));
    }
    return key;
  }

  /**
   * The record of an item.
   *
   * @throws IllegalArgumentException naming the attribute that is none of its feature
   */
  OnlineRecord decode(Map<String, AttributeValue> item) {
    List<Object> values = new ArrayList<>(layout.types().size());
    for (int i = 0; i < layout.types().size(); i++) {
      String name = layout.names().get(i);
      try {
        values.add(Attributes.value(layout.types().get(i), item.get(name)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
    return new OnlineRecord(values);
  }

  private ValueType idType() {
    return layout.types().get(layout.id());
  }

  private AttributeValue attribute(int place, Object value) throws UnwritableValueException {
    try {
      return Attributes.of(layout.types().get(place), value);
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(place));
    }
  }

  private AttributeValue time(Object value) throws UnwritableValueException {
    try {
      return EventTimes.of(layout.types().get(layout.eventTime()), value);
    } catch (UnwritableValueException e) {
      throw e.in(layout.names().get(layout.eventTime()));
    }
  }

  private AttributeValue expiry(Object value, Duration after) throws UnwritableValueException {
    long seconds = EventTimes.expiry(layout.types().get(layout.eventTime()), value, after);
    return AttributeValue.fromN(Long.toString(seconds));
  }
}
