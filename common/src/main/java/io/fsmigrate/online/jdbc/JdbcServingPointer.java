package io.fsmigrate.online.jdbc;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row for each feature group in a table {@value #TABLE}, and a view of the group's name that
 * shows the table which is served. Both change in one transaction, so that an application that
 * queries the view and one that reads the row see the same.
 */
public final class JdbcServingPointer implements ServingPointer {
  /** Its name, without a schema. */
  public static final String TABLE = "fs_migrate_serving";

  private static final List<String> COLUMNS =
      List.of("version", "key_version", "place", "moved_at", "moved_by");

  private final String store;
  private final SqlDialect dialect;

  JdbcServingPointer(String store, SqlDialect dialect) {
    this.store = store;
    this.dialect = dialect;
  }

  /** A row, and the view that was made with it. */
  private record Row(Served served, Optional<String> view) {}

  @Override
  public Optional<Served> read(String group) {
    try {
      Optional<Connection> there = dialect.openToRead();
      if (there.isEmpty()) {
        return Optional.empty();
      }
      try (Connection connection = there.get()) {
        return row(connection, group).map(Row::served);
      }
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  @Override
  public void check(String group, String place) {
    try {
      Optional<Connection> there = dialect.openToRead();
      if (there.isEmpty()) {
        return;
      }
      try (Connection connection = there.get()) {
        Optional<String> view = view(group, place);
        if (view.isPresent()) {
          requireOurs(connection, view.get(), row(connection, group));
        }
        dialect.checkMovable(connection, view);
      }
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  @Override
  public boolean move(Served to, Optional<Served> expected) {
    try (Connection connection = dialect.openToMove()) {
      createTable(connection);
      return SqlTransaction.in(
          connection,
          () -> {
            dialect.beginChange(connection);
            Optional<Row> before = row(connection, to.group());
            Optional<String> view = view(to.group(), to.place());
            if (!set(connection, to, expected, view)) {
              // Done before: the answer to it was lost.
              return before.map(Row::served).equals(Optional.of(to));
            }
            show(connection, to.place(), view, before);
            return true;
          });
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  /** No view where the table has its name already. */
  private Optional<String> view(String group, String place) {
    return dialect.servingView(group).filter(name -> !name.equals(place));
  }

  private void show(
      Connection connection, String place, Optional<String> view, Optional<Row> before)
      throws SQLException {
    Optional<String> old = before.flatMap(Row::view);
    if (old.isPresent() && !old.equals(view) && isView(connection, old.get())) {
      // It would go on showing what is not served any more.
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP VIEW " + dialect.relation(old.get()));
      }
    }
    if (view.isPresent()) {
      requireOurs(connection, view.get(), before);
      dialect.replaceView(
          connection, view.get(), place, SqlColumns.of(connection, dialect.relation(place)));
    }
  }

  /** A view of that name is ours if the row says that we have made it. */
  private void requireOurs(Connection connection, String view, Optional<Row> row)
      throws SQLException {
    Optional<String> kind = dialect.kindOf(connection, view);
    boolean made = row.flatMap(Row::view).equals(Optional.of(view));
    if (kind.isPresent() && !(made && isView(connection, view))) {
      throw OnlineErrors.viewNameTaken(dialect.place(), view, kind.get(), store);
    }
  }

  private boolean isView(Connection connection, String name) throws SQLException {
    return dialect.kindOf(connection, name).equals(Optional.of("a view"));
  }

  private boolean set(
      Connection connection, Served to, Optional<Served> expected, Optional<String> view)
      throws SQLException {
    List<String> parameters = new ArrayList<>(values(to));
    parameters.add(view.orElse(null));
    parameters.add(to.group());
    String statement;
    if (expected.isPresent()) {
      parameters.addAll(values(expected.get()));
      statement =
          "UPDATE %s SET %s = ?, serving_view = ? WHERE feature_group = ? AND %s = ?"
              .formatted(
                  table(), String.join(" = ?, ", COLUMNS), String.join(" = ? AND ", COLUMNS));
    } else {
      statement =
          "INSERT INTO %s (%s, serving_view, feature_group) VALUES (%s) ON CONFLICT DO NOTHING"
              .formatted(
                  table(), String.join(", ", COLUMNS), SqlNames.parameters(COLUMNS.size() + 2));
    }
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < parameters.size(); i++) {
        prepared.setString(i + 1, parameters.get(i));
      }
      return prepared.executeUpdate() == 1;
    }
  }

  private Optional<Row> row(Connection connection, String group) throws SQLException {
    if (dialect.kindOf(connection, TABLE).isEmpty()) {
      return Optional.empty();
    }
    String query =
        "SELECT %s, serving_view FROM %s WHERE feature_group = ?"
            .formatted(String.join(", ", COLUMNS), table());
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, group);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row(row, group)) : Optional.empty();
      }
    }
  }

  private Row row(ResultSet row, String group) throws SQLException {
    try {
      return new Row(
          new Served(
              group,
              new FeatureVersion(row.getString(1)),
              new FeatureVersion(row.getString(2)),
              row.getString(3),
              Instant.parse(row.getString(4)),
              row.getString(5)),
          Optional.ofNullable(row.getString(6)));
    } catch (RuntimeException e) {
      throw OnlineErrors.pointerUnreadable(
          store, "the row of %s in table %s".formatted(group, TABLE), e.getMessage());
    }
  }

  private static List<String> values(Served served) {
    return List.of(
        served.version().text(),
        served.keyVersion().text(),
        served.place(),
        served.at().toString(),
        served.by());
  }

  private void createTable(Connection connection) throws SQLException {
    if (dialect.kindOf(connection, TABLE).isPresent()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(create(dialect));
    } catch (SQLException e) {
      // Two that create it at once may meet in the catalog of the server.
      if (dialect.kindOf(connection, TABLE).isEmpty()) {
        throw e;
      }
    }
  }

  /** The statement that makes the table. */
  public static String create(SqlDialect dialect) {
    return "CREATE TABLE IF NOT EXISTS %s (feature_group text PRIMARY KEY, %s text NOT NULL, serving_view text)"
        .formatted(dialect.relation(TABLE), String.join(" text NOT NULL, ", COLUMNS));
  }

  private String table() {
    return dialect.relation(TABLE);
  }
}
