package io.fsmigrate.online.sqlite;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WholeRecord;
import io.fsmigrate.online.WriteOutcome;
import io.fsmigrate.online.jdbc.SqlFence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes batches to one table; a bucket is one transaction. */
final class SqliteRecordWriter implements RecordWriter {
  private final SqliteDialect dialect;
  private final RecordLayout layout;
  private final Connection connection;
  private final PreparedStatement upsert;
  private final Fence fence;
  private boolean inBucket;
  private boolean broken;

  private SqliteRecordWriter(
      SqliteDialect dialect,
      RecordLayout layout,
      Connection connection,
      PreparedStatement upsert,
      Fence fence) {
    this.dialect = dialect;
    this.layout = layout;
    this.connection = connection;
    this.upsert = upsert;
    this.fence = fence;
  }

  static SqliteRecordWriter open(
      SqliteDialect dialect, String table, RecordLayout layout, Fence fence) throws SQLException {
    return open(dialect, table, layout, fence, dialect.openToWrite(layout));
  }

  /** On a connection of the caller's making, which the writer closes. */
  static SqliteRecordWriter open(
      SqliteDialect dialect, String table, RecordLayout layout, Fence fence, Connection connection)
      throws SQLException {
    try {
      return new SqliteRecordWriter(
          dialect,
          layout,
          connection,
          connection.prepareStatement(dialect.upsert(table, layout)),
          fence);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome) {
    requireUsable();
    Tally tally = new Tally();
    List<Row> rows = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      try {
        rows.add(new Row(i, columns(batch.get(i))));
      } catch (UnwritableValueException e) {
        tally.failed.add(new FailedWrite(i, e.code(), e.getMessage(), false));
      }
    }
    if (!rows.isEmpty()) {
      try {
        write(rows, tally);
      } catch (SQLException e) {
        throw giveUp(e);
      }
    }
    outcome.accept(tally.outcome());
  }

  @Override
  public void flush() {
    requireUsable();
  }

  @Override
  public void commit() {
    requireUsable();
    if (!inBucket) {
      return;
    }
    try {
      connection.setAutoCommit(true);
      inBucket = false;
    } catch (SQLException e) {
      throw giveUp(e);
    }
  }

  @Override
  public void close() {
    // A closed connection keeps nothing of an open transaction.
    try (connection) {
      upsert.close();
    } catch (SQLException e) {
      throw dialect.unavailable(e);
    }
  }

  private void write(List<Row> rows, Tally tally) throws SQLException {
    if (!inBucket) {
      inBucket = true;
      connection.setAutoCommit(false);
      SqlFence.require(connection, dialect, fence, "");
    }
    // A batch that fails half way is undone, so that every record is counted once.
    Optional<SQLException> failure = tryTogether(rows, tally);
    if (failure.isPresent()) {
      if (dialect.blame(failure.get(), 0).isEmpty()) {
        throw failure.get();
      }
      for (Row row : rows) {
        Optional<SQLException> alone = tryTogether(List.of(row), tally);
        if (alone.isPresent()) {
          tally.failed.add(dialect.blame(alone.get(), row.index).orElseThrow(alone::get));
        }
      }
    }
  }

  /** Writes all rows and counts them, or none and says why. */
  private Optional<SQLException> tryTogether(List<Row> rows, Tally tally) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      for (Row row : rows) {
        for (int i = 0; i < row.columns.length; i++) {
          upsert.setObject(i + 1, row.columns[i]);
        }
        upsert.addBatch();
      }
      int[] counts = upsert.executeBatch();
      connection.releaseSavepoint(before);
      long written = Arrays.stream(counts).filter(count -> count > 0).count();
      tally.written += written;
      tally.stale += counts.length - written;
      return Optional.empty();
    } catch (SQLException e) {
      undo(before, e);
      return Optional.of(e);
    }
  }

  private void undo(Savepoint before, SQLException cause) throws SQLException {
    try {
      upsert.clearBatch();
      connection.rollback(before);
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      // The database has dropped the whole transaction: the first failure tells why.
      cause.addSuppressed(e);
      throw new TransactionLostException(cause);
    }
  }

  private Object[] columns(OnlineRecord record) throws UnwritableValueException {
    List<Object> values = WholeRecord.values(layout, record);
    Object[] columns = new Object[values.size()];
    for (int i = 0; i < columns.length; i++) {
      Object value = values.get(i);
      try {
        columns[i] = value == null ? null : dialect.toColumn(layout.types().get(i), value);
      } catch (UnwritableValueException e) {
        throw e.in(layout.names().get(i));
      }
    }
    return columns;
  }

  private FsMigrateException giveUp(SQLException cause) {
    broken = true;
    return dialect.unavailable(cause instanceof TransactionLostException lost ? lost.first : cause);
  }

  private void requireUsable() {
    if (broken) {
      throw new IllegalStateException(
          "Cannot go on with a writer to %s whose store has failed; open another"
              .formatted(layout.address()));
    }
  }

  /** A record's columns and its place in the batch. */
  private record Row(int index, Object[] columns) {}

  /** Counts of one batch while it is written. */
  private static final class Tally {
    private final List<FailedWrite> failed = new ArrayList<>();
    private long written;
    private long stale;

    WriteOutcome outcome() {
      failed.sort(Comparator.comparingInt(FailedWrite::index));
      return new WriteOutcome(written, stale, failed);
    }
  }

  /** Not even the batch could be undone. */
  private static final class TransactionLostException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final SQLException first;

    TransactionLostException(SQLException first) {
      super(first);
      this.first = first;
    }
  }
}
