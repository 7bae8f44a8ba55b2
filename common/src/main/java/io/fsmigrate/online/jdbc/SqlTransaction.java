package io.fsmigrate.online.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Several statements of which all have effect, or none. */
final class SqlTransaction {
  private SqlTransaction() {}

  /** Commits where the work says so; what it throws undoes everything. */
  static boolean in(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      done = work.isToStay();
      if (done) {
        connection.commit();
      }
      return done;
    } finally {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  /** What is done in it. */
  interface Work {
    boolean isToStay() throws SQLException;
  }
}
