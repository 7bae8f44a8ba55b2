package io.fsmigrate.online.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server lets a user do.
 *
 * @param schemaThere whether there is such a schema; otherwise it has no privileges either
 * @param tableThere likewise
 * @param missing privileges that writing needs, but for the creation of a table
 */
record Grants(
    String user,
    String encoding,
    boolean readOnly,
    boolean schemaThere,
    boolean tableThere,
    boolean mayCreate,
    List<String> missing) {
  private static final String QUERY =
      """
      SELECT current_user, current_setting('server_encoding'),
        pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean,
        has_database_privilege(current_database(), 'TEMPORARY'),
        n.oid IS NOT NULL, coalesce(has_schema_privilege(n.oid, 'USAGE'), false),
        coalesce(has_schema_privilege(n.oid, 'CREATE'), false), c.oid IS NOT NULL,
        coalesce(has_table_privilege(c.oid, 'SELECT'), false),
        coalesce(has_table_privilege(c.oid, 'INSERT'), false),
        coalesce(has_table_privilege(c.oid, 'UPDATE'), false)
      FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = ?
      LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ?\
      """;

  Grants {
    missing = List.copyOf(missing);
  }

  static Grants of(Connection connection, String schema, String table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
      statement.setString(1, schema);
      statement.setString(2, table);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Grants(
            row.getString(1),
            row.getString(2),
            row.getBoolean(3),
            row.getBoolean(5),
            row.getBoolean(8),
            row.getBoolean(7),
            missing(row, schema, table));
      }
    }
  }

  private static List<String> missing(ResultSet row, String schema, String table)
      throws SQLException {
    List<String> missing = new ArrayList<>();
    if (!row.getBoolean(4)) {
      missing.add("TEMPORARY on the database");
    }
    if (row.getBoolean(5) && !row.getBoolean(6)) {
      missing.add("USAGE on schema " + schema);
    }
    if (row.getBoolean(8)) {
      String[] privileges = {"SELECT", "INSERT", "UPDATE"};
      for (int i = 0; i < privileges.length; i++) {
        if (!row.getBoolean(9 + i)) {
          missing.add("%s on table %s".formatted(privileges[i], table));
        }
      }
    }
    return missing;
  }

  /**
   * Refuses what would keep records from being written.
   *
   * @throws io.fsmigrate.error.FsMigrateException POSTGRES_READ_ONLY, POSTGRES_ENCODING,
   *     POSTGRES_SCHEMA_MISSING, POSTGRES_TABLE_MISSING, POSTGRES_NO_PRIVILEGE
   */
  void require(PostgresSettings settings, String table) {
    if (readOnly) {
      throw PostgresErrors.readOnly(settings.place());
    }
    if (!encoding.equals("UTF8")) {
      throw PostgresErrors.notUtf8(settings.place(), encoding);
    }
    if (!schemaThere) {
      throw PostgresErrors.noSchema(settings.place(), settings.schema());
    }
    if (!tableThere && !settings.createTable()) {
      throw PostgresErrors.noTable(settings.place(), table, settings.store());
    }
    List<String> all = new ArrayList<>(missing);
    if (!tableThere && !mayCreate) {
      all.add("CREATE on schema " + settings.schema());
    }
    if (!all.isEmpty()) {
      throw PostgresErrors.noPrivileges(settings.place(), user, all);
    }
  }
}
