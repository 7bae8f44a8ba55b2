package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.jdbc.SqlNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A view that shows one table after the other. Where its columns change, PostgreSQL wants it
 * dropped and made again; who may read it is then granted again, all in the caller's transaction.
 *
 * @param place of the database, for messages
 * @param name with its schema, quoted
 */
record ServingView(String place, String name) {
  /** It may get more columns at its end, and no other change. */
  private static final String INVALID_DEFINITION = "42P16";

  private static final String DEPENDENTS = "2BP01";

  void show(Connection connection, String relation, List<String> columns) throws SQLException {
    String query = "VIEW %s AS SELECT %s FROM %s".formatted(name, SqlNames.list(columns), relation);
    Savepoint before = connection.setSavepoint();
    try {
      execute(connection, "CREATE OR REPLACE " + query);
    } catch (SQLException e) {
      if (!INVALID_DEFINITION.equals(e.getSQLState())) {
        throw e;
      }
      connection.rollback(before);
      List<String> rights = rights(connection);
      drop(connection);
      execute(connection, "CREATE " + query);
      for (String right : rights) {
        execute(connection, right);
      }
    }
  }

  private void drop(Connection connection) throws SQLException {
    try {
      execute(connection, "DROP VIEW " + name);
    } catch (SQLException e) {
      if (DEPENDENTS.equals(e.getSQLState())) {
        throw PostgresErrors.viewInUse(place, name, e);
      }
      throw e;
    }
  }

  /** Statements that give the view its owner and everybody's rights again. */
  private List<String> rights(Connection connection) throws SQLException {
    String query =
        """
        SELECT format('GRANT %s ON %s TO %s%s', a.privilege_type, v.name,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
            CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
          FROM (SELECT CAST(? AS text) AS name) AS v JOIN pg_class c ON c.oid = to_regclass(v.name),
            aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner
        UNION ALL
        SELECT format('ALTER VIEW %s OWNER TO %I', v.name, pg_get_userbyid(c.relowner))
          FROM (SELECT CAST(? AS text) AS name) AS v JOIN pg_class c ON c.oid = to_regclass(v.name)
          WHERE pg_get_userbyid(c.relowner) <> current_user\
        """;
    List<String> rights = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      statement.setString(2, name);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          rights.add(rows.getString(1));
        }
      }
    }
    return rights;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
