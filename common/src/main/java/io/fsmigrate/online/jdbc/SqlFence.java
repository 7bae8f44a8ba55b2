package io.fsmigrate.online.jdbc;

import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A row in a table {@value #TABLE} for everything that is locked, with the token of its present
 * holder. A bucket's transaction looks at it, so that one of an earlier holder cannot end well.
 */
public final class SqlFence {
  /** Its name, without a schema. */
  public static final String TABLE = "fs_migrate_fences";

  /** SQL's state for what a user may not do. */
  private static final String NO_PRIVILEGE = "42501";

  private static final Logger LOG = LoggerFactory.getLogger(SqlFence.class);

  private final SqlDialect dialect;

  SqlFence(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Lets nobody commit a bucket any more who has a smaller token than this.
   *
   * @return whether it does; not where the table is missing and may not be made
   * @throws io.fsmigrate.error.FsMigrateException FENCED_OFF_IN_STORE if somebody has a larger one
   */
  boolean raise(Fence fence) {
    try (Connection connection = dialect.openToMove()) {
      if (!exists(connection)) {
        return false;
      }
      SqlTransaction.in(
          connection,
          () -> {
            dialect.beginChange(connection);
            insert(connection, fence);
            if (token(connection, dialect, fence, "").orElse(0) > fence.token()) {
              throw OnlineErrors.fencedOff(dialect.place(), fence.holder());
            }
            update(connection, fence);
            return true;
          });
      return true;
    } catch (SQLException e) {
      if (NO_PRIVILEGE.equals(e.getSQLState())) {
        warn("no rights on the table " + TABLE, e, "GRANT SELECT, INSERT, UPDATE");
        return false;
      }
      throw dialect.unavailable(e);
    }
  }

  private void warn(String why, SQLException e, String remedy) {
    LOG.warn(
        "{}: a process whose run was taken over is not refused here, because there is {} ({}); to have it: {}",
        dialect.place(),
        why,
        e.getMessage(),
        remedy);
  }

  private boolean exists(Connection connection) throws SQLException {
    if (dialect.kindOf(connection, TABLE).isPresent()) {
      return true;
    }
    String create =
        "CREATE TABLE %s (holder varchar(1000) PRIMARY KEY, token bigint NOT NULL)"
            .formatted(dialect.relation(TABLE));
    try (Statement statement = connection.createStatement()) {
      statement.execute(create);
      return true;
    } catch (SQLException e) {
      // Two that create it at once may meet in the catalog of the server.
      if (dialect.kindOf(connection, TABLE).isPresent()) {
        return true;
      }
      warn("no table " + TABLE, e, create);
      return false;
    }
  }

  private void insert(Connection connection, Fence fence) throws SQLException {
    execute(
        connection, "INSERT INTO %s (token, holder) VALUES (?, ?) ON CONFLICT DO NOTHING", fence);
  }

  private void update(Connection connection, Fence fence) throws SQLException {
    execute(connection, "UPDATE %s SET token = ? WHERE holder = ?", fence);
  }

  private void execute(Connection connection, String template, Fence fence) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(template.formatted(dialect.relation(TABLE)))) {
      statement.setLong(1, fence.token());
      statement.setString(2, fence.holder());
      statement.executeUpdate();
    }
  }

  /**
   * Makes sure, within a transaction, that it is the present holder's.
   *
   * @param locking what is added to the query so that the row stays as it is until the commit
   * @throws io.fsmigrate.error.FsMigrateException FENCED_OFF_IN_STORE if it is not
   */
  public static void require(Connection connection, SqlDialect dialect, Fence fence, String locking)
      throws SQLException {
    if (!fence.equals(Fence.NONE)
        && token(connection, dialect, fence, locking).orElse(0) != fence.token()) {
      throw OnlineErrors.fencedOff(dialect.place(), fence.holder());
    }
  }

  private static OptionalLong token(
      Connection connection, SqlDialect dialect, Fence fence, String locking) throws SQLException {
    String query =
        "SELECT token FROM %s WHERE holder = ?%s".formatted(dialect.relation(TABLE), locking);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, fence.holder());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }
}
