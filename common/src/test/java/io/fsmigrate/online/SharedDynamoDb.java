package io.fsmigrate.online;

import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.testkit.DynamoDbServer;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One DynamoDB for all tests of this JVM, and a look at it as somebody else has. */
public final class SharedDynamoDb {
  private SharedDynamoDb() {}

  private static final class Holder {
    private static final DynamoDbServer SERVER = DynamoDbServer.start();
    private static final DynamoDbAsyncClient CLIENT;

    static {
      useLocalKeys();
      AwsAccess access = new AwsAccess("us-east-1", SERVER.endpoint().toString(), null, null);
      CLIENT =
          new AwsClients(access)
              .dynamoDb(
                  AwsClients.asyncHttpClient(16, Duration.ofSeconds(30)), Duration.ofSeconds(30));
    }
  }

  /** The keys that this JVM's clients sign with. */
  public static void useLocalKeys() {
    useKeys(DynamoDbServer.ACCESS_KEY);
  }

  /** Other keys, for those who are not to be let in. */
  public static void useKeys(String accessKey) {
    System.setProperty("aws.accessKeyId", accessKey);
    System.setProperty("aws.secretAccessKey", DynamoDbServer.SECRET_KEY);
  }

  public static URI endpoint() {
    useLocalKeys();
    return Holder.SERVER.endpoint();
  }

  public static DynamoDbAsyncClient client() {
    return Holder.CLIENT;
  }

  /** Forgets all tables. */
  public static void empty() {
    useLocalKeys();
    for (String table : client().listTables().join().tableNames()) {
      client().deleteTable(r -> r.tableName(table)).join();
    }
  }

  /** A store that makes its tables. */
  public static OnlineStore store(String... settings) {
    return store(endpoint(), settings);
  }

  /** The same by another address. */
  public static OnlineStore store(URI endpoint, String... settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "endpoint",
                endpoint.toString(),
                "region",
                "us-east-1",
                "create-table",
                "true",
                "unavailable-after",
                "3 seconds"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return OnlineStores.of(new OnlineStoreDefinition("serving", "dynamodb", all));
  }

  /** Every item of a table. */
  public static List<Map<String, AttributeValue>> items(String table) {
    return client().scan(r -> r.tableName(table).consistentRead(true)).join().items();
  }

  /** Puts an item as somebody else would. */
  public static void put(String table, Map<String, AttributeValue> item) {
    client().putItem(r -> r.tableName(table).item(item)).join();
  }
}
