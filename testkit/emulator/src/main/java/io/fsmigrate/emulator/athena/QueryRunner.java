package io.fsmigrate.emulator.athena;

import io.fsmigrate.emulator.athena.QueryExecution.Column;
import io.fsmigrate.emulator.athena.QueryExecution.State;
import io.fsmigrate.emulator.fault.AthenaFaults;
import io.fsmigrate.emulator.offline.Database;
import io.fsmigrate.emulator.s3.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;

/** Runs one statement: its rows become a table of results, and from there a CSV or Parquet. */
final class QueryRunner {
  private static final Pattern SCANNED = Pattern.compile("Scanning Files:\\s*(\\d+)/(\\d+)");
  private static final Pattern PARTITIONS =
      Pattern.compile("\\b(year|month|day|hour)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAMED = Pattern.compile("(?!NULL$)[\\p{L}_][\\p{L}\\p{N}_ $.-]*");
  private static final int UNLOAD_FILES = 4;
  private static final int ROWS_PER_FILE = 500_000;

  private final Database database;
  private final TableViews views;
  private final ObjectStore objects;
  private final Path scratch;

  QueryRunner(Database database, TableViews views, ObjectStore objects, Path scratch) {
    this.database = database;
    this.views = views;
    this.objects = objects;
    this.scratch = scratch;
  }

  /** The table that holds the rows of a query. */
  static String table(QueryExecution query) {
    return Database.RESULTS + ".main." + Database.name(query.id());
  }

  /** A connection, closed by the caller. */
  DuckDBConnection connect() throws SQLException {
    return database.connect();
  }

  void run(QueryExecution query, AthenaSql sql, AthenaFaults faults) {
    try (DuckDBConnection connection = database.connect();
        Statement statement = connection.createStatement()) {
      if (sql.unload().isPresent()) {
        requireEmpty(sql.unload().get());
      }
      long bytes = views.refresh(statement, sql, query.database());
      statement.execute("SET search_path = " + Database.text(searchPath(query.database())));
      query.scanned(pruned(statement, sql, bytes));
      statement.execute("CREATE TABLE " + table(query) + " AS " + sql.query());
      nameColumns(statement, query);
      List<Column> columns = columns(statement, query);
      if (sql.unload().isPresent()) {
        boolean half = Boolean.TRUE.equals(faults.halfUnload());
        unload(statement, query, columns, sql.unload().get(), half);
        statement.execute("DROP TABLE " + table(query));
      } else {
        csv(statement, query, columns);
      }
      query.end(State.SUCCEEDED, null);
    } catch (SQLException e) {
      query.end(State.FAILED, QueryErrors.reason(e));
    } catch (QueryFailure e) {
      query.end(State.FAILED, e.getMessage());
    } catch (IOException | RuntimeException e) {
      query.end(State.FAILED, "GENERIC_INTERNAL_ERROR: " + e);
    }
  }

  private static String searchPath(String database) {
    return Database.name(Database.CATALOG) + '.' + Database.name(database) + ",memory.main";
  }

  private void requireEmpty(AthenaSql.Target target) throws QueryFailure {
    if (!objects.files(target.bucket(), target.prefix()).isEmpty()) {
      throw new QueryFailure(
          "HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: " + target.uri());
    }
  }

  /** What is read when files of other partitions are left out, by the plan. */
  private static long pruned(Statement statement, AthenaSql sql, long bytes) throws SQLException {
    if (bytes == 0 || !PARTITIONS.matcher(sql.query()).find()) {
      return bytes;
    }
    long read = 0;
    long all = 0;
    try (ResultSet plan = statement.executeQuery("EXPLAIN " + sql.query())) {
      while (plan.next()) {
        // The plan is drawn in boxes, which break lines.
        Matcher scan = SCANNED.matcher(plan.getString(2).replaceAll("[\\s│]+", " "));
        while (scan.find()) {
          read += Long.parseLong(scan.group(1));
          all += Long.parseLong(scan.group(2));
        }
      }
    }
    return all == 0 ? bytes : bytes * read / all;
  }

  /** Columns without a name of their own are called as Athena calls them. */
  private static void nameColumns(Statement statement, QueryExecution query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet described = statement.executeQuery("DESCRIBE " + table(query))) {
      while (described.next()) {
        names.add(described.getString(1));
      }
    }
    for (int i = 0; i < names.size(); i++) {
      if (!NAMED.matcher(names.get(i)).matches()) {
        statement.execute(
            "ALTER TABLE %s RENAME COLUMN %s TO _col%d"
                .formatted(table(query), Database.name(names.get(i)), i));
      }
    }
  }

  private static List<Column> columns(Statement statement, QueryExecution query)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (ResultSet described = statement.executeQuery("DESCRIBE " + table(query))) {
      while (described.next()) {
        columns.add(new Column(described.getString(1), AthenaTypes.name(described.getString(2))));
      }
    }
    return columns;
  }

  private void unload(
      Statement statement,
      QueryExecution query,
      List<Column> columns,
      AthenaSql.Target target,
      boolean half)
      throws SQLException, IOException, QueryFailure {
    long rows;
    try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table(query))) {
      count.next();
      rows = count.getLong(1);
    }
    long files = Math.min(rows, Math.max(UNLOAD_FILES, rows / ROWS_PER_FILE));
    long written = half ? (files + 1) / 2 : files;
    List<String> uris = new ArrayList<>();
    for (long i = 0; i < written; i++) {
      Path file = scratch.resolve("unload-" + UUID.randomUUID());
      statement.execute(
          "COPY (SELECT "
              + AthenaTypes.selectForParquet(columns)
              + " FROM "
              + table(query)
              + " WHERE rowid % "
              + files
              + " = "
              + i
              + ") TO "
              + Database.text(file.toString())
              + " (FORMAT parquet, COMPRESSION "
              + target.compression()
              + ')');
      String key = target.prefix() + query.id().replace("-", "") + '_' + UUID.randomUUID();
      objects.put(target.bucket(), key, file);
      Files.delete(file);
      uris.add("s3://" + target.bucket() + '/' + key);
    }
    if (half) {
      throw new QueryFailure("GENERIC_INTERNAL_ERROR: Injected failure after half of the files");
    }
    String manifest = query.id() + "-manifest.csv";
    Path file = scratch.resolve(manifest);
    Files.write(file, uris);
    query.result(columns, publish(query, manifest, file));
  }

  private void csv(Statement statement, QueryExecution query, List<Column> columns)
      throws SQLException, IOException {
    String name = query.id() + ".csv";
    Path file = scratch.resolve(name);
    statement.execute(
        "COPY (SELECT "
            + AthenaTypes.selectAsText(columns)
            + " FROM "
            + table(query)
            + ") TO "
            + Database.text(file.toString())
            + " (FORMAT csv, HEADER, FORCE_QUOTE *)");
    query.result(columns, null);
    publish(query, name, file);
  }

  private String publish(QueryExecution query, String name, Path file) throws IOException {
    String uri = query.outputLocation() + name;
    String path = uri.substring("s3://".length());
    int slash = path.indexOf('/');
    objects.put(path.substring(0, slash), path.substring(slash + 1), file);
    Files.delete(file);
    return uri;
  }

  /** A failure in the service's words. */
  static final class QueryFailure extends Exception {
    private static final long serialVersionUID = 1L;

    QueryFailure(String reason) {
      super(reason);
    }
  }
}
