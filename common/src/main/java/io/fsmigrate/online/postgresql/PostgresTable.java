package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.jdbc.SqlNames;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A target's table: how it is made, and whether one that is there fits. */
final class PostgresTable {
  /** A table has 1,600 columns at most, and rows on their way have two more. */
  private static final int MOST_FEATURES = 1_600 - RowEncoder.EXTRA_FIELDS;

  private static final int MOST_NAME_BYTES = 63;

  /** Every table has these already. */
  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

  private static final Optional<String> A_TABLE = Optional.of("a table");

  private PostgresTable() {}

  /**
   * What no table of PostgreSQL could hold, one obstacle each.
   *
   * @param layout of its columns
   */
  static List<String> obstacles(RecordLayout layout) {
    List<String> obstacles = new ArrayList<>();
    if (layout.names().size() > MOST_FEATURES) {
      obstacles.add(
          "%d features are more than the %d that a table can have"
              .formatted(layout.names().size(), MOST_FEATURES));
    }
    for (String name : layout.names()) {
      if (isTooLong(name)) {
        obstacles.add("the name %s is longer than %d bytes".formatted(name, MOST_NAME_BYTES));
      }
    }
    layout.names().stream()
        .filter(SYSTEM_COLUMNS::contains)
        .forEach(name -> obstacles.add("every table has a column %s of its own".formatted(name)));
    return obstacles;
  }

  /** Whether the server would cut a name, in silence. */
  static boolean isTooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES;
  }

  /**
   * @param relation the table with its schema, quoted
   */
  static String create(String relation, RecordLayout layout) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < layout.names().size(); i++) {
      String always = i == layout.id() || i == layout.eventTime() ? " NOT NULL" : "";
      String key = i == layout.id() ? " PRIMARY KEY" : "";
      columns.add(
          SqlNames.quote(layout.names().get(i))
              + " "
              + ColumnType.declared(layout.types().get(i))
              + always
              + key);
    }
    return "CREATE TABLE IF NOT EXISTS %s (%s)".formatted(relation, String.join(", ", columns));
  }

  /** What does not fit, one difference each; empty without a table. */
  static Optional<List<String>> differences(
      Connection connection, String schema, String table, RecordLayout layout) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ?")) {
      statement.setString(1, schema);
      statement.setString(2, table);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        List<String> differences = new ArrayList<>();
        kind(rows.getString(2)).ifPresent(kind -> differences.add("it is " + kind));
        if (differences.isEmpty()) {
          compareColumns(columns(connection, rows.getLong(1)), layout, differences);
          compareKey(connection, rows.getLong(1), layout, differences);
        }
        return Optional.of(differences);
      }
    }
  }

  /** What has that name, in words with an article; empty where nothing has. */
  static Optional<String> kind(Connection connection, String schema, String name)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE n.nspname = ? AND c.relname = ?")) {
      statement.setString(1, schema);
      statement.setString(2, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? kind(rows.getString(1)).or(() -> A_TABLE) : Optional.empty();
      }
    }
  }

  /** In words, unless it is a table. */
  private static Optional<String> kind(String relkind) {
    return switch (relkind) {
      case "r", "p" -> Optional.empty();
      case "v" -> Optional.of("a view");
      case "m" -> Optional.of("a materialized view");
      case "f" -> Optional.of("a foreign table");
      case "S" -> Optional.of("a sequence");
      default -> Optional.of("no table");
    };
  }

  private static void compareColumns(
      Map<String, Column> there, RecordLayout layout, List<String> differences) {
    Map<String, Column> left = new LinkedHashMap<>(there);
    for (int i = 0; i < layout.names().size(); i++) {
      String name = layout.names().get(i);
      String needed = ColumnType.of(layout.types().get(i));
      Column column = left.remove(name);
      if (column == null) {
        differences.add("it has no column %s (%s)".formatted(name, needed));
      } else if (!ColumnType.fits(layout.types().get(i), column.type)) {
        differences.add("column %s is %s and needs %s".formatted(name, column.type, needed));
      } else if (!column.deterministic) {
        differences.add(
            "column %s takes different texts for equal (its collation)".formatted(name));
      } else if (column.generated) {
        differences.add("column %s is generated".formatted(name));
      } else if (column.always && i != layout.id() && i != layout.eventTime()) {
        differences.add("column %s is NOT NULL and features may be absent".formatted(name));
      }
    }
    left.keySet().forEach(name -> differences.add("column %s is no feature".formatted(name)));
  }

  private static Map<String, Column> columns(Connection connection, long oid) throws SQLException {
    Map<String, Column> columns = new LinkedHashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod),"
                + " coalesce(c.collisdeterministic, true), a.attgenerated <> '', a.attnotnull"
                + " FROM pg_attribute a LEFT JOIN pg_collation c ON c.oid = a.attcollation"
                + " WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped"
                + " ORDER BY a.attnum")) {
      statement.setLong(1, oid);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.put(
              rows.getString(1),
              new Column(
                  rows.getString(2), rows.getBoolean(3), rows.getBoolean(4), rows.getBoolean(5)));
        }
      }
    }
    return columns;
  }

  private static void compareKey(
      Connection connection, long oid, RecordLayout layout, List<String> differences)
      throws SQLException {
    List<String> keys = new ArrayList<>();
    boolean immediate = true;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT a.attname, i.indimmediate FROM pg_index i JOIN pg_attribute a"
                + " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                + " WHERE i.indrelid = ? AND i.indisprimary ORDER BY a.attnum")) {
      statement.setLong(1, oid);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getString(1));
          immediate &= rows.getBoolean(2);
        }
      }
    }
    String id = layout.names().get(layout.id());
    if (!keys.equals(List.of(id))) {
      differences.add(
          "its primary key is (%s) and needs (%s)".formatted(String.join(", ", keys), id));
    } else if (!immediate) {
      differences.add("its primary key is deferrable");
    }
  }

  /** A column that is there. */
  private record Column(String type, boolean deterministic, boolean generated, boolean always) {}
}
