package io.fsmigrate.online.jdbc;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.WriteContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What differs between databases: how to reach one, how it holds values and how it takes records.
 * {@link JdbcOnlineStore} does the rest.
 *
 * <p>Connections are handed out in auto-commit mode and closed by the caller.
 */
public interface SqlDialect {
  /** Where the database is, for messages; no secret. */
  String place();

  /** The table's name, without quotes. */
  String table(String group);

  /** The table as statements name it. */
  default String relation(String table) {
    return SqlNames.quote(table);
  }

  /** See {@link OnlineStore#writesFromDriver}. */
  boolean writesFromDriver();

  /** See {@link OnlineStore#keepsWritersOut}. */
  boolean keepsWritersOut();

  /** Refuses what is wrong and can be told without the table. */
  void checkReachable(boolean clusterMaster);

  /** A connection that changes nothing, or empty where there is no database yet. */
  Optional<Connection> openToRead() throws SQLException;

  /** A connection that may create the database. */
  Connection openToPrepare() throws SQLException;

  /** A connection that removes records of that layout from a prepared database. */
  Connection openToClear(RecordLayout layout) throws SQLException;

  /** What keeps the table from holding the layout, one difference each; empty without a table. */
  Optional<List<String>> differences(Connection connection, String table, RecordLayout layout)
      throws SQLException;

  /** Refuses what would keep records from being written and shows only once it is connected. */
  default void checkWritable(Connection connection, String table, RecordLayout layout)
      throws SQLException {}

  /** Creates the table unless it is there. */
  void create(Connection connection, String table, RecordLayout layout) throws SQLException;

  /** A writer to a prepared table. */
  RecordWriter writer(
      VersionedGroup target, String table, RecordLayout layout, WriteContext context)
      throws SQLException;

  /** The value as the driver binds it, where it is a record identifier to look for. */
  Object toColumn(ValueType type, Object value) throws UnwritableValueException;

  /** A condition that the column has one of that many identifiers, which {@link #bind} sets. */
  default String isAmong(String column, ValueType type, int count) {
    return "%s IN (%s)".formatted(column, SqlNames.parameters(count));
  }

  /** Sets the identifiers of {@link #isAmong}, each from {@link #toColumn}. */
  default void bind(PreparedStatement statement, List<Object> ids) throws SQLException {
    for (int i = 0; i < ids.size(); i++) {
      statement.setObject(i + 1, ids.get(i));
    }
  }

  /** The value of a column of the current row, null where it is NULL. */
  Object value(ResultSet row, int column, ValueType type) throws SQLException;

  /** The store's failure in words for people. */
  FsMigrateException unavailable(SQLException failure);
}
