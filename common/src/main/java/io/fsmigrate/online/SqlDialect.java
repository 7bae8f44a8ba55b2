package io.fsmigrate.online;

import io.fsmigrate.error.FsMigrateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What differs between databases: how to reach one, how it holds values and how it compares them.
 * {@link JdbcOnlineStore} does the rest.
 *
 * <p>Connections are handed out in auto-commit mode and closed by the caller. Turning auto-commit
 * off takes what one writer needs to be alone, turning it on again commits.
 */
interface SqlDialect {
  /** Where the database is, for messages; no secret. */
  String place();

  /** The table's name, without quotes. */
  String table(String group);

  /** See {@link OnlineStore#writesFromDriver}. */
  boolean writesFromDriver();

  /** Refuses what is wrong around the database and can be told without opening it. */
  void checkReachable(boolean clusterMaster);

  /** A connection that changes nothing, or empty where there is no database yet. */
  Optional<Connection> openToRead() throws SQLException;

  /** A connection that may create the database. */
  Connection openToPrepare() throws SQLException;

  /** A connection to write records of that layout to a prepared database. */
  Connection openToWrite(RecordLayout layout) throws SQLException;

  /** What keeps the table from holding the layout, one difference each; empty without a table. */
  Optional<List<String>> differences(Connection connection, String table, RecordLayout layout)
      throws SQLException;

  /** Creates the table unless it is there. */
  String createTable(String table, RecordLayout layout);

  /**
   * One statement that takes a record's columns in order and inserts it, or replaces the record
   * with its identifier where {@link TieRule} lets it win or finds them equal; its update count is
   * 0 where it loses.
   */
  String upsert(String table, RecordLayout layout);

  /** The value as the driver binds it. */
  Object toColumn(ValueType type, Object value) throws UnwritableValueException;

  /** The value as it was before {@link #toColumn}. */
  Object fromColumn(ValueType type, Object column);

  /** Why the record is to blame for a failed statement; empty where the store is. */
  Optional<FailedWrite> blame(SQLException failure, int index);

  /** The store's failure in words for people. */
  FsMigrateException unavailable(SQLException failure);
}
