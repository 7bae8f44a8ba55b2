package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.testkit.DynamoDbProxy;
import io.fsmigrate.testkit.DynamoDbProxy.Reply;
import io.fsmigrate.testkit.DynamoDbServer;
import io.fsmigrate.testkit.Relay;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Runs into a DynamoDB of this machine, and what can go wrong with it. */
@ExtendWith(SparkExtension.class)
class DynamoDbRunsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final String TABLE = "readings-1.0.0";
  private static final int SENSORS = 97;
  private static final int ROWS = 388;
  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  private static DynamoDbServer server;
  private static SdkAsyncHttpClient http;
  private static DynamoDbAsyncClient client;

  @TempDir private Path directory;

  private DynamoDbProxy proxy;
  private Relay relay;
  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void startServer() {
    System.setProperty(KEY, DynamoDbServer.ACCESS_KEY);
    System.setProperty(SECRET, DynamoDbServer.SECRET_KEY);
    server = DynamoDbServer.start();
    http = AwsClients.asyncHttpClient(8, Duration.ofSeconds(30));
    client =
        new AwsClients(new AwsAccess("us-east-1", server.endpoint().toString(), null, null))
            .dynamoDb(http, Duration.ofSeconds(30));
  }

  @AfterAll
  static void stopServer() {
    client.close();
    http.close();
    server.close();
    System.clearProperty(KEY);
    System.clearProperty(SECRET);
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    for (String table : client.listTables().join().tableNames()) {
      client.deleteTable(r -> r.tableName(table)).join();
    }
    proxy = DynamoDbProxy.to(server.endpoint());
    relay = Relay.to(proxy.address());
    sandbox = Sandbox.of(directory, spark, catalog());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, ROWS, false);
    source = "parquet:" + input;
  }

  @AfterEach
  void stop() {
    relay.close();
    proxy.close();
    System.setProperty(KEY, DynamoDbServer.ACCESS_KEY);
  }

  private String catalog() {
    return """
        fs-migrate {
          warehouse = "warehouse"
          run { online-bucket-rows = 30 }
          online-stores.serving {
            type = dynamodb, region = us-east-1, endpoint = "%s"
            create-table = true
            unavailable-after = 2 seconds
          }
          feature-groups.readings {
            record-identifier = sensor
            event-time = seen
            online-stores = [serving]
            versions."1.0.0".features =
              ["sensor: string", "seen: timestamp", "level: int", "note: string"]
            versions."2.0.0".features =
              ["sensor: string", "seen: timestamp", "level: double"]
          }
          migrations = [
            { group = readings, from = raw, to = "1.0.0"
              steps = [ { cast { name = level, type = int } } ] }
            { group = readings, from = "1.0.0", to = "2.0.0"
              steps = [ { cast { name = level, type = double } }, { drop = note } ] }
          ]
        }
        """
        .formatted(relay.address());
  }

  private static List<Map<String, AttributeValue>> items(String table) {
    return client.scan(r -> r.tableName(table).consistentRead(true)).join().items();
  }

  private static Map<String, AttributeValue> item(String sensor) {
    return client
        .getItem(r -> r.tableName(TABLE).key(Map.of("sensor", AttributeValue.fromS(sensor))))
        .join()
        .item();
  }

  @Test
  void theNewestRecordsAreServedInATableOfTheVersion() {
    JsonNode report = sandbox.json(0, "migrate", source, TARGET);

    JsonNode counted = report.at("/online/serving");
    assertThat(counted.get("newest").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("written").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("superseded").asInt()).isEqualTo(ROWS - SENSORS);
    assertThat(counted.has("submitted")).isFalse();
    assertThat(report.at("/calls/serving/calls").asLong()).isPositive();
    List<Map<String, AttributeValue>> first = items(TABLE);
    assertThat(first).hasSize(SENSORS);
    assertThat(item("s-5"))
        .containsEntry("seen", AttributeValue.fromS("2026-01-01T00:01:00Z"))
        .containsEntry("level", AttributeValue.fromN("296"))
        .containsEntry("note", AttributeValue.fromS("n2"));

    assertThat(sandbox.json(0, "migrate", source, TARGET).at("/online/serving/written").asInt())
        .isEqualTo(SENSORS);
    assertThat(items(TABLE)).containsExactlyInAnyOrderElementsOf(first);

    client
        .updateItem(
            r ->
                r.tableName(TABLE)
                    .key(Map.of("sensor", AttributeValue.fromS("s-1")))
                    .updateExpression("SET #at = :at")
                    .expressionAttributeNames(Map.of("#at", "__fs_at"))
                    .expressionAttributeValues(Map.of(":at", AttributeValue.fromN("9000000000"))))
        .join();
    Map<String, AttributeValue> foreign = Map.of("sensor", AttributeValue.fromS("s-7"));
    client.putItem(r -> r.tableName(TABLE).item(foreign)).join();
    JsonNode third = sandbox.json(3, "migrate", source, TARGET, "--max-failures", "5%");
    assertThat(third.at("/online/serving/written").asInt()).isEqualTo(SENSORS - 2);
    assertThat(third.at("/online/serving/stale").asInt()).isEqualTo(1);
    assertThat(third.at("/online/serving/failed").asInt()).isEqualTo(1);
    JsonNode failed = sandbox.failedRecords(third.get("run").asText()).get(0);
    assertThat(failed.at("/original/sensor").asText()).isEqualTo("s-7");
    assertThat(failed.get("code").asText()).isEqualTo("UNREADABLE_IN_STORE");
    assertThat(item("s-7")).isEqualTo(foreign);

    JsonNode next = sandbox.json(0, "migrate", TARGET, "readings@2.0.0");
    assertThat(next.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(items(TABLE)).hasSize(SENSORS);
    assertThat(items("readings-2.0.0")).hasSize(SENSORS).noneMatch(i -> i.containsKey("note"));
  }

  @Test
  void anEmptyTableIsLoadedInBatchesAndAFullOneIsNot() {
    String batches = "online-stores.serving.batch-write=auto";
    JsonNode plan = sandbox.json(0, "--set", batches, "plan", source, TARGET);
    JsonNode loaded = sandbox.json(0, "--set", batches, "migrate", source, TARGET);
    long batchCalls = proxy.calls("BatchWriteItem");
    JsonNode again = sandbox.json(0, "--set", batches, "migrate", source, TARGET);

    assertThat(plan.at("/online/0/strategy/mode").asText()).isEqualTo("LOAD");
    assertThat(loaded.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(batchCalls).isPositive();
    assertThat(proxy.batchEntries()).isEqualTo(SENSORS);
    assertThat(again.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(proxy.calls("BatchWriteItem")).isEqualTo(batchCalls);
  }

  /** So slow that the outage comes in the middle; what is taken up is compared again. */
  @Test
  void anOutageEndsTheRunWhichGoesOnLater() throws Exception {
    String slowly = "online-stores.serving.rate-limit=20 records/s";
    String batches = "online-stores.serving.batch-write=auto";
    CompletableFuture<Void> outage = CompletableFuture.runAsync(this::refuseAfterFirstRecords);

    JsonNode failure =
        sandbox.json(6, "--set", slowly, "--set", batches, "migrate", source, TARGET);
    outage.get();
    relay.restore();
    long puts = proxy.calls("PutItem");
    JsonNode resumed = sandbox.json(0, "--set", batches, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("AWS_UNAVAILABLE");
    assertThat(failure.get("message").asText()).contains(TABLE, relay.address().toString());
    assertThat(resumed.at("/online/serving/newest").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(items(TABLE)).hasSize(SENSORS);
    assertThat(proxy.calls("PutItem") - puts).isGreaterThan(SENSORS / 2);
  }

  private void refuseAfterFirstRecords() {
    try {
      while (proxy.batchEntries() == 0) {
        Thread.sleep(20);
      }
      relay.refuse();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatIsAwayFromTheStartIsToldBeforeAnythingIsWritten() {
    relay.refuse();

    assertThat(sandbox.json(6, "migrate", source, TARGET).get("code").asText())
        .isEqualTo("AWS_UNAVAILABLE");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void wrongKeysAreToldBeforeAnythingIsWritten() {
    System.setProperty(KEY, "no-such-key");

    assertThat(sandbox.json(2, "migrate", source, TARGET).get("code").asText())
        .isEqualTo("AWS_CREDENTIALS_REJECTED");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void aTableWithAnotherKeyIsToldBeforeAnythingIsWritten() {
    client
        .createTable(
            r ->
                r.tableName(TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(k -> k.attributeName("sensor").keyType(KeyType.HASH))
                    .attributeDefinitions(
                        a -> a.attributeName("sensor").attributeType(ScalarAttributeType.N)))
        .join();

    JsonNode refused = sandbox.json(4, "migrate", source, TARGET);

    assertThat(refused.get("code").asText()).isEqualTo("STORE_SCHEMA_DIFFERS");
    assertThat(refused.get("message").asText()).contains("sensor has type N", "needs S");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void twoOfFiveThrottledCallsAndSlowAnswersOnlyTakeLonger() {
    proxy.answer(
        call ->
            call.operation().equals("PutItem") && call.number() % 5 < 2
                ? Optional.of(
                    Reply.error(400, "ProvisionedThroughputExceededException", "too many"))
                : Optional.empty());
    proxy.delay(Duration.ofMillis(20));

    JsonNode report =
        sandbox.json(
            0,
            "--set",
            "online-stores.serving.unavailable-after=5 minutes",
            "migrate",
            source,
            TARGET);

    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/calls/serving/throttled").asLong()).isPositive();
    assertThat(items(TABLE)).hasSize(SENSORS);
  }

  @Test
  void clearingTheTargetLeavesWhatIsOfOthers() {
    sandbox.json(0, "migrate", source, TARGET);
    Map<String, AttributeValue> foreign = Map.of("sensor", AttributeValue.fromS("foreign"));
    Map<String, AttributeValue> gone =
        Map.of("sensor", AttributeValue.fromS("gone"), "__fs_at", AttributeValue.fromN("1"));
    client.putItem(r -> r.tableName(TABLE).item(foreign)).join();
    client.putItem(r -> r.tableName(TABLE).item(gone)).join();

    JsonNode plan = sandbox.json(0, "plan", source, TARGET, "--clear-target");
    JsonNode report = sandbox.json(0, "migrate", source, TARGET, "--clear-target", "--yes");

    assertThat(plan.at("/online/0/clears/records").asInt()).isEqualTo(SENSORS + 1);
    assertThat(report.at("/online/serving/cleared").asInt()).isEqualTo(SENSORS + 1);
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(items(TABLE)).hasSize(SENSORS + 1).contains(foreign);
  }
}
