package io.fsmigrate.emulator.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import java.io.IOException;

/** The one JSON reader and writer. */
public final class Json {
  /** For streaming; strings may be as long as a request. */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private static final ObjectMapper MAPPER =
      new ObjectMapper(FACTORY).setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  private Json() {}

  /** An object of names and values in turn; a null value is left out. */
  public static ObjectNode object(Object... namesAndValues) {
    ObjectNode node = MAPPER.createObjectNode();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        node.set((String) namesAndValues[i], MAPPER.valueToTree(namesAndValues[i + 1]));
      }
    }
    return node;
  }

  /** Any value as a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Any value as UTF-8 JSON. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not a value of JSON: " + value.getClass(), e);
    }
  }

  /** Any value as JSON text. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Not a value of JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads an object; nothing is an empty object.
   *
   * @throws ServiceException 400 SerializationException when it is not JSON
   */
  public static ObjectNode read(byte[] body) {
    try {
      JsonNode node = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw unreadable(e.getMessage());
    }
    throw unreadable("the body is not a JSON object");
  }

  /**
   * Reads a value of a class whose properties are the only ones known.
   *
   * @throws ServiceException 400 SerializationException when it is not that
   */
  public static <T> T read(byte[] body, Class<T> type) {
    try {
      return MAPPER.readValue(body, type);
    } catch (IOException e) {
      throw unreadable(e.getMessage());
    }
  }

  /** The error of a body that cannot be read. */
  public static ServiceException unreadable(String reason) {
    return new ServiceException(400, "SerializationException", "Cannot read the body: " + reason);
  }
}
