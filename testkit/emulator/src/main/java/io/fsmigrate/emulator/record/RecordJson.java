package io.fsmigrate.emulator.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes the runtime's JSON piece by piece, since it comes by the thousand. */
final class RecordJson {
  private RecordJson() {}

  /** Reads the fields of an object. */
  @FunctionalInterface
  interface FieldReader {
    /** Reads the value that the parser stands on, to its last token, or leaves it unread. */
    boolean read(String field, JsonParser parser) throws IOException;
  }

  /** Writes a body. */
  @FunctionalInterface
  interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * Reads a body that is one object; nothing counts as an empty one.
   *
   * @throws ServiceException SerializationException when it is not
   */
  static void body(byte[] body, FieldReader reader) {
    if (body.length == 0) {
      return;
    }
    try (JsonParser parser = Json.FACTORY.createParser(body)) {
      parser.nextToken();
      object(parser, reader);
    } catch (IOException e) {
      throw Json.unreadable(e.getMessage());
    }
  }

  static void object(JsonParser parser, FieldReader reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Json.unreadable("an object is expected");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL && !reader.read(field, parser)) {
        parser.skipChildren();
      }
    }
  }

  static List<FeatureValue> features(JsonParser parser) throws IOException {
    List<FeatureValue> features = new ArrayList<>(12);
    requireArray(parser);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      features.add(feature(parser));
    }
    return features;
  }

  private static FeatureValue feature(JsonParser parser) throws IOException {
    String name = null;
    String text = null;
    List<String> texts = null;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Json.unreadable("a feature value is an object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "FeatureName" -> name = string(parser);
        case "ValueAsString" -> text = string(parser);
        case "ValueAsStringList" -> texts = strings(parser);
        default -> parser.skipChildren();
      }
    }
    if (name == null) {
      throw ServiceException.validation("Validation Error: a feature has no FeatureName");
    }
    return new FeatureValue(name, text, texts);
  }

  static List<String> strings(JsonParser parser) throws IOException {
    requireArray(parser);
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(string(parser));
    }
    return texts;
  }

  static String string(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Json.unreadable("a string is expected, not " + parser.currentToken());
    }
    return parser.getText();
  }

  static Ttl ttl(JsonParser parser) throws IOException {
    String[] unit = {""};
    long[] value = {0};
    object(
        parser,
        (field, in) -> {
          if (field.equals("Unit")) {
            unit[0] = string(in);
          } else if (field.equals("Value")) {
            value[0] = in.getValueAsLong();
          }
          return true;
        });
    return new Ttl(unit[0], value[0]);
  }

  private static void requireArray(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw Json.unreadable("an array is expected");
    }
  }

  static byte[] write(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Writes a record as an array of feature values; only some of them if names are given. */
  static void record(JsonGenerator out, Schema schema, byte[] record, List<String> names)
      throws IOException {
    Object[] values = StoredRecord.values(record, schema.features().size());
    out.writeStartArray();
    for (int i = 0; i < values.length; i++) {
      String name = schema.features().get(i).name();
      if (values[i] == null || (!names.isEmpty() && !names.contains(name))) {
        continue;
      }
      out.writeStartObject();
      out.writeStringField("FeatureName", name);
      if (values[i] instanceof String text) {
        out.writeStringField("ValueAsString", text);
      } else {
        out.writeArrayFieldStart("ValueAsStringList");
        for (Object text : (List<?>) values[i]) {
          out.writeString((String) text);
        }
        out.writeEndArray();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
