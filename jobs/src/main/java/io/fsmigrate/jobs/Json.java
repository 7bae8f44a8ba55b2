package io.fsmigrate.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** Result records as JSON documents, each named by its schema and the schema's version. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .serializationInclusion(JsonInclude.Include.NON_ABSENT)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private Json() {}

  /**
   * One document: the schema name first, then the components of the result.
   *
   * @param schema for example {@code fs-migrate/branch-list/1}; the number grows when a reader of
   *     the old form would be misled
   */
  static String document(String schema, Record result) {
    ObjectNode document = MAPPER.createObjectNode().put("schema", schema);
    document.setAll((ObjectNode) MAPPER.valueToTree(result));
    DefaultIndenter newline = new DefaultIndenter("  ", "\n");
    try {
      return MAPPER
          .writer(new DefaultPrettyPrinter().withObjectIndenter(newline).withArrayIndenter(newline))
          .writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + schema + " as JSON", e);
    }
  }
}
