package io.fsmigrate.online.jdbc;

import java.util.List;
import java.util.stream.Collectors;

/** Names in standard SQL: always quoted, so that every feature's name is a column's name. */
public final class SqlNames {
  private SqlNames() {}

  /** The name in double quotes. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The quoted names, separated by commas. */
  public static String list(List<String> names) {
    return names.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
  }

  /** That many question marks, separated by commas. */
  public static String parameters(int count) {
    return String.join(", ", java.util.Collections.nCopies(count, "?"));
  }
}
