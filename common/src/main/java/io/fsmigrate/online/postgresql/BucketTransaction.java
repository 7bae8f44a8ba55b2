package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.postgresql.Outcomes.RowFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * One try to write a bucket: a transaction in which rows are copied into a temporary table and
 * brought from there into the target's. Writers lock records in the order of their identifiers, so
 * that two of them wait for each other only where one bucket takes several rounds.
 *
 * <p>Any SQLException but those of single rows means that the transaction is lost.
 */
final class BucketTransaction {
  /** Pairs that are compared here, at a time. */
  private static final int PAIRS = 1_000;

  private final Connection connection;
  private final UpsertSql sql;
  private final RecordLayout layout;
  private final TieRule rule;
  private final Admission admission;
  private final FenceCheck fence;
  private final NavigableSet<Long> stale = new TreeSet<>();
  private final NavigableMap<Long, RowFailure> failed = new TreeMap<>();
  private long done = -1;

  private BucketTransaction(
      Connection connection,
      UpsertSql sql,
      RecordLayout layout,
      TieRule rule,
      Admission admission,
      FenceCheck fence) {
    this.connection = connection;
    this.sql = sql;
    this.layout = layout;
    this.rule = rule;
    this.admission = admission;
    this.fence = fence;
  }

  /** Asked at the end, so that the row is not locked for as long as a bucket takes. */
  interface FenceCheck {
    void require(Connection connection) throws SQLException;
  }

  static BucketTransaction begin(
      Connection connection,
      UpsertSql sql,
      RecordLayout layout,
      TieRule rule,
      Admission admission,
      FenceCheck fence)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // A database may ask for more, which would only fail more often: every decision is made on
      // rows that are locked.
      statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
      statement.execute(sql.createRows());
    }
    return new BucketTransaction(connection, sql, layout, rule, admission, fence);
  }

  /** Numbers of the rows that a newer record kept out, so far. */
  NavigableSet<Long> stale() {
    return stale;
  }

  /** Rows that were not taken, so far. */
  NavigableMap<Long, RowFailure> failed() {
    return failed;
  }

  /** Brings rows to the server. */
  void copy(byte[] rows) throws SQLException {
    copy(rows, 0, rows.length);
  }

  /** The rows were all checked before; still the server may refuse one. */
  private void copy(byte[] rows, int from, int to) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql.copy());
      try {
        copy.writeToCopy(CopyForm.HEADER, 0, CopyForm.HEADER.length);
        copy.writeToCopy(rows, from, to - from);
        copy.writeToCopy(CopyForm.TRAILER, 0, CopyForm.TRAILER.length);
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      undo(before, e);
      int middle = CopyRows.middle(rows, from, to);
      if (middle == to) {
        failed.put(CopyRows.number(rows, from), failure(e));
      } else {
        copy(rows, from, middle);
        copy(rows, middle, to);
      }
    }
  }

  /**
   * Brings every row into the target's table that is not there yet.
   *
   * @param last the greatest number of a row
   */
  void upsert(long last) throws SQLException {
    for (Map.Entry<Integer, Integer> round : rounds().entrySet()) {
      int size = round.getValue();
      int most = admission.mostRows();
      for (int from = 0; from < size; from += most) {
        Part part = new Part(round.getKey(), size, from, Math.min(size, from + most));
        admission.pass(part.size(), () -> upsert(part));
      }
    }
    done = last;
  }

  void commit() throws SQLException {
    fence.require(connection);
    connection.commit();
  }

  /** How many rows each round has that is not done. */
  private Map<Integer, Integer> rounds() throws SQLException {
    Map<Integer, Integer> rounds = new LinkedHashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.rounds())) {
      statement.setLong(1, done);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          rounds.put(rows.getInt(1), rows.getInt(2));
        }
      }
    }
    return rounds;
  }

  private void upsert(Part part) throws SQLException {
    Savepoint before = connection.setSavepoint();
    long written;
    try (PreparedStatement statement = prepare(sql.upsert(part.isPart()), part)) {
      written = statement.executeLargeUpdate();
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      undo(before, e);
      if (part.size() == 1) {
        failed.put(number(part), failure(e));
      } else {
        upsert(part.firstHalf());
        upsert(part.secondHalf());
      }
      return;
    }
    if (written < part.size()) {
      judgeLosers(part);
    }
  }

  /** Some rows were not written: they are older, or equal, or nobody knows yet. */
  private void judgeLosers(Part part) throws SQLException {
    List<Long> undecided = new ArrayList<>();
    try (PreparedStatement statement = prepare(sql.losers(part.isPart()), part);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        if (rows.getInt(2) == UpsertSql.UNDECIDED) {
          undecided.add(rows.getLong(1));
        } else {
          stale.add(rows.getLong(1));
        }
      }
    }
    for (int from = 0; from < undecided.size(); from += PAIRS) {
      decide(undecided.subList(from, Math.min(undecided.size(), from + PAIRS)));
    }
  }

  /** What the server cannot compare is compared here; its rows are locked since the upsert. */
  private void decide(List<Long> numbers) throws SQLException {
    List<Long> newer = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.pairs())) {
      statement.setArray(1, connection.createArrayOf("bigint", numbers.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          OnlineRecord came = ColumnValues.record(layout, rows, 2);
          OnlineRecord held = ColumnValues.record(layout, rows, 2 + layout.types().size());
          int order = rule.compare(came, held);
          if (order > 0) {
            newer.add(rows.getLong(1));
          } else if (order < 0) {
            stale.add(rows.getLong(1));
          }
        }
      }
    }
    if (!newer.isEmpty()) {
      try (PreparedStatement statement = connection.prepareStatement(sql.replace())) {
        statement.setArray(1, connection.createArrayOf("bigint", newer.toArray()));
        statement.executeUpdate();
      }
    }
  }

  private long number(Part part) throws SQLException {
    try (PreparedStatement statement = prepare(sql.numbers(part.isPart()), part);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private PreparedStatement prepare(String text, Part part) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    statement.setInt(1, part.round);
    statement.setLong(2, done);
    if (part.isPart()) {
      statement.setInt(3, part.from + 1);
      statement.setInt(4, part.to);
    }
    return statement;
  }

  /** Takes back what failed because of a row; any other failure goes on. */
  private void undo(Savepoint before, SQLException failure) throws SQLException {
    if (Fault.of(failure) != Fault.RECORD) {
      throw failure;
    }
    try {
      connection.rollback(before);
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private static RowFailure failure(SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    String code =
        state.startsWith("23") || state.startsWith("P0")
            ? "CONSTRAINT"
            : state.equals("54000") || state.equals("22001") ? "TOO_LARGE" : "REFUSED_BY_STORE";
    return new RowFailure(code, PostgresErrors.words(cause));
  }

  /**
   * Rows of a round.
   *
   * @param of how many the round has
   * @param from place of the first in the order of the identifiers, from 0
   */
  private record Part(int round, int of, int from, int to) {
    int size() {
      return to - from;
    }

    boolean isPart() {
      return size() < of;
    }

    Part firstHalf() {
      return new Part(round, of, from, from + size() / 2);
    }

    Part secondHalf() {
      return new Part(round, of, from + size() / 2, to);
    }
  }
}
