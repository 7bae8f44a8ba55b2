package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.DynamoDbProxy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fills all stores in one run while one refuses calls and another restarts, and counts. */
@Command(
    name = "troubled-stores",
    mixinStandardHelpOptions = true,
    description = {
      "Run fs-migrate migrate from files into a Redis, a PostgreSQL, a DynamoDB Local and a SQLite in",
      "one run, while DynamoDB throttles a share of the calls and PostgreSQL restarts. Prints what",
      "the report counts and what the stores hold; exit code 1 where that differs."
    })
final class TroubledStoresCommand implements Callable<Integer> {
  private static final List<String> STORES = List.of("redis", "postgresql", "dynamodb", "sqlite");
  private static final long DOWN_SECONDS = 3;

  @Spec private CommandSpec spec;
  @Mixin private DataDirectory data = new DataDirectory();

  @Option(
      names = "--records",
      defaultValue = "1000000",
      description = "Generated record identifiers (default ${DEFAULT-VALUE}).")
  private long records;

  @Option(
      names = "--rows-per-record",
      defaultValue = "1",
      description = "Of different event times; the newest is served (default ${DEFAULT-VALUE}).")
  private int rowsPerRecord;

  @Option(
      names = "--flights",
      paramLabel = "FILE",
      description = "Parquet with date, origin, destination, delay and distance, for a run before.")
  private Path flights;

  @Option(
      names = "--bucket",
      defaultValue = "100000",
      description = "Records of an online unit (default ${DEFAULT-VALUE}).")
  private long bucket;

  @Option(
      names = "--throttled",
      defaultValue = "40",
      description = "Of a hundred calls of DynamoDB (default ${DEFAULT-VALUE}).")
  private int throttled;

  @Option(
      names = "--batch-write",
      defaultValue = "auto",
      description = "Of the DynamoDB: auto loads its empty table by batches (${DEFAULT-VALUE}).")
  private String batchWrite;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Path directory = data.create().resolve("troubled-stores");
    Trees.delete(directory);
    boolean right = true;
    try (SparkSession spark = Sessions.start("local[*]");
        ServedStores stores = ServedStores.start(directory, bucket, batchWrite, true)) {
      stores.proxy().answer(this::throttle);
      if (Optional.ofNullable(flights).isPresent()) {
        right = run(stores, "parquet:" + flights.toAbsolutePath(), "departures", out);
      }
      right &= run(stores, stores.generate(spark, records, rowsPerRecord), "flights", out);
    }
    return right ? 0 : 1;
  }

  private Optional<DynamoDbProxy.Reply> throttle(DynamoDbProxy.Call call) {
    boolean writes = call.operation().equals("PutItem") || call.operation().startsWith("Batch");
    // Spread evenly, whatever the share.
    boolean refused = call.number() * throttled / 100 != (call.number() - 1) * throttled / 100;
    return writes && refused
        ? Optional.of(
            DynamoDbProxy.Reply.error(
                400, "ProvisionedThroughputExceededException", "too many of them"))
        : Optional.empty();
  }

  private boolean run(ServedStores stores, String source, String group, PrintWriter out)
      throws Exception {
    CompletableFuture<Void> restart =
        CompletableFuture.runAsync(() -> restartOnceItHasSome(stores, group));
    long keysBefore = keys(stores);
    long begin = System.nanoTime();
    JsonNode report = stores.migrate(source, group + "@1.0.0", STORES);
    double seconds = (System.nanoTime() - begin) / 1e9;
    restart.get(1, TimeUnit.MINUTES);
    Map<String, Long> held = held(stores, group);
    // One key says which version is served.
    held.put("redis", keys(stores) - keysBefore - 1);
    JsonNode offline = report.get("offline");
    long accepted = offline.get("accepted").asLong();
    out.printf(
        Locale.ROOT,
        "%s: %.0f s; read %,d accepted %,d failed %,d%n",
        group,
        seconds,
        offline.get("read").asLong(),
        accepted,
        offline.get("failed").asLong());
    boolean right = true;
    for (String store : STORES) {
      JsonNode counted = report.at("/online/" + store);
      long newest = counted.get("newest").asLong();
      long written = counted.get("written").asLong();
      long failed = counted.get("failed").asLong();
      boolean adds =
          newest + counted.get("superseded").asLong() == accepted
              && written + counted.get("stale").asLong() + failed == newest
              && (!held.containsKey(store) || held.get(store) == written);
      right &= adds && failed == 0;
      out.printf(
          Locale.ROOT,
          "  %-12s newest %,d superseded %,d written %,d stale %,d failed %,d; holds %s; %.0f s%s%n",
          store,
          newest,
          counted.get("superseded").asLong(),
          written,
          counted.get("stale").asLong(),
          failed,
          held.containsKey(store)
              ? String.format(Locale.ROOT, "%,d", held.get(store))
              : "uncounted",
          report.at("/timingsMillis/" + store).asLong() / 1000.0,
          adds ? "" : "  DOES NOT ADD UP");
    }
    out.printf("  calls %s%n", report.get("calls"));
    out.flush();
    return right;
  }

  /** While its first buckets are there and others are not. */
  private static void restartOnceItHasSome(ServedStores stores, String group) {
    try {
      while (!hasRows(stores, group)) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      stores.postgres().stop();
      TimeUnit.SECONDS.sleep(DOWN_SECONDS);
      stores.postgres().start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hasRows(ServedStores stores, String group) {
    String table = group + "@1.0.0";
    return !stores
            .postgres()
            .rows("SELECT 1 FROM pg_tables WHERE tablename = '%s'".formatted(table))
            .isEmpty()
        && !stores.postgres().rows("SELECT 1 FROM \"%s\" LIMIT 1".formatted(table)).isEmpty();
  }

  /** What the stores say themselves, where they count quickly. */
  private static Map<String, Long> held(ServedStores stores, String group) throws Exception {
    Map<String, Long> held = new LinkedHashMap<>();
    held.put(
        "postgresql",
        Long.valueOf(
            stores.postgres().rows("SELECT count(*) FROM \"%s@1.0.0\"".formatted(group)).get(0)));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + stores.sqlite());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT count(*) FROM \"%s@1.0.0\"".formatted(group))) {
      rows.next();
      held.put("sqlite", rows.getLong(1));
    }
    return held;
  }

  private static long keys(ServedStores stores) {
    return (Long) stores.redis().call("DBSIZE");
  }
}
