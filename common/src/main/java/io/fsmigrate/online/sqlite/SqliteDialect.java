package io.fsmigrate.online.sqlite;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.jdbc.SqlDialect;
import io.fsmigrate.online.jdbc.SqlNames;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * SQLite: a database file for one machine and one writer at a time.
 *
 * <p>Features are columns of their own name, the record identifier is the primary key:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>boolean</td><td>INTEGER 0 or 1</td></tr>
 * <tr><td>tinyint to bigint</td><td>INTEGER</td></tr>
 * <tr><td>float, double</td><td>REAL; infinities as such; NaN, which SQLite would turn into NULL,
 *     as the text {@code NaN}, which SQLite orders above all numbers; a zero has no sign</td></tr>
 * <tr><td>decimal</td><td>TEXT, plain, with exactly the fraction digits of its type</td></tr>
 * <tr><td>string</td><td>TEXT</td></tr>
 * <tr><td>binary</td><td>BLOB</td></tr>
 * <tr><td>date</td><td>TEXT, ISO-8601</td></tr>
 * <tr><td>timestamp, timestamp_ntz</td><td>TEXT, ISO-8601 in UTC as {@link
 *     java.time.Instant#toString} prints it, {@code 2001-06-30T23:59:00Z}</td></tr>
 * <tr><td>array, map, struct</td><td>TEXT, {@link
 *     io.fsmigrate.online.CanonicalJson}</td></tr>
 * </table>
 *
 * <p>Writers use a write-ahead log, take the write lock before a bucket's first record and wait for
 * it as long as {@code busy-timeout-ms}; a commit is on disk before it returns, because a ledger
 * notes the bucket as done after it. Reading leaves neither the file nor anything beside it
 * changed.
 */
final class SqliteDialect implements SqlDialect {
  /** Enough to keep the upper pages of a large table's index at hand. */
  private static final int CACHE_KIBIBYTES = 64 * 1024;

  private final SqliteSettings settings;

  private SqliteDialect(SqliteSettings settings) {
    this.settings = settings;
  }

  static SqliteDialect of(OnlineStoreDefinition definition) {
    return new SqliteDialect(SqliteSettings.of(definition));
  }

  @Override
  public String place() {
    return settings.path().toString();
  }

  @Override
  public String table(VersionedGroup target) {
    return ours(SqliteSettings.TABLE, settings.table().of(target));
  }

  private String ours(String key, String table) {
    if (table.toLowerCase(Locale.ROOT).startsWith("sqlite_")) {
      throw OnlineErrors.invalidSetting(
          settings.store(), key, table, "SQLite keeps sqlite_ names for itself");
    }
    return table;
  }

  /** SQLite has one writer at a time. */
  @Override
  public boolean keepsWritersOut() {
    return true;
  }

  @Override
  public boolean inPlace() {
    return settings.table().inPlaceOf().isPresent();
  }

  @Override
  public Optional<String> servingView(String group) {
    return settings
        .servingView()
        .map(view -> ours(SqliteSettings.SERVING_VIEW, NameTemplate.ofGroup(view, group)));
  }

  @Override
  public Optional<String> kindOf(Connection connection, String name) throws SQLException {
    return SqliteTable.kind(connection, name).map(kind -> "a " + kind);
  }

  @Override
  public String columnType(ValueType type) {
    return SqliteValues.columnType(type);
  }

  @Override
  public void replaceView(Connection connection, String view, String table, List<String> columns)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP VIEW IF EXISTS " + relation(view));
      statement.execute(
          "CREATE VIEW %s AS SELECT %s FROM %s"
              .formatted(relation(view), SqlNames.list(columns), relation(table)));
    }
  }

  @Override
  public boolean writesFromDriver() {
    return settings.writeFromDriver();
  }

  @Override
  public void checkReachable(boolean clusterMaster) {
    if (clusterMaster) {
      throw OnlineErrors.needsLocalMaster(settings.store(), place());
    }
    SqliteFile.checkWritable(settings.path());
  }

  @Override
  public Optional<Connection> openToRead() throws SQLException {
    return Files.exists(settings.path())
        ? Optional.of(connect(SqliteFile.readMode(settings.path()), config()))
        : Optional.empty();
  }

  @Override
  public Connection openToPrepare() throws SQLException {
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    return connect("rwc", config);
  }

  @Override
  public Connection openToMove() throws SQLException {
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return connect("rwc", config);
  }

  @Override
  public Connection openToClear(RecordLayout layout) throws SQLException {
    return openToWrite(layout);
  }

  @Override
  public RecordWriter writer(
      VersionedGroup target, String table, RecordLayout layout, WriteContext context)
      throws SQLException {
    return SqliteRecordWriter.open(this, table, layout, context.fence());
  }

  /** Turning auto-commit off takes the write lock, turning it on again commits. */
  Connection openToWrite(RecordLayout layout) throws SQLException {
    SQLiteConfig config = config();
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setCacheSize(-CACHE_KIBIBYTES);
    Connection connection = connect("rw", config);
    try {
      SqliteUpsert.registerComparison(connection, layout);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Optional<List<String>> differences(
      Connection connection, String table, RecordLayout layout) throws SQLException {
    return SqliteTable.differences(connection, table, layout);
  }

  @Override
  public void create(Connection connection, String table, RecordLayout layout) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SqliteTable.create(table, layout));
    }
  }

  /**
   * One statement that takes a record's columns in order and inserts it, or replaces the record
   * with its identifier where {@link io.fsmigrate.online.TieRule} lets it win or finds them equal;
   * its update count is 0 where it loses.
   */
  String upsert(String table, RecordLayout layout) {
    return new SqliteUpsert(table, layout).sql();
  }

  @Override
  public Object toColumn(ValueType type, Object value) throws UnwritableValueException {
    return SqliteValues.toColumn(type, value);
  }

  @Override
  public Object value(ResultSet row, int column, ValueType type) throws SQLException {
    Object value = row.getObject(column);
    return value == null ? null : SqliteValues.fromColumn(type, value);
  }

  /** Why the record is to blame for a failed statement; empty where the store is. */
  Optional<FailedWrite> blame(SQLException failure, int index) {
    String code =
        switch (primaryCode(failure)) {
          case SQLITE_CONSTRAINT -> "CONSTRAINT";
          case SQLITE_TOOBIG -> "TOO_LARGE";
          case SQLITE_MISMATCH -> "WRONG_TYPE";
          default -> "";
        };
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(new FailedWrite(index, code, failure.getMessage(), false));
  }

  @Override
  public FsMigrateException unavailable(SQLException failure) {
    return switch (primaryCode(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          OnlineErrors.locked(place(), settings.busyTimeoutMillis(), failure);
      case SQLITE_NOTADB -> OnlineErrors.notADatabase(place(), settings.store());
      case SQLITE_FULL -> OnlineErrors.full(place(), settings.store(), failure);
      default -> OnlineErrors.failed(place(), failure);
    };
  }

  /** The low byte of SQLite's code; the rest says which kind of it. */
  private static SQLiteErrorCode primaryCode(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xFF);
  }

  private SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(settings.busyTimeoutMillis());
    return config;
  }

  /** The path goes as a URI, so that no character in it is taken for a setting of the driver. */
  private Connection connect(String mode, SQLiteConfig config) throws SQLException {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:%s?mode=%s".formatted(settings.path().toUri(), mode));
    return source.getConnection();
  }
}
