package io.fsmigrate.emulator.offline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/**
 * DuckDB, with the catalog that Athena sees as a database of its own name, results of queries in a
 * file, and functions that are Athena's.
 */
public final class Database implements AutoCloseable {
  /** The catalog that Athena sees. */
  public static final String CATALOG = "AwsDataCatalog";

  /** The database file of results. */
  public static final String RESULTS = "results";

  private static final String[] FUNCTIONS = {
    "date_add(unit, n, t) AS t + CAST(n || ' ' || unit AS INTERVAL)",
    "from_iso8601_timestamp(x) AS CAST(x AS TIMESTAMPTZ)",
    "from_iso8601_date(x) AS CAST(x AS DATE)",
    "from_unixtime(x) AS CAST(to_timestamp(x) AS TIMESTAMP)",
    "to_unixtime(x) AS epoch(CAST(x AS TIMESTAMPTZ))",
    "date_parse(x, format) AS strptime(x, format)",
    "date_format(x, format) AS strftime(x, format)",
    "approx_distinct(x) AS approx_count_distinct(x)",
    "arbitrary(x) AS any_value(x)",
    "json_extract_scalar(x, path) AS json_extract_string(x, path)"
  };

  private final CompletableFuture<DuckDBConnection> root;

  private Database(CompletableFuture<DuckDBConnection> root) {
    this.root = root;
  }

  /**
   * Begins to open an empty database that spills into a directory; whoever connects first waits
   * until it is open, since its native library takes a second or two to unpack.
   */
  public static Database open(Path scratch, Executor executor) {
    return new Database(CompletableFuture.supplyAsync(() -> openRoot(scratch), executor));
  }

  private static DuckDBConnection openRoot(Path scratch) {
    try {
      DuckDBConnection root = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = root.createStatement()) {
        statement.execute("SET memory_limit = '1GB'");
        statement.execute("SET temp_directory = " + text(scratch.resolve("spill").toString()));
        statement.execute("SET parquet_metadata_cache = true");
        statement.execute("ATTACH ':memory:' AS " + name(CATALOG));
        statement.execute(
            "ATTACH " + text(scratch.resolve("results.duckdb").toString()) + " AS " + RESULTS);
        for (String function : FUNCTIONS) {
          statement.execute("CREATE MACRO " + function);
        }
      }
      return root;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot start DuckDB", e);
    }
  }

  /** A connection of one's own, in UTC and with integer division as in Athena. */
  public DuckDBConnection connect() throws SQLException {
    DuckDBConnection connection = root.join().duplicate();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET integer_division = true");
    }
    return connection;
  }

  /** A name in quotes. */
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A text in quotes. */
  public static String text(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /** Deletes a directory with all that is in it. */
  public static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    root.join().close();
  }
}
