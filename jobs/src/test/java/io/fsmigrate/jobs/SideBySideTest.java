package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.DynamoDbProxy;
import io.fsmigrate.testkit.DynamoDbServer;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.Relay;
import io.fsmigrate.testkit.SparkExtension;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One run into stores of four types, and what one of them does to the others. */
@ExtendWith(SparkExtension.class)
class SideBySideTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;
  private static final int ROWS = 388;

  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  private static PostgresServer postgres;
  private static DynamoDbServer dynamo;
  private static int tables;

  @TempDir private Path directory;

  private RedisProcess redis;
  private Relay toCache;
  private Relay toServing;
  private Relay toItems;
  private DynamoDbProxy items;
  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void startServer() {
    System.setProperty(KEY, DynamoDbServer.ACCESS_KEY);
    System.setProperty(SECRET, DynamoDbServer.SECRET_KEY);
    postgres = PostgresServer.start(Map.of());
    dynamo = DynamoDbServer.start();
  }

  @AfterAll
  static void endServer() {
    postgres.close();
    dynamo.close();
    System.clearProperty(KEY);
    System.clearProperty(SECRET);
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    redis = RedisProcess.start();
    toCache = Relay.to(URI.create("http://" + redis.address()));
    toServing = Relay.to(URI.create("http://127.0.0.1:" + postgres.port()));
    items = DynamoDbProxy.to(dynamo.endpoint());
    toItems = Relay.to(items.address());
    postgres.execute("DROP SCHEMA IF EXISTS served CASCADE", "CREATE SCHEMA served");
    sandbox = Sandbox.of(directory, spark, catalog());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, ROWS, false);
    source = "parquet:" + input;
  }

  @AfterEach
  void stop() {
    toCache.close();
    toServing.close();
    toItems.close();
    items.close();
    redis.close();
  }

  /** Records, without what says which version is served. */
  private int cached() {
    return ((List<?>) redis.call("KEYS", "readings@1.0.0:*")).size();
  }

  private String catalog() {
    return """
    fs-migrate {
      warehouse = "warehouse"
      run { online-bucket-rows = 30 }
      online-stores.cache {
        type = redis, nodes = "127.0.0.1:%1$d", unavailable-after = 2 seconds
      }
      online-stores.serving {
        type = postgresql, url = "jdbc:postgresql://127.0.0.1:%2$d/postgres", user = postgres
        schema = served, table = readings, unavailable-after = 2 seconds
      }
      online-stores.items {
        type = dynamodb, region = us-east-1, endpoint = "%3$s", create-table = true
        table = "readings-%4$d", serving-table = "serving-%4$d", unavailable-after = 2 seconds
      }
      online-stores.local { type = sqlite, path = "online.db", table = readings }
      feature-groups.readings {
        record-identifier = sensor
        event-time = seen
        online-stores = [cache, serving, items, local]
        versions."1.0.0".features =
          ["sensor: string", "seen: timestamp", "level: int", "note: string"]
      }
      migrations = [
        { group = readings, from = raw, to = "1.0.0"
          steps = [ { cast { name = level, type = int } } ] }
      ]
    }
    """
        .formatted(
            toCache.address().getPort(),
            toServing.address().getPort(),
            toItems.address(),
            ++tables);
  }

  @Test
  void allAreServedFromOneReadingOfTheTable(SparkSession spark) throws Exception {
    ShuffledForStores shuffled = new ShuffledForStores();
    spark.sparkContext().addSparkListener(shuffled);
    JsonNode report;
    try {
      report = sandbox.json(0, "migrate", source, TARGET);
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(shuffled);
    }

    for (String store : new String[] {"cache", "serving", "items", "local"}) {
      JsonNode counted = report.at("/online/" + store);
      assertThat(counted.get("newest").asInt()).as(store).isEqualTo(SENSORS);
      assertThat(counted.get("written").asInt()).as(store).isEqualTo(SENSORS);
      assertThat(counted.get("superseded").asInt()).as(store).isEqualTo(ROWS - SENSORS);
      assertThat(report.at("/timingsMillis/" + store).asLong()).as(store).isPositive();
    }
    assertThat(shuffled.stages).hasSize(1);
    assertThat(cached()).isEqualTo(SENSORS);
    assertThat(redis.call("HGET", "readings@1.0.0:s-5", "level")).isEqualTo("296");
    assertThat(postgres.rows("SELECT level FROM served.readings WHERE sensor = 's-5'"))
        .containsExactly("296");
    assertThat(sandbox.online("SELECT level FROM readings WHERE sensor = 's-5'"))
        .containsExactly(List.of(296));
  }

  /** Stages that write a shuffle for the jobs that fill stores. */
  private static final class ShuffledForStores extends SparkListener {
    private final Set<Integer> ofStores = ConcurrentHashMap.newKeySet();
    private final Set<Integer> stages = ConcurrentHashMap.newKeySet();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      String group = submitted.properties().getProperty("spark.jobGroup.id", "");
      if (group.contains("/online/")) {
        ofStores.add(submitted.stageInfo().stageId());
      }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted completed) {
      int stage = completed.stageInfo().stageId();
      if (ofStores.contains(stage)
          && completed.stageInfo().taskMetrics().shuffleWriteMetrics().recordsWritten() > 0) {
        stages.add(stage);
      }
    }
  }

  /** Half a second for every answer. */
  @Test
  void slowStoresAreWaitedFor() {
    toCache.delay(Duration.ofMillis(250));
    toServing.delay(Duration.ofMillis(250));
    toItems.delay(Duration.ofMillis(250));

    JsonNode report =
        sandbox.json(0, "--set", "run.online-bucket-rows=400", "migrate", source, TARGET);

    assertThat(report.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/items/written").asInt()).isEqualTo(SENSORS);
    assertThat(cached()).isEqualTo(SENSORS);
  }

  /** The others end, and are not written again when the run goes on. */
  @Test
  void theLossOfOneInMidRunDoesNotKeepTheOthersFromTheirs() throws Exception {
    CompletableFuture<Void> outage = CompletableFuture.runAsync(this::refuseAfterTheFirstRecords);

    JsonNode failure =
        sandbox.json(
            6, "--set", "online-stores.cache.rate-limit=10 records/s", "migrate", source, TARGET);
    outage.get();
    int served = postgres.rows("SELECT sensor FROM served.readings").size();
    int local = sandbox.online("SELECT sensor FROM readings").size();
    JsonNode interrupted = sandbox.json(0, "runs", "show", "latest");
    postgres.execute("DELETE FROM served.readings WHERE sensor = 's-5'");
    toCache.restore();
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("message").asText()).contains("cache", "resume");
    assertThat(served).isEqualTo(SENSORS);
    assertThat(local).isEqualTo(SENSORS);
    assertThat(interrupted.get("counters").get("serving.written").asInt()).isEqualTo(SENSORS);
    assertThat(interrupted.get("counters").path("cache.newest").asInt()).isLessThan(SENSORS);
    assertThat(resumed.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(cached()).isEqualTo(SENSORS);
    assertThat(postgres.rows("SELECT sensor FROM served.readings")).hasSize(SENSORS - 1);
  }

  private void refuseAfterTheFirstRecords() {
    afterTheFirstRecords();
    toCache.refuse();
  }

  private void afterTheFirstRecords() {
    while (cached() == 0) {
      pause(20);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void storesThatAreAwayAreToldBeforeAnythingIsWritten() {
    for (Relay away : List.of(toCache, toServing, toItems)) {
      away.refuse();
      Cli.Result refused = sandbox.run("migrate", source, TARGET);
      away.restore();

      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(6);
      assertThat(refused.err()).contains(":" + away.address().getPort());
      assertThat(sandbox.path("warehouse")).doesNotExist();
      assertThat(sandbox.database()).doesNotExist();
    }
  }

  /** Two for a moment, in mid-run, and one that throttles 40 of 100 calls all the time. */
  @Test
  void storesThatComeBackOrThrottleGetEverything() throws Exception {
    items.answer(
        call ->
            call.operation().equals("PutItem") && call.number() % 5 < 2
                ? Optional.of(
                    DynamoDbProxy.Reply.error(
                        400, "ProvisionedThroughputExceededException", "too many of them"))
                : Optional.empty());
    CompletableFuture<Void> restart =
        CompletableFuture.runAsync(
            () -> {
              afterTheFirstRecords();
              toCache.refuse();
              toServing.refuse();
              pause(500);
              toCache.restore();
              toServing.restore();
            });

    JsonNode report =
        sandbox.json(
            0,
            "--set",
            "online-stores.cache.rate-limit=40 records/s",
            "--set",
            "online-stores.cache.unavailable-after=1 minute",
            "--set",
            "online-stores.serving.unavailable-after=1 minute",
            "--set",
            "online-stores.items.unavailable-after=5 minutes",
            "migrate",
            source,
            TARGET);
    restart.get();

    assertThat(report.at("/calls/items/throttled").asInt()).isGreaterThan(SENSORS / 2);
    assertThat(report.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/items/written").asInt()).isEqualTo(SENSORS);
    assertThat(cached()).isEqualTo(SENSORS);
    assertThat(postgres.rows("SELECT sensor FROM served.readings")).hasSize(SENSORS);
  }

  /** A store has its own failures; a count is held against those of all. */
  @Test
  void failuresAreCountedOverTheStores() {
    redis.call("SET", "readings@1.0.0:s-7", "a text");
    redis.call("SET", "readings@1.0.0:s-8", "a text");

    JsonNode stopped = sandbox.json(7, "migrate", source, TARGET, "--max-failures", "1");
    JsonNode report = sandbox.json(3, "migrate", "--resume-from", "latest", "--max-failures", "2");

    assertThat(stopped.get("message").asText()).contains("cache", "--max-failures is 1");
    assertThat(report.at("/online/cache/failed").asInt()).isEqualTo(2);
    assertThat(report.at("/online/cache/written").asInt()).isEqualTo(SENSORS - 2);
    assertThat(report.at("/online/serving/failed").asInt()).isZero();
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/items/written").asInt()).isEqualTo(SENSORS);
  }
}
