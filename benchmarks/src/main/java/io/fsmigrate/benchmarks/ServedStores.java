package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.jobs.FsMigrate;
import io.fsmigrate.testkit.DynamoDbProxy;
import io.fsmigrate.testkit.DynamoDbServer;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Stores on this machine, and a warehouse from which the program fills them. */
final class ServedStores implements AutoCloseable {
  private final Path directory;
  private final RedisProcess redis;
  private final PostgresServer postgres;
  private final DynamoDbServer dynamo;
  private final DynamoDbProxy proxy;
  private int round;

  private ServedStores(
      Path directory, RedisProcess redis, PostgresServer postgres, DynamoDbServer dynamo) {
    this.directory = directory;
    this.redis = redis;
    this.postgres = postgres;
    this.dynamo = dynamo;
    this.proxy = DynamoDbProxy.to(dynamo.endpoint());
  }

  /**
   * Starts servers for them.
   *
   * @param bucket records of an online unit
   * @param batchWrite setting {@code batch-write} of the DynamoDB
   * @param proxied whether it is reached by way of {@link #proxy}
   */
  static ServedStores start(Path directory, long bucket, String batchWrite, boolean proxied)
      throws IOException {
    Files.createDirectories(directory);
    // As durable as a server is by default; the one for tests is not.
    PostgresServer postgres =
        PostgresServer.start(
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on"));
    ServedStores stores =
        new ServedStores(directory, RedisProcess.start(), postgres, DynamoDbServer.start());
    System.setProperty("aws.accessKeyId", DynamoDbServer.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", DynamoDbServer.SECRET_KEY);
    Files.writeString(directory.resolve("stores.conf"), stores.conf(bucket, batchWrite, proxied));
    return stores;
  }

  private String conf(long bucket, String batchWrite, boolean proxied) {
    return """
    fs-migrate {
      warehouse = "%s/warehouse"
      run { online-bucket-rows = %d }
      online-stores {
        redis { type = redis, nodes = "%s" }
        postgresql { type = postgresql, url = "%s", user = postgres }
        dynamodb {
          type = dynamodb, endpoint = "%s", region = us-east-1, create-table = true
          batch-write = %s
        }
        sqlite { type = sqlite, path = "%s/online.db" }
      }
      feature-groups.flights {
        record-identifier = route
        event-time = departed_at
        versions."1.0.0".features = [
          "route: string", "departed_at: timestamp", "flights: bigint", "delay_minutes: int"
          "distance: double", "late_share: double", "seats: int", "carrier: string"
          "is_late: boolean", "fare: float"
        ]
      }
      feature-groups.departures {
        record-identifier = route
        event-time = departed_at
        versions."1.0.0".features = [
          "route: string", "departed_at: timestamp", "origin: string", "destination: string"
          "delay: bigint", "distance: bigint"
        ]
      }
      migrations = [
        { group = departures, from = raw, to = "1.0.0"
          steps = [
            { set { name = route, expression = "concat(origin, '-', destination)" } }
            { rename { from = date, to = departed_at } }
            { cast { name = departed_at, type = timestamp } }
          ] }
      ]
    }
    """
        .formatted(
            directory,
            bucket,
            redis.address(),
            postgres.url("postgres"),
            proxied ? proxy.address() : dynamo.endpoint(),
            batchWrite,
            directory);
  }

  List<String> names() {
    return List.of("redis", "postgresql", "dynamodb");
  }

  /** Stands before the DynamoDB and can be told to refuse calls. */
  DynamoDbProxy proxy() {
    return proxy;
  }

  RedisProcess redis() {
    return redis;
  }

  PostgresServer postgres() {
    return postgres;
  }

  /** The database of the store {@code sqlite}. */
  Path sqlite() {
    return directory.resolve("online.db");
  }

  /**
   * Writes generated flights.
   *
   * @param rowsPerRecord of different event times
   * @return the address of the files
   */
  String generate(SparkSession spark, long records, int rowsPerRecord) {
    String input = directory.resolve("input").toString();
    spark
        .range(0, records * rowsPerRecord, 1, spark.sparkContext().defaultParallelism())
        .selectExpr(
            "concat('route-', id % " + records + ") AS route",
            "timestamp_seconds(993902400 + id div " + records + ") AS departed_at",
            "id * 7919 AS flights",
            "CAST(id % 600 - 60 AS INT) AS delay_minutes",
            "id * 0.25D AS distance",
            "id / 3.0D % 1 AS late_share",
            "CAST(id % 300 AS INT) AS seats",
            "concat('carrier ', id % 40) AS carrier",
            "id % 2 = 0 AS is_late",
            "CAST(id % 1000 * 0.5 AS FLOAT) AS fare")
        .write()
        .parquet(input);
    return "parquet:" + input;
  }

  /** Brings rows onto the branch and, as they are, into these stores. */
  JsonNode migrate(String source, String target, List<String> stores) {
    return program(
        "migrate",
        source,
        target,
        "--online",
        stores.isEmpty() ? "none" : String.join(",", stores));
  }

  /** Fills the stores, which have nothing of this round yet. */
  JsonNode publish(List<String> stores) {
    int own = ++round;
    return program(
        "--set",
        "online-stores.redis.key-prefix=round-" + own + ":",
        "--set",
        "online-stores.postgresql.table=round_" + own,
        "--set",
        "online-stores.dynamodb.table=round-" + own,
        "publish",
        "main:flights",
        "--to",
        String.join(",", stores));
  }

  private JsonNode program(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> args =
        new ArrayList<>(
            List.of("--conf", directory.resolve("stores.conf").toString(), "--output", "json"));
    args.addAll(Arrays.asList(command));
    int exitCode =
        FsMigrate.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    if (exitCode != 0) {
      throw new IllegalStateException(
          "fs-migrate %s returned %d:%n%s%n%s".formatted(args, exitCode, err, out));
    }
    try {
      return new ObjectMapper().readTree(out.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    proxy.close();
    redis.close();
    postgres.close();
    dynamo.close();
  }
}
