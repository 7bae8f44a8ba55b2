package io.fsmigrate.benchmarks;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Ways of writing the same rows to a PostgreSQL, each with some tasks side by side. */
final class PostgresWriters {
  private static final String TABLE = "benchmark.flights";
  private static final String HEAP = "benchmark.heap";
  private static final String OLDER = "benchmark.older";
  private static final int BATCH = 100;

  /** Round 0 is what is replaced, round 1 what replaces it. */
  private static final int NEWER_ROUND = 1;

  private static final List<String> COLUMNS =
      List.of(
          "route",
          "departed_at",
          "flights",
          "delay_minutes",
          "distance",
          "late_share",
          "seats",
          "carrier",
          "is_late",
          "fare");

  private final String url;
  private final int tasks;
  private final OnlineStore store;
  private final List<List<List<OnlineRecord>>> batches = new ArrayList<>();
  private final List<byte[]> rows = new ArrayList<>();

  PostgresWriters(String url, int records, int bucket, int tasks) {
    this.url = url;
    this.tasks = tasks;
    this.store = OnlineStores.of(definition(url));
    for (int from = 0; from < records; from += bucket) {
      batches.add(batches(from, Math.min(records, from + bucket), NEWER_ROUND));
    }
  }

  private static List<List<OnlineRecord>> batches(int from, int to, int round) {
    List<List<OnlineRecord>> batches = new ArrayList<>();
    for (int first = from; first < to; first += BATCH) {
      List<OnlineRecord> batch = new ArrayList<>(BATCH);
      for (int i = first; i < Math.min(to, first + BATCH); i++) {
        batch.add(ExampleGroup.record(scattered(i), round));
      }
      batches.add(batch);
    }
    return batches;
  }

  /** Records of a hash bucket come in no order. */
  private static long scattered(long i) {
    return i * 2_654_435_761L % 4_294_967_291L;
  }

  private static OnlineStoreDefinition definition(String url) {
    Map<String, String> settings = new HashMap<>();
    int query = url.indexOf('?');
    StringBuilder others = new StringBuilder();
    if (query >= 0) {
      for (String parameter : url.substring(query + 1).split("&")) {
        String[] parts = parameter.split("=", 2);
        if (parts[0].equals("user") || parts[0].equals("password")) {
          settings.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        } else {
          others.append(others.isEmpty() ? '?' : '&').append(parameter);
        }
      }
    }
    settings.put("url", (query < 0 ? url : url.substring(0, query)) + others);
    settings.put("schema", "benchmark");
    settings.put("table", "{group}");
    return new OnlineStoreDefinition("benchmark", "postgresql", settings);
  }

  /** What of the server's configuration matters. */
  Map<String, String> serverSettings() throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name, current_setting(name) FROM pg_settings WHERE name IN"
                    + " ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes',"
                    + " 'shared_buffers', 'max_wal_size', 'work_mem', 'temp_buffers')"
                    + " ORDER BY name")) {
      while (rows.next()) {
        settings.put(rows.getString(1), rows.getString(2));
      }
    }
    return settings;
  }

  /** Makes the tables, and has the server print the rows of every bucket in COPY's binary form. */
  void prepareRows() throws Exception {
    execute("DROP SCHEMA IF EXISTS benchmark CASCADE", "CREATE SCHEMA benchmark");
    store.prepare(ExampleGroup.target());
    execute(
        "CREATE TABLE %s (LIKE %s)".formatted(HEAP, TABLE),
        "CREATE UNLOGGED TABLE %s (LIKE %s)".formatted(OLDER, TABLE));
    for (int b = 0; b < batches.size(); b++) {
      write(List.of(b));
      try (Connection connection = DriverManager.getConnection(url)) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // In no order, as they come.
        copies(connection)
            .copyOut(
                "COPY (SELECT * FROM %s ORDER BY md5(route)) TO STDOUT (FORMAT binary)"
                    .formatted(TABLE),
                bytes);
        rows.add(bytes.toByteArray());
      }
      execute("INSERT INTO %s SELECT * FROM %s".formatted(OLDER, TABLE), "TRUNCATE " + TABLE);
    }
    execute("UPDATE %s SET departed_at = departed_at - interval '1 day'".formatted(OLDER));
  }

  /**
   * Makes the table what it is before every run.
   *
   * @param older whether it has an older record for each that comes
   */
  void startTable(boolean older) throws Exception {
    execute("TRUNCATE " + TABLE);
    if (older) {
      execute(
          "INSERT INTO %s SELECT * FROM %s ORDER BY route".formatted(TABLE, OLDER),
          "VACUUM ANALYZE " + TABLE);
    }
    execute("CHECKPOINT");
  }

  void clearHeap() throws Exception {
    execute("TRUNCATE " + HEAP, "CHECKPOINT");
  }

  /** The store's writer, as a task calls it. */
  void ours() throws Exception {
    inTasks(this::write);
  }

  private void write(List<Integer> buckets) {
    AtomicLong written = new AtomicLong();
    long expected = 0;
    try (RecordWriter writer =
        store.open(ExampleGroup.target(), new WriteContext("benchmark", tasks, 1))) {
      for (int b : buckets) {
        for (List<OnlineRecord> batch : batches.get(b)) {
          writer.write(batch, outcome -> written.addAndGet(outcome.written()));
          expected += batch.size();
        }
        writer.commit();
      }
    }
    requireAll(written.get(), expected);
  }

  /** The statements alone, on one connection for each task. */
  void sameStatements() throws Exception {
    String columns = String.join(", ", COLUMNS);
    String updates =
        String.join(
            ", ", COLUMNS.stream().skip(1).map(c -> "%1$s = excluded.%1$s".formatted(c)).toList());
    inTasks(
        buckets -> {
          try (Connection connection = DriverManager.getConnection(url);
              Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int b : buckets) {
              statement.execute(
                  "CREATE TEMPORARY TABLE came (LIKE %s) ON COMMIT DROP".formatted(TABLE));
              long copied = copy(connection, "came", b);
              long written =
                  statement.executeLargeUpdate(
                      "INSERT INTO %1$s AS held (%2$s) SELECT %2$s FROM came ORDER BY route ON CONFLICT (route) DO UPDATE SET %3$s WHERE excluded.departed_at > held.departed_at"
                          .formatted(TABLE, columns, updates));
              connection.commit();
              requireAll(written, copied);
            }
          }
        });
  }

  /** The rows alone, into a table without a key. */
  void bareCopy() throws Exception {
    inTasks(
        buckets -> {
          try (Connection connection = DriverManager.getConnection(url)) {
            for (int b : buckets) {
              copy(connection, HEAP, b);
            }
          }
        });
  }

  private long copy(Connection connection, String table, int b) throws Exception {
    return copies(connection)
        .copyIn(
            "COPY %s FROM STDIN (FORMAT binary)".formatted(table),
            new ByteArrayInputStream(rows.get(b)),
            1 << 16);
  }

  private static CopyManager copies(Connection connection) throws Exception {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }

  private void execute(String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void requireAll(long written, long expected) {
    if (written != expected) {
      throw new IllegalStateException(
          "%,d records were written, not %,d".formatted(written, expected));
    }
  }

  /** Buckets by turns, as many tasks as there are. */
  private void inTasks(Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        List<Integer> buckets = new ArrayList<>();
        for (int b = task; b < batches.size(); b += tasks) {
          buckets.add(b);
        }
        all.add(
            threads.submit(
                () -> {
                  work.on(buckets);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What a task does. */
  private interface Work {
    void on(List<Integer> buckets) throws Exception;
  }
}
