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
  String table(VersionedGroup target);

  /**
   * Whether records are written in place of another version's, to whose table columns are added.
   */
  boolean inPlace();

  /** The view that applications query instead of a table, without quotes; empty for none. */
  Optional<String> servingView(String group);

  /** What a table, view or the like of that name is, in words with an article; empty for none. */
  Optional<String> kindOf(Connection connection, String name) throws SQLException;

  /** The type of a column, as a statement declares it. */
  String columnType(ValueType type);

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

  /** The same, in whose transactions nobody else writes what they read. */
  Connection openToMove() throws SQLException;

  /** Said at the beginning of a transaction that changes a table or view, for which others wait. */
  default void beginChange(Connection connection) throws SQLException {}

  /**
   * Refuses what would keep the pointer from being moved, for lack of rights.
   *
   * @param view the view that goes with it; empty for none
   */
  default void checkMovable(Connection connection, Optional<String> view) throws SQLException {}

  /** Lets a view show the columns of a table, within a transaction; it may be there already. */
  void replaceView(Connection connection, String view, String table, List<String> columns)
      throws SQLException;

  /** A connection that removes records of that layout from a prepared database. */
  Connection openToClear(RecordLayout layout) throws SQLException;

  /** What keeps the table from holding the layout, one difference each; empty without a table. */
  Optional<List<String>> differences(Connection connection, String table, RecordLayout layout)
      throws SQLException;

  /** Refuses a layout that no table could hold. */
  default void requirePossible(RecordLayout layout) {}

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
