package io.fsmigrate.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Records as JSON and back, the same everywhere: instants as ISO-8601 text in UTC, feature versions
 * as text, components in the order of the record, map entries in the order of their keys, an absent
 * {@code Optional} left out. Keys that the record does not know are skipped, so that an older
 * program can read what a newer one wrote.
 */
public final class Json {
  private final ObjectMapper mapper;
  private final ObjectWriter pretty;

  /** A mapper with the house's rules. Safe to share between threads. */
  public Json() {
    SimpleModule texts = new SimpleModule("fs-migrate");
    texts.addSerializer(Instant.class, new InstantWriter());
    texts.addDeserializer(Instant.class, new InstantReader());
    texts.addSerializer(FeatureVersion.class, new FeatureVersionWriter());
    texts.addDeserializer(FeatureVersion.class, new FeatureVersionReader());
    mapper =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(texts)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();
    pretty = mapper.writerWithDefaultPrettyPrinter();
  }

  /** One line, equal for equal values. */
  public String compact(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass().getName(), e);
    }
  }

  /** Indented, for people. */
  public String pretty(Object value) {
    try {
      return pretty.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass().getName(), e);
    }
  }

  /**
   * The value that {@code text} stands for.
   *
   * @param origin where the text came from, for the message
   * @throws FsMigrateException with code {@code INVALID_JSON} if the text is not such a value
   */
  public <T> T read(String origin, String text, Class<T> type) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw StateErrors.invalidJson(origin, type.getSimpleName(), e);
    }
  }

  /** The same for a generic type. */
  public <T> T read(String origin, String text, TypeReference<T> type) {
    try {
      return mapper.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw StateErrors.invalidJson(origin, type.getType().getTypeName(), e);
    }
  }

  /** The text as a tree, for callers that look before they bind. */
  public JsonNode tree(String origin, String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      throw StateErrors.invalidJson(origin, "document", e);
    }
  }

  private static final class InstantWriter extends StdScalarSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class InstantReader extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getValueAsString("");
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        return (Instant)
            context.handleWeirdStringValue(Instant.class, text, "not an ISO-8601 UTC time");
      }
    }
  }

  private static final class FeatureVersionWriter extends StdScalarSerializer<FeatureVersion> {
    private static final long serialVersionUID = 1L;

    FeatureVersionWriter() {
      super(FeatureVersion.class);
    }

    @Override
    public void serialize(FeatureVersion value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.text());
    }
  }

  private static final class FeatureVersionReader extends StdScalarDeserializer<FeatureVersion> {
    private static final long serialVersionUID = 1L;

    FeatureVersionReader() {
      super(FeatureVersion.class);
    }

    @Override
    public FeatureVersion deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      String text = in.getValueAsString("");
      try {
        return new FeatureVersion(text);
      } catch (FsMigrateException e) {
        return (FeatureVersion)
            context.handleWeirdStringValue(FeatureVersion.class, text, "not a feature version");
      }
    }
  }
}
