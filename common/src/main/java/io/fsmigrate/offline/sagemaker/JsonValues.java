package io.fsmigrate.offline.sagemaker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Maps, structs and nested arrays as JSON text, and back, in the form of the online stores: map
 * keys as texts in order, struct fields in the order of the type with null for absent ones,
 * booleans and numbers as such, NaN, infinities, decimals, dates, times and base64 as strings.
 */
final class JsonValues {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

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
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private JsonValues() {}

  /** The value as Spark's functions take it; null where the text is not one of the type. */
  static Object readOrNull(DataType type, String text) {
    try {
      return value(type, READER.readTree(text));
    } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException e) {
      return null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Object value(DataType type, JsonNode node) throws JsonProcessingException {
    if (node.isNull()) {
      return null;
    }
    if (type instanceof ArrayType array) {
      List<Object> values = new ArrayList<>(require(node.isArray(), node).size());
      for (JsonNode element : node) {
        values.add(value(array.elementType(), element));
      }
      return values;
    }
    if (type instanceof MapType map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : require(node.isObject(), node).properties()) {
        entries.put(key(map.keyType(), entry.getKey()), value(map.valueType(), entry.getValue()));
      }
      require(entries.size() == node.size(), node);
      return entries;
    }
    if (type instanceof StructType struct) {
      return struct(struct, require(node.isObject(), node));
    }
    return scalar(type, node);
  }

  private static Row struct(StructType type, JsonNode node) throws JsonProcessingException {
    Object[] values = new Object[type.size()];
    int known = 0;
    for (int i = 0; i < values.length; i++) {
      StructField field = type.fields()[i];
      JsonNode there = node.get(field.name());
      if (there != null) {
        known++;
        values[i] = value(field.dataType(), there);
      }
    }
    // A field that the type does not have would be lost.
    require(known == node.size(), node);
    return RowFactory.create(values);
  }

  private static Object key(DataType type, String text) throws JsonProcessingException {
    boolean nested =
        type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
    return nested ? value(type, READER.readTree(text)) : ofText(type, text);
  }

  private static Object scalar(DataType type, JsonNode node) {
    if (type instanceof BooleanType) {
      require(node.isBoolean(), node);
    } else if (type instanceof StringType) {
      require(node.isTextual(), node);
    } else {
      require(node.isValueNode() && !node.isBoolean(), node);
    }
    return ofText(type, node.asText());
  }

  private static JsonNode require(boolean holds, JsonNode node) {
    if (!holds) {
      throw new IllegalArgumentException("A JSON " + node.getNodeType() + " is not of the type");
    }
    return node;
  }

  private static Object ofText(DataType type, String text) {
    if (type instanceof StringType) {
      return text;
    } else if (type instanceof BooleanType) {
      if (!text.equals("true") && !text.equals("false")) {
        throw new IllegalArgumentException(text);
      }
      return text.equals("true");
    } else if (type instanceof ByteType) {
      return Byte.valueOf(text);
    } else if (type instanceof ShortType) {
      return Short.valueOf(text);
    } else if (type instanceof IntegerType) {
      return Integer.valueOf(text);
    } else if (type instanceof LongType) {
      return Long.valueOf(text);
    } else if (type instanceof FloatType) {
      return Float.valueOf(text);
    } else if (type instanceof DoubleType) {
      return Double.valueOf(text);
    } else if (type instanceof DecimalType decimal) {
      BigDecimal value = new BigDecimal(text).setScale(decimal.scale());
      if (value.precision() > decimal.precision()) {
        throw new ArithmeticException(text);
      }
      return value;
    } else if (type instanceof BinaryType) {
      return Base64.getDecoder().decode(text);
    } else if (type instanceof DateType) {
      return LocalDate.parse(text);
    } else if (type instanceof TimestampType) {
      return Instant.parse(text);
    } else if (type instanceof TimestampNTZType) {
      return LocalDateTime.ofInstant(Instant.parse(text), ZoneOffset.UTC);
    }
    throw new IllegalStateException("A feature has no " + type.simpleString());
  }

  /** The text of a value as Spark's functions give it. */
  static String write(DataType type, Object value) {
    StringBuilder out = new StringBuilder();
    append(out, type, value);
    return out.toString();
  }

  private static void append(StringBuilder out, DataType type, Object value) {
    if (value == null) {
      out.append("null");
    } else if (type instanceof ArrayType array) {
      String separator = "[";
      for (Object element : CollectionConverters.asJava((scala.collection.Seq<?>) value)) {
        out.append(separator);
        append(out, array.elementType(), element);
        separator = ",";
      }
      out.append(separator.equals("[") ? "[]" : "]");
    } else if (type instanceof MapType map) {
      Map<String, Object> sorted = new TreeMap<>(JsonValues::compareCodePoints);
      CollectionConverters.asJava((scala.collection.Map<?, ?>) value)
          .forEach((key, element) -> sorted.put(keyText(map.keyType(), key), element));
      String separator = "{";
      for (Map.Entry<String, Object> entry : sorted.entrySet()) {
        out.append(separator);
        quote(out, entry.getKey());
        append(out.append(':'), map.valueType(), entry.getValue());
        separator = ",";
      }
      out.append(separator.equals("{") ? "{}" : "}");
    } else if (type instanceof StructType struct) {
      Row row = (Row) value;
      for (int i = 0; i < struct.size(); i++) {
        quote(out.append(i == 0 ? "{" : ","), struct.fields()[i].name());
        append(out.append(':'), struct.fields()[i].dataType(), row.get(i));
      }
      out.append(struct.isEmpty() ? "{}" : "}");
    } else {
      boolean finite = value instanceof Number number && Double.isFinite(number.doubleValue());
      boolean bare = value instanceof Boolean || (finite && !(value instanceof BigDecimal));
      if (bare) {
        out.append(scalarText(value));
      } else {
        quote(out, scalarText(value));
      }
    }
  }

  private static String keyText(DataType type, Object key) {
    boolean nested =
        type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
    return nested ? write(type, key) : scalarText(key);
  }

  private static String scalarText(Object value) {
    if (value instanceof Float number) {
      return NumberOutput.toString(number + 0.0f, true);
    } else if (value instanceof Double number) {
      return NumberOutput.toString(number + 0.0, true);
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    } else if (value instanceof java.sql.Timestamp timestamp) {
      return timestamp.toInstant().toString();
    } else if (value instanceof LocalDateTime local) {
      return local.toInstant(ZoneOffset.UTC).toString();
    }
    return value.toString();
  }

  /** As UTF-8 bytes do. */
  private static int compareCodePoints(String one, String other) {
    return java.util.Arrays.compareUnsigned(
        one.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        other.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    ENCODER.quoteAsString(text, out);
    out.append('"');
  }
}
