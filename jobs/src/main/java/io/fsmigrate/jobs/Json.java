package io.fsmigrate.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Result records as JSON documents, each named by its schema and the schema's version. */
final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final io.fsmigrate.state.Json VALUES = new io.fsmigrate.state.Json();

  private Json() {}

  /**
   * One document: the schema name first, then the components of the result.
   *
   * @param schema for example {@code fs-migrate/branch-list/1}; the number grows when a reader of
   *     the old form would be misled
   */
  static String document(String schema, Record result) {
    ObjectNode document = MAPPER.createObjectNode().put("schema", schema);
    document.setAll((ObjectNode) VALUES.tree(schema, VALUES.compact(result)));
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
