package io.fsmigrate.online.postgresql;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.TieRule;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.WholeRecord;
import io.fsmigrate.online.WriteOutcome;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes buckets, each in one transaction that is tried again while the server is away or others
 * stand in the way.
 *
 * <p>Of several records with the same identifier in a bucket each goes in a round of its own, in
 * the order in which they came.
 */
final class PostgresRecordWriter implements RecordWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresRecordWriter.class);

  /** Rows that go to the server at once. */
  private static final int PART_BYTES = 1024 * 1024;

  private final PostgresSettings settings;
  private final Connections connections;
  private final RecordLayout layout;
  private final UpsertSql sql;
  private final TieRule rule;
  private final Admission admission;
  private final BucketTransaction.FenceCheck fence;
  private final RowEncoder encoder;
  private final Patience patience;
  private final BucketRows rows = new BucketRows();
  private final CopyBuffer buffer = new CopyBuffer(PART_BYTES + PART_BYTES / 4);
  private final Outcomes outcomes = new Outcomes();
  private final Map<Object, Integer> seen = new HashMap<>();
  private Optional<Connection> connection = Optional.empty();
  private Optional<BucketTransaction> transaction = Optional.empty();
  private int copied;
  private long next;
  private boolean away;
  private boolean broken;

  PostgresRecordWriter(
      PostgresSettings settings,
      Connections connections,
      RecordLayout layout,
      UpsertSql sql,
      TieRule rule,
      Admission admission,
      BucketTransaction.FenceCheck fence) {
    this.settings = settings;
    this.connections = connections;
    this.layout = layout;
    this.sql = sql;
    this.rule = rule;
    this.admission = admission;
    this.fence = fence;
    this.encoder = new RowEncoder(layout);
    this.patience = new Patience(settings.unavailableAfter());
  }

  @Override
  public void write(List<OnlineRecord> batch, Consumer<WriteOutcome> outcome) {
    requireUsable();
    outcomes.begin(next, batch.size(), outcome);
    for (int i = 0; i < batch.size(); i++) {
      try {
        append(next, batch.get(i));
      } catch (UnwritableValueException e) {
        outcomes.failed(new FailedWrite(i, e.code(), e.getMessage(), false));
      }
      next++;
    }
    if (buffer.size() >= PART_BYTES) {
      keep();
      send();
    }
  }

  @Override
  public void flush() {
    requireUsable();
    if (!outcomes.isEmpty()) {
      keep();
      settle(false);
    }
  }

  @Override
  public void commit() {
    requireUsable();
    keep();
    settle(true);
    rows.clear();
    seen.clear();
    next = 0;
  }

  @Override
  public void close() {
    // A closed connection keeps nothing of an open transaction.
    disconnect();
    rows.close();
    admission.close();
  }

  private void append(long number, OnlineRecord record) throws UnwritableValueException {
    List<Object> values = WholeRecord.values(layout, record);
    Object id = values.get(layout.id());
    // Equal as columns are: binary by content, zeros without a sign, decimals by value.
    int round = seen.merge(key(id), 0, (before, first) -> before + 1);
    encoder.append(buffer, number, round, values);
  }

  private static Object key(Object id) {
    if (id instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (id instanceof Double number) {
      return number + 0.0;
    }
    if (id instanceof Float number) {
      return number + 0.0f;
    }
    return id instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : id;
  }

  private void keep() {
    if (buffer.size() > 0) {
      rows.add(buffer.copy());
      buffer.cut(0);
    }
  }

  /** Brings rows to the server ahead of time; where that fails, {@link #settle} does it again. */
  private void send() {
    if (!away) {
      try {
        copy();
      } catch (SQLException e) {
        LOG.debug("online store {}: rows are sent again", settings.store(), e);
        disconnect();
        away = true;
      }
    }
  }

  /** Tells all outcomes, and ends the bucket where it is to be ended. */
  private void settle(boolean commit) {
    if (rows.parts() == 0) {
      outcomes.tell(new TreeSet<>(), new TreeMap<>());
      return;
    }
    while (!tryToSettle(commit)) {
      patience.pause();
    }
  }

  private boolean tryToSettle(boolean commit) {
    try {
      copy();
      BucketTransaction current = transaction.orElseThrow();
      current.upsert(next - 1);
      if (commit) {
        current.commit();
        transaction = Optional.empty();
        copied = 0;
      }
      patience.succeeded();
      away = false;
      outcomes.tell(current.stale(), current.failed());
      return true;
    } catch (SQLException e) {
      disconnect();
      if (!Fault.of(e).isPassing() || !patience.bears(System.nanoTime())) {
        throw giveUp(e);
      }
      LOG.info(
          "online store {}: a bucket is tried again: {}",
          settings.store(),
          PostgresErrors.words(e));
      return false;
    }
  }

  private void copy() throws SQLException {
    if (connection.isEmpty()) {
      connection = Optional.of(connections.open());
    }
    if (transaction.isEmpty()) {
      copied = 0;
      transaction =
          Optional.of(
              BucketTransaction.begin(connection.get(), sql, layout, rule, admission, fence));
    }
    while (copied < rows.parts()) {
      transaction.get().copy(rows.part(copied));
      copied++;
    }
  }

  /** Whatever was wrong, a new connection has nothing of it. */
  private void disconnect() {
    transaction = Optional.empty();
    copied = 0;
    Optional<Connection> old = connection;
    connection = Optional.empty();
    if (old.isPresent()) {
      try {
        old.get().close();
      } catch (SQLException e) {
        LOG.debug("online store {}: a connection does not close", settings.store(), e);
      }
    }
  }

  private FsMigrateException giveUp(SQLException cause) {
    broken = true;
    return PostgresErrors.of(settings.place(), cause);
  }

  private void requireUsable() {
    if (broken) {
      throw new IllegalStateException(
          "Cannot go on with a writer to %s whose store has failed; open another"
              .formatted(layout.address()));
    }
  }
}
