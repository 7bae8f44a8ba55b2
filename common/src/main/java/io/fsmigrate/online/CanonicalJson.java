package io.fsmigrate.online;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one JSON text of a collection, and back: equal values have equal text.
 *
 * <p>No blanks; map keys as their {@link ScalarText} (collections as keys: their JSON), sorted by
 * UTF-8 bytes; struct fields in the order of the type, absent ones null; booleans and numbers as
 * such, NaN and infinities as the strings {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"};
 * everything else, decimals included because many readers take numbers for doubles, as a string.
 */
public final class CanonicalJson {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  // Names are not interned: map keys are data. Nothing that was written is too long to be read.
  private static final ObjectMapper READER =
      new ObjectMapper(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private CanonicalJson() {}

  /**
   * The text.
   *
   * @throws UnwritableValueException WRONG_TYPE, OUT_OF_TYPE, INVALID_TEXT
   */
  public static String write(ValueType type, Object value) throws UnwritableValueException {
    StringBuilder out = new StringBuilder();
    append(out, type, value);
    return out.toString();
  }

  /** The value as it was before {@link #write}. */
  public static Object read(ValueType type, String json) {
    try {
      return value(type, READER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not the JSON of a " + type.words(), e);
    }
  }

  private static void append(StringBuilder out, ValueType type, Object value)
      throws UnwritableValueException {
    if (value == null) {
      out.append("null");
      return;
    }
    switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT -> out.append(ScalarText.format(type, value));
      case FLOAT, DOUBLE -> {
        String number = ScalarText.format(type, value);
        boolean finite = Double.isFinite(((Number) value).doubleValue());
        out.append(finite ? number : '"' + number + '"');
      }
      case DECIMAL, STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          quote(out, ScalarText.format(type, value));
      case ARRAY -> {
        String separator = "[";
        for (Object element : ScalarText.as(List.class, type, value)) {
          out.append(separator);
          append(out, type.children().get(0), element);
          separator = ",";
        }
        out.append(separator.equals("[") ? "[]" : "]");
      }
      case MAP -> appendMap(out, type, ScalarText.as(Map.class, type, value));
      case STRUCT -> appendStruct(out, type, StructValue.of(type, value));
    }
  }

  private static void appendMap(StringBuilder out, ValueType type, Map<?, ?> map)
      throws UnwritableValueException {
    TreeMap<String, Object> sorted = new TreeMap<>(ValueOrder::compareUtf8);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      sorted.put(key(type.children().get(0), entry.getKey()), entry.getValue());
    }
    if (sorted.size() != map.size()) {
      throw new UnwritableValueException("WRONG_TYPE", "the map has two equal keys");
    }
    appendObject(out, sorted, type.children().get(1));
  }

  private static void appendObject(StringBuilder out, Map<String, Object> entries, ValueType type)
      throws UnwritableValueException {
    String separator = "{";
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      out.append(separator);
      quote(out, entry.getKey());
      out.append(':');
      append(out, type, entry.getValue());
      separator = ",";
    }
    out.append(entries.isEmpty() ? "{}" : "}");
  }

  private static void appendStruct(StringBuilder out, ValueType type, List<?> values)
      throws UnwritableValueException {
    out.append('{');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      quote(out, type.fields().get(i));
      out.append(':');
      append(out, type.children().get(i), values.get(i));
    }
    out.append('}');
  }

  private static String key(ValueType type, Object key) throws UnwritableValueException {
    if (key == null) {
      throw new UnwritableValueException("WRONG_TYPE", "the map has a null key");
    }
    return type.children().isEmpty() ? ScalarText.format(type, key) : write(type, key);
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    ENCODER.quoteAsString(text, out);
    out.append('"');
  }

  private static Object value(ValueType type, JsonNode node) {
    if (node.isNull() || node.isMissingNode()) {
      return null;
    }
    return switch (type.kind()) {
      case ARRAY -> {
        List<Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(value(type.children().get(0), element)));
        yield list;
      }
      case MAP -> {
        ValueType keys = type.children().get(0);
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          Object key =
              keys.children().isEmpty()
                  ? ScalarText.parse(keys, entry.getKey())
                  : read(keys, entry.getKey());
          map.put(key, value(type.children().get(1), entry.getValue()));
        }
        yield map;
      }
      case STRUCT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < type.fields().size(); i++) {
          String name = type.fields().get(i);
          fields.put(name, value(type.children().get(i), node.path(name)));
        }
        yield fields;
      }
      case BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL -> scalar(type, node);
      case STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ -> scalar(type, node);
    };
  }

  private static Object scalar(ValueType type, JsonNode node) {
    return ScalarText.parse(type, node.asText());
  }
}
