package io.fsmigrate.online;

import java.util.List;
import java.util.stream.Collectors;

/** Names in standard SQL: always quoted, so that every feature's name is a column's name. */
final class SqlNames {
  private SqlNames() {}

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String list(List<String> names) {
    return names.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
  }

  static String parameters(int count) {
    return String.join(", ", java.util.Collections.nCopies(count, "?"));
  }
}
