package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.jdbc.SqlNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A target's table in SQLite: how it is made, and whether one that is there fits. */
final class SqliteTable {
  private SqliteTable() {}

  static String create(String table, RecordLayout layout) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < layout.names().size(); i++) {
      String always = i == layout.id() || i == layout.eventTime() ? " NOT NULL" : "";
      String key = i == layout.id() ? " PRIMARY KEY" : "";
      columns.add(
          SqlNames.quote(layout.names().get(i))
              + " "
              + SqliteValues.columnType(layout.types().get(i))
              + always
              + key);
    }
    return "CREATE TABLE IF NOT EXISTS %s (%s)"
        .formatted(SqlNames.quote(table), String.join(", ", columns));
  }

  /** Whether there is a {@code table} or a {@code view} of that name. */
  static Optional<String> kind(Connection connection, String name) throws SQLException {
    return strings(
            connection,
            "SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE"
                + " AND type IN ('table', 'view')",
            name)
        .stream()
        .findFirst();
  }

  /** What does not fit, one difference each; empty without a table. */
  static Optional<List<String>> differences(
      Connection connection, String table, RecordLayout layout) throws SQLException {
    Optional<String> kind = kind(connection, table);
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    List<String> differences = new ArrayList<>();
    if (!kind.get().equals("table")) {
      differences.add("it is a " + kind.get());
    }
    String encoding = strings(connection, "PRAGMA encoding").get(0);
    if (!encoding.equals("UTF-8")) {
      differences.add("the database orders text by %s, not UTF-8".formatted(encoding));
    }
    compareColumns(connection, table, layout, differences);
    return Optional.of(differences);
  }

  private static void compareColumns(
      Connection connection, String table, RecordLayout layout, List<String> differences)
      throws SQLException {
    Map<String, String> left = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<String> keys = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY pk")) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          left.put(rows.getString(1), rows.getString(2));
          if (rows.getInt(3) > 0) {
            keys.add(rows.getString(1));
          }
        }
      }
    }
    for (int i = 0; i < layout.names().size(); i++) {
      String name = layout.names().get(i);
      String needed = SqliteValues.columnType(layout.types().get(i));
      String there = left.remove(name);
      if (there == null) {
        differences.add("it has no column %s (%s)".formatted(name, needed));
      } else if (!affinity(there).equals(needed)) {
        differences.add("column %s is %s and needs %s".formatted(name, there, needed));
      }
    }
    left.forEach((name, type) -> differences.add("column %s is no feature".formatted(name)));
    String id = layout.names().get(layout.id());
    if (keys.size() != 1 || !keys.get(0).equalsIgnoreCase(id)) {
      differences.add(
          "its primary key is (%s) and needs (%s)".formatted(String.join(", ", keys), id));
    }
  }

  /** What SQLite stores under a declared type, https://www.sqlite.org/datatype3.html 3.1. */
  private static String affinity(String declared) {
    String type = declared.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return "INTEGER";
    }
    if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return "TEXT";
    }
    if (type.contains("BLOB") || type.isEmpty()) {
      return "BLOB";
    }
    return type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")
        ? "REAL"
        : "NUMERIC";
  }

  private static List<String> strings(Connection connection, String query, String... parameters)
      throws SQLException {
    List<String> result = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          result.add(rows.getString(1));
        }
      }
    }
    return result;
  }
}
