package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.jdbc.JdbcServingPointer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a user may do with the pointer's table and its view, found out before they are needed. */
record PointerRights(PostgresSettings settings, PostgresDialect dialect) {
  private static final String QUERY =
      """
      SELECT current_user, has_schema_privilege(n.oid, 'CREATE'), t.oid IS NOT NULL,
        coalesce(has_table_privilege(t.oid, 'SELECT') AND has_table_privilege(t.oid, 'INSERT')
          AND has_table_privilege(t.oid, 'UPDATE'), false),
        v.oid IS NOT NULL, coalesce(pg_has_role(v.relowner, 'USAGE'), false)
      FROM pg_namespace n LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = ?
      LEFT JOIN pg_class v ON v.relnamespace = n.oid AND v.relname = ? WHERE n.nspname = ?\
      """;

  /**
   * Refuses what would keep the pointer from being moved.
   *
   * @param view the view that goes with it; empty for none
   * @throws io.fsmigrate.error.FsMigrateException SERVING_TABLE_MISSING, POSTGRES_NO_PRIVILEGE
   */
  void require(Connection connection, Optional<String> view) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, JdbcServingPointer.TABLE);
      statement.setString(2, view.orElse(""));
      statement.setString(3, settings.schema());
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          require(row, view);
        }
      }
    }
  }

  private void require(ResultSet row, Optional<String> view) throws SQLException {
    boolean mayCreate = row.getBoolean(2);
    if (!row.getBoolean(3) && !(mayCreate && settings.createTable())) {
      throw OnlineErrors.noPointerTable(
          settings.place(),
          JdbcServingPointer.create(dialect),
          settings.store(),
          settings.createTable()
              ? "the user %s lacks CREATE on schema %s"
                  .formatted(row.getString(1), settings.schema())
              : "create-table is false");
    }
    List<String> missing = new ArrayList<>();
    if (row.getBoolean(3) && !row.getBoolean(4)) {
      missing.add("SELECT, INSERT and UPDATE on table " + JdbcServingPointer.TABLE);
    }
    if (view.isPresent() && !mayCreate) {
      missing.add(
          "CREATE on schema %s for view %s (or set serving-view = none)"
              .formatted(settings.schema(), view.get()));
    }
    if (view.isPresent() && row.getBoolean(5) && !row.getBoolean(6)) {
      missing.add("ownership of view " + view.get());
    }
    if (!missing.isEmpty()) {
      throw PostgresErrors.noPrivileges(settings.place(), row.getString(1), missing);
    }
  }
}
