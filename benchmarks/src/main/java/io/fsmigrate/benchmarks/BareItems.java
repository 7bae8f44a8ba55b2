package io.fsmigrate.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Prepared requests that a loop sends by the client that ours has, of the same settings, as many in
 * flight: what no writer that makes its requests can surpass. The items are those that ours writes.
 */
final class BareItems implements AutoCloseable {
  static final String TABLE = "flights-1.0.0";

  private static final String CONDITION =
      "attribute_not_exists(#id) OR #at < :at OR (#at = :at AND #digest = :digest)";
  private static final Map<String, String> NAMES =
      Map.of("#id", "route", "#at", "__fs_at", "#digest", "__fs_digest");

  private final SdkAsyncHttpClient http;
  private final DynamoDbAsyncClient client;
  private final int inFlight;

  BareItems(URI endpoint, int inFlight) {
    this.inFlight = inFlight;
    http = AwsCrtAsyncHttpClient.builder().maxConcurrency(inFlight).build();
    client =
        DynamoDbAsyncClient.builder()
            .httpClient(http)
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .asyncConfiguration(
                a ->
                    a.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
  }

  /** A table without items. */
  void createTable() {
    client
        .createTable(
            r ->
                r.tableName(TABLE)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(k -> k.attributeName("route").keyType(KeyType.HASH))
                    .attributeDefinitions(
                        a -> a.attributeName("route").attributeType(ScalarAttributeType.S)))
        .join();
  }

  /** Removes the table, which has to have that many items. */
  void dropTable(long records) {
    long items = client.describeTable(r -> r.tableName(TABLE)).join().table().itemCount();
    client.deleteTable(r -> r.tableName(TABLE)).join();
    if (items != records) {
      throw new IllegalStateException("%d of %d records".formatted(items, records));
    }
  }

  static List<PutItemRequest> puts(int records) {
    List<PutItemRequest> requests = new ArrayList<>(records);
    for (int i = 0; i < records; i++) {
      Map<String, AttributeValue> item = item(i);
      requests.add(
          PutItemRequest.builder()
              .tableName(TABLE)
              .item(item)
              .conditionExpression(CONDITION)
              .expressionAttributeNames(NAMES)
              .expressionAttributeValues(
                  Map.of(":at", item.get("__fs_at"), ":digest", item.get("__fs_digest")))
              .returnValuesOnConditionCheckFailure("ALL_OLD")
              .build());
    }
    return requests;
  }

  static List<BatchWriteItemRequest> batches(int records, int size) {
    List<BatchWriteItemRequest> requests = new ArrayList<>();
    for (int from = 0; from < records; from += size) {
      List<WriteRequest> writes = new ArrayList<>();
      for (int i = from; i < Math.min(records, from + size); i++) {
        Map<String, AttributeValue> item = item(i);
        writes.add(WriteRequest.builder().putRequest(p -> p.item(item)).build());
      }
      requests.add(BatchWriteItemRequest.builder().requestItems(Map.of(TABLE, writes)).build());
    }
    return requests;
  }

  void putAll(List<PutItemRequest> requests) throws InterruptedException {
    send(requests, client::putItem);
  }

  void writeAll(List<BatchWriteItemRequest> requests) throws InterruptedException {
    send(requests, client::batchWriteItem);
  }

  private <Q, A> void send(List<Q> requests, Function<Q, CompletableFuture<A>> call)
      throws InterruptedException {
    Semaphore places = new Semaphore(inFlight);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (Q request : requests) {
      places.acquire();
      call.apply(request)
          .whenComplete(
              (reply, problem) -> {
                failure.compareAndSet(null, problem);
                places.release();
              });
    }
    places.acquire(inFlight);
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  private static Map<String, AttributeValue> item(int i) {
    List<Object> values = ExampleGroup.record(i, 0).values();
    Map<String, AttributeValue> item = new LinkedHashMap<>();
    int place = 0;
    for (String name : ExampleGroup.target().schema().names()) {
      item.put(name, attribute(values.get(place++)));
    }
    item.put(
        "__fs_digest",
        AttributeValue.fromB(SdkBytes.fromByteArray(ByteBuffer.allocate(16).putInt(i).array())));
    long seconds = ((Instant) values.get(1)).getEpochSecond();
    item.put("__fs_at", AttributeValue.fromN(Long.toString(seconds)));
    return item;
  }

  private static AttributeValue attribute(Object value) {
    if (value instanceof Boolean flag) {
      return AttributeValue.fromBool(flag);
    }
    return value instanceof Number
        ? AttributeValue.fromN(value.toString())
        : AttributeValue.fromS(value.toString());
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}
