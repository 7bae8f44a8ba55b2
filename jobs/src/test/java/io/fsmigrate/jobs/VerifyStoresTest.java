package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.testkit.DynamoDbServer;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Real stores of four types against one table: what differs in them is found and repaired. */
@ExtendWith(SparkExtension.class)
class VerifyStoresTest {
  private static final String TARGET = "readings@1.0.0";
  private static final int SENSORS = 97;
  private static final List<String> STORES = List.of("cache", "serving", "items", "features");

  private static SageMakerHouse house;
  private static RedisProcess redis;
  private static PostgresServer postgres;
  private static DynamoDbServer dynamo;
  private static SdkAsyncHttpClient http;
  private static DynamoDbAsyncClient client;

  @TempDir private Path directory;

  @BeforeAll
  static void start(SparkSession spark) {
    house = SageMakerHouse.start(spark);
    // One key for both services: DynamoDB Local takes letters and digits alone.
    house
        .emulator()
        .admin(
            "POST",
            "credentials",
            "{\"accessKey\":\"%s\",\"secretKey\":\"%s\"}"
                .formatted(DynamoDbServer.ACCESS_KEY, DynamoDbServer.SECRET_KEY));
    System.setProperty("aws.accessKeyId", DynamoDbServer.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", DynamoDbServer.SECRET_KEY);
    redis = RedisProcess.start();
    postgres = PostgresServer.start(Map.of());
    postgres.execute("CREATE SCHEMA served");
    dynamo = DynamoDbServer.start();
    http = AwsClients.asyncHttpClient(8, Duration.ofSeconds(30));
    client =
        new AwsClients(new AwsAccess("us-east-1", dynamo.endpoint().toString(), null, null))
            .dynamoDb(http, Duration.ofSeconds(30));
  }

  @AfterAll
  static void stop() throws Exception {
    // One that did not come up must not keep the others running.
    for (AutoCloseable started : Arrays.asList(client, http, dynamo, postgres, redis, house)) {
      if (started != null) {
        started.close();
      }
    }
  }

  private static String stores() {
    return """
        fs-migrate.online-stores {
          cache { type = redis, nodes = "%s", unavailable-after = 2 seconds }
          serving {
            type = postgresql, url = "%s", user = postgres, schema = served, table = readings
          }
          items {
            type = dynamodb, region = us-east-1, endpoint = "%s", create-table = true
            table = readings, serving-table = serving
          }
        }
        fs-migrate.feature-groups.readings.online-stores = [cache, serving, items, features]
        """
        .formatted(redis.address(), postgres.url("postgres"), dynamo.endpoint());
  }

  /** Of each store: one record gone, one changed, one that nobody knows. */
  private static void change() {
    redis.call("DEL", "readings@1.0.0:s-7");
    redis.call("HSET", "readings@1.0.0:s-8", "level", "1");
    redis.call(
        "HSET", "readings@1.0.0:gone", "__fs_at", "1", "sensor", "gone", "level", "1", "note", "n");
    postgres.execute(
        "DELETE FROM served.readings WHERE sensor = 's-7'",
        "UPDATE served.readings SET level = 1 WHERE sensor = 's-8'",
        "INSERT INTO served.readings (sensor, seen, level, note)"
            + " SELECT 'gone', seen, level, note FROM served.readings WHERE sensor = 's-9'");
    client.deleteItem(r -> r.tableName("readings").key(key("s-7"))).join();
    Map<String, AttributeValue> item =
        new HashMap<>(client.getItem(r -> r.tableName("readings").key(key("s-8"))).join().item());
    item.put("level", AttributeValue.fromN("1"));
    client.putItem(r -> r.tableName("readings").item(item)).join();
    Map<String, AttributeValue> gone = new HashMap<>(item);
    gone.putAll(key("gone"));
    client.putItem(r -> r.tableName("readings").item(gone)).join();
    Map<String, String> changed = new HashMap<>(house.records("readings", "sensor").get("s-8"));
    // The service takes no other values at an event time that it has: the record becomes an older
    // one.
    house.delete("readings", "s-8", "2029-01-01T00:00:00Z");
    changed.put("level", "1");
    changed.put("seen", "2020-01-01T00:00:00Z");
    house.delete("readings", "s-7", "2029-01-01T00:00:00Z");
    house.put("readings", changed, "OnlineStore");
    changed.put("sensor", "gone");
    house.put("readings", changed, "OnlineStore");
  }

  private static Map<String, AttributeValue> key(String sensor) {
    return Map.of("sensor", AttributeValue.fromS(sensor));
  }

  @Test
  void whatDiffersInAStoreOfAnyTypeIsFoundAndRepaired(SparkSession spark) throws Exception {
    house.create(
        "readings",
        "sensor",
        "seen",
        "Standard",
        "sensor String",
        "seen String",
        "level Integral",
        "note String");
    Sandbox sandbox = Sandbox.of(directory, spark, house.catalog("5 seconds") + stores());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    sandbox.json(0, "migrate", "parquet:" + input, TARGET);

    JsonNode before = sandbox.json(0, "verify", "latest");
    change();
    String[] repair = {"verify", "latest", "--repair", "missing,different", "--yes"};
    JsonNode repaired = sandbox.json(5, repair);
    JsonNode after = sandbox.json(5, "verify", "latest");

    for (int i = 0; i < STORES.size(); i++) {
      String store = STORES.get(i);
      JsonNode clean = before.at("/online/" + i);
      JsonNode found = repaired.at("/online/" + i);
      JsonNode left = after.at("/online/" + i);
      assertThat(clean.get("store").asText()).isEqualTo(store);
      assertThat(clean.get("same").asInt()).as(store).isEqualTo(SENSORS);
      assertThat(clean.get("extra").asInt()).as(store).isZero();
      assertThat(found.get("missing").asInt()).as(store).isEqualTo(1);
      assertThat(found.get("different").asInt()).as(store).isEqualTo(1);
      assertThat(found.get("extra").asInt()).as(store).isEqualTo(1);
      assertThat(found.at("/features/level").asInt()).as(store).isEqualTo(1);
      assertThat(repaired.at("/repair/online/" + store + "/repaired").asInt())
          .as(store)
          .isEqualTo(2);
      // No store tells which of its records is extra, so that one stays.
      assertThat(left.get("same").asInt()).as(store).isEqualTo(SENSORS);
      assertThat(left.get("extra").asInt()).as(store).isEqualTo(1);
    }

    redis.stop();
    JsonNode away = sandbox.json(6, "verify", "latest");
    redis.run();
    JsonNode resumed = sandbox.json(5, "verify", "--resume-from", "latest");

    assertThat(away.at("/online/0/outage").asText()).contains("cache");
    assertThat(away.at("/online/1/same").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.get("run").asText()).isEqualTo(away.get("run").asText());
    assertThat(resumed.at("/online/0/missing").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/1/same").asInt()).isEqualTo(SENSORS);
  }
}
