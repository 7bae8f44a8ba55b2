package io.fsmigrate.online.jdbc;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.ServingPointer;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WriteContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An online store in a SQL database: one table per target, one row per record identifier. */
public final class JdbcOnlineStore implements OnlineStore {
  /** Identifiers asked for at once; well below what any database takes as parameters. */
  private static final int IDS_PER_QUERY = 500;

  private final String name;
  private final SqlDialect dialect;

  /**
   * @param name the store's name in the catalog
   */
  public JdbcOnlineStore(String name, SqlDialect dialect) {
    this.name = name;
    this.dialect = dialect;
  }

  @Override
  public String place(VersionedGroup target) {
    return table(target);
  }

  @Override
  public Optional<ServingPointer> pointer() {
    return Optional.of(new JdbcServingPointer(name, dialect));
  }

  @Override
  public boolean writesFromDriver() {
    return dialect.writesFromDriver();
  }

  @Override
  public void check(VersionedGroup target, boolean clusterMaster) {
    RecordLayout layout = RecordLayout.of(target);
    dialect.requirePossible(layout);
    dialect.checkReachable(clusterMaster);
    ifThere(
        connection -> {
          fits(connection, target, withoutAdded(connection, target, layout));
          dialect.checkWritable(connection, table(target), layout);
          return true;
        });
  }

  @Override
  public void prepare(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    try (Connection connection = dialect.openToPrepare()) {
      dialect.create(connection, table(target), withoutAdded(connection, target, layout));
      addColumns(connection, target, layout);
      fits(connection, target, layout);
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  @Override
  public boolean limitsCalls() {
    return false;
  }

  @Override
  public boolean keepsWritersOut() {
    return dialect.keepsWritersOut();
  }

  @Override
  public boolean raiseFence(Fence fence) {
    return new SqlFence(dialect).raise(fence);
  }

  @Override
  public RecordWriter open(VersionedGroup target, WriteContext context) {
    RecordLayout layout = RecordLayout.of(target);
    try {
      return dialect.writer(target, table(target), layout, context);
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  @Override
  public OptionalLong count(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    return OptionalLong.of(number(target, layout, "SELECT count(*) FROM %s"));
  }

  @Override
  public boolean hasRecords(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    return number(target, layout, "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT 1) AS one") > 0;
  }

  /** What a query on the table counts; 0 without a table. */
  private long number(VersionedGroup target, RecordLayout layout, String template) {
    String query = template.formatted(dialect.relation(table(target)));
    return ifThere(
            connection -> {
              if (!hasTable(connection, target, layout)) {
                return 0L;
              }
              try (Statement statement = connection.createStatement();
                  ResultSet rows = statement.executeQuery(query)) {
                rows.next();
                return rows.getLong(1);
              }
            })
        .orElse(0L);
  }

  @Override
  public void read(VersionedGroup target, Collection<Object> ids, Consumer<OnlineRecord> records) {
    RecordLayout layout = RecordLayout.of(target);
    List<Object> columns = new ArrayList<>(ids.size());
    for (Object id : ids) {
      try {
        columns.add(dialect.toColumn(layout.types().get(layout.id()), id));
      } catch (UnwritableValueException e) {
        throw new IllegalArgumentException(
            "Cannot read record %s of %s: %s".formatted(id, target.address(), e.getMessage()), e);
      }
    }
    ifThere(
        connection -> {
          if (fits(connection, target, layout)) {
            for (int from = 0; from < columns.size(); from += IDS_PER_QUERY) {
              int to = Math.min(columns.size(), from + IDS_PER_QUERY);
              read(connection, target, layout, columns.subList(from, to), records);
            }
          }
          return true;
        });
  }

  @Override
  public long clear(VersionedGroup target) {
    RecordLayout layout = RecordLayout.of(target);
    if (!ifThere(connection -> hasTable(connection, target, layout)).orElse(false)) {
      return 0;
    }
    try (Connection connection = dialect.openToClear(layout);
        Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate("DELETE FROM " + dialect.relation(table(target)));
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  private void read(
      Connection connection,
      VersionedGroup target,
      RecordLayout layout,
      List<Object> ids,
      Consumer<OnlineRecord> records)
      throws SQLException {
    String query =
        "SELECT %s FROM %s WHERE %s"
            .formatted(
                SqlNames.list(layout.names()),
                dialect.relation(table(target)),
                dialect.isAmong(
                    SqlNames.quote(layout.names().get(layout.id())),
                    layout.types().get(layout.id()),
                    ids.size()));
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      dialect.bind(statement, ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          records.accept(record(layout, rows));
        }
      }
    }
  }

  private OnlineRecord record(RecordLayout layout, ResultSet row) throws SQLException {
    List<Object> values = new ArrayList<>(layout.types().size());
    for (int i = 0; i < layout.types().size(); i++) {
      values.add(dialect.value(row, i + 1, layout.types().get(i)));
    }
    return new OnlineRecord(values);
  }

  /** Whether the table is there; refuses one that does not fit. */
  private boolean fits(Connection connection, VersionedGroup target, RecordLayout layout)
      throws SQLException {
    Optional<List<String>> differences = dialect.differences(connection, table(target), layout);
    differences
        .filter(list -> !list.isEmpty())
        .ifPresent(
            list -> {
              throw OnlineErrors.columnsDiffer(
                  dialect.place(), table(target), target.address(), name, list);
            });
    return differences.isPresent();
  }

  /** The layout of what a table of the version before has, where columns are to be added to it. */
  private RecordLayout withoutAdded(
      Connection connection, VersionedGroup target, RecordLayout layout) throws SQLException {
    if (!dialect.inPlace() || dialect.kindOf(connection, table(target)).isEmpty()) {
      return layout;
    }
    return layout.only(SqlColumns.of(connection, dialect.relation(table(target))));
  }

  private void addColumns(Connection connection, VersionedGroup target, RecordLayout layout)
      throws SQLException {
    List<String> there = withoutAdded(connection, target, layout).names();
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < layout.names().size(); i++) {
      if (!there.contains(layout.names().get(i))) {
        statements.add(
            "ALTER TABLE %s ADD COLUMN %s %s"
                .formatted(
                    dialect.relation(table(target)),
                    SqlNames.quote(layout.names().get(i)),
                    dialect.columnType(layout.types().get(i))));
      }
    }
    if (!statements.isEmpty()) {
      SqlTransaction.in(
          connection,
          () -> {
            dialect.beginChange(connection);
            try (Statement statement = connection.createStatement()) {
              for (String sql : statements) {
                statement.execute(sql);
              }
            }
            return true;
          });
    }
  }

  private boolean hasTable(Connection connection, VersionedGroup target, RecordLayout layout)
      throws SQLException {
    return dialect.differences(connection, table(target), layout).isPresent();
  }

  private String table(VersionedGroup target) {
    return dialect.table(target);
  }

  private <T> Optional<T> ifThere(Query<T> query) {
    try {
      Optional<Connection> there = dialect.openToRead();
      if (there.isEmpty()) {
        return Optional.empty();
      }
      try (Connection connection = there.get()) {
        return Optional.of(query.run(connection));
      }
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  /** What is asked of an open connection. */
  private interface Query<T> {
    T run(Connection connection) throws SQLException;
  }
}
