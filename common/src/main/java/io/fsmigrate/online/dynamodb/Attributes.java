package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.StructValue;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue.Type;

/**
 * Values as attributes that other readers understand, and back.
 *
 * <p>Numbers are N; floating point that no N can be (NaN, infinities, magnitudes from 10^126 on and
 * below 10^-130) is S. Text, dates and timestamps are S, binary is B, booleans are BOOL, arrays are
 * L, structs are M without their absent fields. A map is M by the text of its keys, or, where a key
 * is empty or so long that no M can have it, L of pairs. An absent value in a collection is NULL.
 */
final class Attributes {
  /** Bounds of N, which the service documents as 9.9…E+125 and 1E-130. */
  private static final double LARGEST = 1e126;

  private static final double SMALLEST = 1e-130;

  /** In characters. The SDK does not read replies with names of more than 50,000 bytes. */
  private static final int LONGEST_NAME = 16_000;

  private static final AttributeValue NULL = AttributeValue.fromNul(true);

  private Attributes() {}

  /**
   * The attribute.
   *
   * @param value null for NULL
   * @throws UnwritableValueException WRONG_TYPE, OUT_OF_TYPE, INVALID_TEXT
   */
  static AttributeValue of(ValueType type, Object value) throws UnwritableValueException {
    if (value == null) {
      return NULL;
    }
    return switch (type.kind()) {
      case BOOLEAN -> AttributeValue.fromBool(ScalarText.as(Boolean.class, type, value));
      case TINYINT, SMALLINT, INT, BIGINT, DECIMAL ->
          AttributeValue.fromN(ScalarText.format(type, value));
      case FLOAT, DOUBLE -> real(type, value);
      case STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          AttributeValue.fromS(ScalarText.format(type, value));
      case BINARY ->
          AttributeValue.fromB(SdkBytes.fromByteArray(ScalarText.as(byte[].class, type, value)));
      case ARRAY -> list(type.children().get(0), ScalarText.as(List.class, type, value));
      case MAP -> map(type, ScalarText.as(Map.class, type, value));
      case STRUCT -> struct(type, StructValue.of(type, value));
    };
  }

  /**
   * The value as it was.
   *
   * @throws IllegalArgumentException when the attribute is none of that type
   */
  static Object value(ValueType type, AttributeValue attribute) {
    if (attribute == null || attribute.type() == Type.NUL) {
      return null;
    }
    try {
      return switch (attribute.type()) {
        case N -> number(type, attribute.n());
        case S -> text(type, attribute.s());
        case BOOL -> require(type, ValueType.Kind.BOOLEAN, attribute.bool());
        case B -> require(type, ValueType.Kind.BINARY, attribute.b().asByteArray());
        case L -> collection(type, attribute.l());
        case M -> fields(type, attribute.m());
        default -> throw misfit(type, attribute.type(), null);
      };
    } catch (ArithmeticException e) {
      throw misfit(type, attribute.type(), e);
    }
  }

  /** What two equal keys have in common: the service writes numbers in its own way. */
  static AttributeValue normalKey(AttributeValue key) {
    return key.type() == Type.N
        ? AttributeValue.fromN(new BigDecimal(key.n()).stripTrailingZeros().toPlainString())
        : key;
  }

  private static AttributeValue real(ValueType type, Object value) throws UnwritableValueException {
    String text = ScalarText.format(type, value);
    double magnitude = Math.abs(((Number) value).doubleValue());
    return magnitude == 0 || (magnitude >= SMALLEST && magnitude < LARGEST)
        ? AttributeValue.fromN(text)
        : AttributeValue.fromS(text);
  }

  private static AttributeValue list(ValueType element, List<?> values)
      throws UnwritableValueException {
    List<AttributeValue> list = new ArrayList<>(values.size());
    for (Object value : values) {
      list.add(of(element, value));
    }
    return AttributeValue.fromL(list);
  }

  private static AttributeValue map(ValueType type, Map<?, ?> map) throws UnwritableValueException {
    // Sorted, so that equal maps are equal lists as well.
    Map<String, AttributeValue> entries = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = key(type.children().get(0), entry.getKey());
      if (entries.put(key, of(type.children().get(1), entry.getValue())) != null) {
        throw new UnwritableValueException("WRONG_TYPE", "the map has two equal keys");
      }
    }
    if (entries.keySet().stream().allMatch(Attributes::isName)) {
      return AttributeValue.fromM(entries);
    }
    return AttributeValue.fromL(
        entries.entrySet().stream()
            .map(e -> AttributeValue.fromL(List.of(AttributeValue.fromS(e.getKey()), e.getValue())))
            .toList());
  }

  private static boolean isName(String key) {
    return !key.isEmpty() && key.length() <= LONGEST_NAME;
  }

  private static String key(ValueType type, Object key) throws UnwritableValueException {
    if (key == null) {
      throw new UnwritableValueException("WRONG_TYPE", "the map has a null key");
    }
    return type.children().isEmpty()
        ? ScalarText.format(type, key)
        : CanonicalJson.write(type, key);
  }

  private static AttributeValue struct(ValueType type, List<?> values)
      throws UnwritableValueException {
    Map<String, AttributeValue> fields = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != null) {
        fields.put(type.fields().get(i), of(type.children().get(i), values.get(i)));
      }
    }
    return AttributeValue.fromM(fields);
  }

  private static Object number(ValueType type, String text) {
    BigDecimal number = new BigDecimal(text);
    return switch (type.kind()) {
      case TINYINT -> number.byteValueExact();
      case SMALLINT -> number.shortValueExact();
      case INT -> number.intValueExact();
      case BIGINT -> number.longValueExact();
      case FLOAT -> Float.valueOf(text);
      case DOUBLE -> Double.valueOf(text);
      case DECIMAL -> number.setScale(type.scale());
      default -> throw misfit(type, Type.N, null);
    };
  }

  private static Object text(ValueType type, String text) {
    try {
      return type.children().isEmpty()
          ? ScalarText.parse(type, text)
          : CanonicalJson.read(type, text);
    } catch (RuntimeException e) {
      throw misfit(type, Type.S, e);
    }
  }

  private static Object collection(ValueType type, List<AttributeValue> list) {
    if (type.kind() == ValueType.Kind.ARRAY) {
      List<Object> values = new ArrayList<>(list.size());
      list.forEach(element -> values.add(value(type.children().get(0), element)));
      return values;
    }
    require(type, ValueType.Kind.MAP, list);
    Map<Object, Object> map = new LinkedHashMap<>();
    for (AttributeValue pair : list) {
      if (pair.l().size() != 2) {
        throw misfit(type, Type.L, null);
      }
      map.put(
          text(type.children().get(0), pair.l().get(0).s()),
          value(type.children().get(1), pair.l().get(1)));
    }
    return map;
  }

  private static Object fields(ValueType type, Map<String, AttributeValue> attributes) {
    if (type.kind() == ValueType.Kind.MAP) {
      Map<Object, Object> map = new LinkedHashMap<>();
      attributes.forEach(
          (key, attribute) ->
              map.put(text(type.children().get(0), key), value(type.children().get(1), attribute)));
      return map;
    }
    require(type, ValueType.Kind.STRUCT, attributes);
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < type.fields().size(); i++) {
      String name = type.fields().get(i);
      fields.put(name, value(type.children().get(i), attributes.get(name)));
    }
    return fields;
  }

  private static Object require(ValueType type, ValueType.Kind kind, Object value) {
    if (type.kind() != kind) {
      throw misfit(type, null, null);
    }
    return value;
  }

  private static IllegalArgumentException misfit(ValueType type, Type found, Throwable cause) {
    return new IllegalArgumentException(
        "an attribute%s is no %s".formatted(found == null ? "" : " of type " + found, type.words()),
        cause);
  }
}
