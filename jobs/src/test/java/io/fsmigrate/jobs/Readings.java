package io.fsmigrate.jobs;

import io.fsmigrate.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What runs that are killed move: readings into a table of a branch and into SQLite, and into
 * PostgreSQL where there is one.
 *
 * @param files of the source, of one unit each
 * @param catalog with {@code %s} for the schema in PostgreSQL, if any
 * @param database the store in SQLite by its name
 */
record Readings(
    SparkSession spark,
    Path input,
    int files,
    String catalog,
    String database,
    Optional<PostgresServer> postgres) {
  static final String TARGET = "readings@1.0.0";
  private static final String RECORDS = "SELECT sensor, seen, level, note FROM ";

  /** A few thousand rows, as all tests of this package use them. */
  static Readings few(SparkSession spark, Path input) {
    Sandbox.writeReadings(spark, input, Sandbox.ROWS, true);
    return new Readings(spark, input, Sandbox.FILES, Sandbox.CATALOG, "online", Optional.empty());
  }

  /** So many that a run takes its time, into two stores. */
  static Readings many(
      SparkSession spark, Path input, long rows, int files, PostgresServer postgres) {
    spark
        .range(0, rows, 1, files)
        .selectExpr(
            "concat('s-', id % 20011) AS sensor",
            "timestamp_seconds(1767225600 + 60 * (id div 40022)) AS seen",
            "CASE WHEN id % 4871 = 11 THEN 3000000000 + id WHEN id % 6011 = 5 THEN -id ELSE id END"
                + " AS level",
            "concat('n', id % 3) AS note")
        .write()
        .parquet(input.toString());
    String catalog =
        Sandbox.CATALOG
            .replace("online-bucket-rows = 300", "online-bucket-rows = 12000")
            .replace(
                "online-stores.online { type = sqlite, path = \"online.db\", table = readings }",
                """
                online-stores.local {
                  type = sqlite, path = "online.db", table = readings, write-from = driver
                }
                online-stores.served {
                  type = postgresql, url = "jdbc:postgresql://127.0.0.1:%d/postgres"
                  user = postgres, schema = "%%s", table = readings
                }
                """
                    .formatted(postgres.port()))
            .replace("online-stores = [online]", "online-stores = [local, served]");
    return new Readings(spark, input, files, catalog, "local", Optional.of(postgres));
  }

  String source() {
    return "parquet:" + input;
  }

  /** Online stores by name. */
  List<String> stores() {
    return postgres.isPresent() ? List.of(database, "served") : List.of(database);
  }

  /** A place of its own for one run. */
  Sandbox sandbox(Path directory) throws IOException {
    postgres.ifPresent(server -> server.execute("CREATE SCHEMA \"" + schema(directory) + "\""));
    return Sandbox.of(directory, spark, catalog.formatted(schema(directory)));
  }

  /** Away with what is not needed any more. */
  void drop(Sandbox sandbox) {
    postgres.ifPresent(
        server -> server.execute("DROP SCHEMA \"" + schema(sandbox.directory()) + "\" CASCADE"));
  }

  private static String schema(Path directory) {
    return directory.getFileName().toString();
  }

  /** What each store has, as texts in order. */
  Map<String, List<String>> records(Sandbox sandbox) throws SQLException {
    Map<String, List<String>> records = new TreeMap<>();
    records.put(
        database,
        sandbox.online(RECORDS + "readings").stream().map(List::toString).sorted().toList());
    if (postgres.isPresent()) {
      List<String> rows =
          new ArrayList<>(
              postgres
                  .get()
                  .rows(
                      "SELECT concat_ws('|', sensor, seen, level, note) FROM \"%s\".readings"
                          .formatted(schema(sandbox.directory()))));
      rows.sort(null);
      records.put("served", rows);
    }
    return records;
  }

  /** Which transaction has written each record of PostgreSQL; none where it has no table yet. */
  Map<String, String> transactions(Sandbox sandbox) {
    Map<String, String> transactions = new TreeMap<>();
    String schema = schema(sandbox.directory());
    postgres
        .filter(server -> isThere(server, schema))
        .ifPresent(
            server ->
                server
                    .rows("SELECT sensor || ' ' || xmin FROM \"%s\".readings".formatted(schema))
                    .forEach(row -> transactions.put(row.split(" ")[0], row.split(" ")[1])));
    return transactions;
  }

  private static boolean isThere(PostgresServer server, String schema) {
    return !server
        .rows(
            "SELECT tablename FROM pg_tables WHERE tablename = 'readings' AND schemaname = '"
                + schema
                + "'")
        .isEmpty();
  }

  /** The bucket of each sensor that has a record, as runs cut them. */
  Map<String, Integer> buckets(Sandbox sandbox, int buckets) {
    Map<String, Integer> of = new TreeMap<>();
    for (Row row :
        sandbox
            .table("main", "readings")
            .selectExpr("sensor", "pmod(hash(sensor), " + buckets + ") AS bucket")
            .distinct()
            .collectAsList()) {
      of.put(row.getString(0), row.getInt(1));
    }
    return of;
  }
}
