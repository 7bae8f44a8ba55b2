package io.fsmigrate.online.postgresql;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.jdbc.SqlDialect;
import io.fsmigrate.online.jdbc.SqlFence;
import io.fsmigrate.online.jdbc.SqlNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL 12 or later: a server that every worker reaches. {@link ColumnType} lists the columns,
 * {@link UpsertSql} has the statements.
 *
 * <p>Removing is a DELETE: readers go on seeing the records until it is committed, where a TRUNCATE
 * would make them wait, and show an empty table to those that had begun before.
 */
final class PostgresDialect implements SqlDialect {
  private final PostgresSettings settings;
  private final Connections connections;

  PostgresDialect(PostgresSettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
  }

  @Override
  public String place() {
    return settings.place();
  }

  @Override
  public String table(VersionedGroup target) {
    return fitting(PostgresSettings.TABLE, settings.table().of(target));
  }

  private String fitting(String key, String name) {
    if (PostgresTable.isTooLong(name)) {
      throw OnlineErrors.invalidSetting(
          settings.store(), key, name, "PostgreSQL has names of up to 63 bytes: set a shorter one");
    }
    return name;
  }

  @Override
  public boolean inPlace() {
    return settings.table().inPlaceOf().isPresent();
  }

  @Override
  public Optional<String> servingView(String group) {
    return settings
        .servingView()
        .map(view -> fitting(PostgresSettings.SERVING_VIEW, NameTemplate.ofGroup(view, group)));
  }

  @Override
  public Optional<String> kindOf(Connection connection, String name) throws SQLException {
    return PostgresTable.kind(connection, settings.schema(), name);
  }

  @Override
  public String columnType(ValueType type) {
    return ColumnType.declared(type);
  }

  @Override
  public Connection openToMove() throws SQLException {
    return connections.openPatiently();
  }

  /** Whoever waits for a table lets nobody else pass: rather fail than hold up all readers. */
  @Override
  public void beginChange(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '5s'");
    }
  }

  @Override
  public void checkMovable(Connection connection, Optional<String> view) throws SQLException {
    new PointerRights(settings, this).require(connection, view);
  }

  @Override
  public void replaceView(Connection connection, String view, String table, List<String> columns)
      throws SQLException {
    new ServingView(place(), relation(view)).show(connection, relation(table), columns);
  }

  @Override
  public String relation(String table) {
    return SqlNames.quote(settings.schema()) + "." + SqlNames.quote(table);
  }

  @Override
  public boolean keepsWritersOut() {
    return false;
  }

  @Override
  public boolean writesFromDriver() {
    return false;
  }

  @Override
  public void checkReachable(boolean clusterMaster) {
    // Opening a connection tells.
  }

  @Override
  public Optional<Connection> openToRead() throws SQLException {
    return Optional.of(connections.openPatiently());
  }

  @Override
  public Connection openToPrepare() throws SQLException {
    return connections.openPatiently();
  }

  @Override
  public Connection openToClear(RecordLayout layout) throws SQLException {
    return connections.openPatiently();
  }

  @Override
  public void checkWritable(Connection connection, String table, RecordLayout layout)
      throws SQLException {
    Grants grants = Grants.of(connection, settings.schema(), table);
    grants.require(settings, table);
  }

  @Override
  public void requirePossible(RecordLayout layout) {
    List<String> obstacles = PostgresTable.obstacles(layout);
    if (!obstacles.isEmpty()) {
      throw PostgresErrors.notPossible(layout.address(), obstacles);
    }
  }

  @Override
  public Optional<List<String>> differences(
      Connection connection, String table, RecordLayout layout) throws SQLException {
    requirePossible(layout);
    return PostgresTable.differences(connection, settings.schema(), table, layout);
  }

  @Override
  public void create(Connection connection, String table, RecordLayout layout) throws SQLException {
    if (differences(connection, table, layout).isPresent()) {
      return;
    }
    if (!settings.createTable()) {
      throw PostgresErrors.noTable(place(), relation(table), settings.store());
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(PostgresTable.create(relation(table), layout));
    } catch (SQLException e) {
      // Two that create it at once may meet in the catalog of the server.
      if (differences(connection, table, layout).isEmpty()) {
        throw e;
      }
    }
  }

  @Override
  public RecordWriter writer(
      VersionedGroup target, String table, RecordLayout layout, WriteContext context) {
    return new PostgresRecordWriter(
        settings,
        connections,
        layout,
        new UpsertSql(relation(table), layout),
        TieRule.of(target),
        Admission.of(settings, target.group(), context),
        connection -> SqlFence.require(connection, this, context.fence(), " FOR SHARE"));
  }

  @Override
  public Object toColumn(ValueType type, Object value) throws UnwritableValueException {
    return ColumnText.of(type, value);
  }

  @Override
  public String isAmong(String column, ValueType type, int count) {
    return "%s = ANY (CAST(? AS text[])::%s[])".formatted(column, ColumnType.plain(type));
  }

  @Override
  public void bind(PreparedStatement statement, List<Object> ids) throws SQLException {
    statement.setArray(1, statement.getConnection().createArrayOf("text", ids.toArray()));
  }

  @Override
  public Object value(ResultSet row, int column, ValueType type) throws SQLException {
    return ColumnValues.value(row, column, type);
  }

  @Override
  public FsMigrateException unavailable(SQLException failure) {
    return PostgresErrors.of(place(), failure);
  }
}
