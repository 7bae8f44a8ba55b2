package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import io.fsmigrate.online.calls.Patience;
import io.fsmigrate.online.calls.SharedInJvm;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * An item for each feature group in a table of its own, by default {@code fs-migrate-serving}: the
 * partition key {@code group} and the attributes {@code version}, {@code key-version}, {@code
 * table}, {@code at} (ISO-8601, UTC) and {@code by}, all of type S. A conditional put compares and
 * sets it.
 */
final class DynamoDbServingPointer implements ServingPointer {
  private static final String GROUP = "group";
  private static final List<String> FIELDS = List.of("version", "key-version", "table", "at", "by");

  private final DynamoDbSettings settings;
  private final String table;

  DynamoDbServingPointer(DynamoDbSettings settings) {
    this.settings = settings;
    this.table = settings.servingTable();
  }

  @Override
  public Optional<Served> read(String group) {
    Map<String, AttributeValue> item = withTable((client, calls) -> item(client, calls, group));
    if (item.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Served(
              group,
              new FeatureVersion(text(item, 0)),
              new FeatureVersion(text(item, 1)),
              text(item, 2),
              Instant.parse(text(item, 3)),
              text(item, 4)));
    } catch (RuntimeException e) {
      throw OnlineErrors.pointerUnreadable(
          settings.store(), "item %s of table %s".formatted(group, table), e.getMessage());
    }
  }

  private Map<String, AttributeValue> item(
      DynamoDbAsyncClient client, TableCalls calls, String group) {
    return calls.ask(
        "read",
        () ->
            client
                .getItem(
                    r ->
                        r.tableName(table)
                            .key(Map.of(GROUP, AttributeValue.fromS(group)))
                            .consistentRead(true))
                .thenApply(reply -> reply.item())
                .exceptionally(
                    failure ->
                        TableCalls.instead(ResourceNotFoundException.class, failure, Map.of())));
  }

  private static String text(Map<String, AttributeValue> item, int i) {
    AttributeValue value = item.get(FIELDS.get(i));
    if (value == null || value.s() == null) {
      throw new IllegalArgumentException("it has no attribute %s of S".formatted(FIELDS.get(i)));
    }
    return value.s();
  }

  @Override
  public void check(String group, String place) {
    read(group);
    withTable(
        (client, calls) -> {
          if (calls.describe().isPresent()) {
            calls.requireWritable(GROUP, AttributeValue.fromS(group));
          } else if (!settings.createTable()) {
            throw noTable();
          }
          return table;
        });
  }

  private RuntimeException noTable() {
    return OnlineErrors.noPointerTable(
        settings.access().toString(),
        "table %s with the partition key %s of type S".formatted(table, GROUP),
        settings.store(),
        "create-table is not set");
  }

  @Override
  public boolean move(Served to, Optional<Served> expected) {
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    // What is wanted may be there already, by a try whose answer was lost.
    String condition =
        "%s OR %s"
            .formatted(
                isServed("to", to, names, values),
                expected
                    .map(served -> isServed("from", served, names, values))
                    .orElse("attribute_not_exists(#group)"));
    if (expected.isEmpty()) {
      names.put("#group", GROUP);
    }
    return withTable(
        (client, calls) -> {
          makeReady(calls);
          return calls.ask(
              "write to",
              () ->
                  client
                      .putItem(
                          r ->
                              r.tableName(table)
                                  .item(item(to))
                                  .conditionExpression(condition)
                                  .expressionAttributeNames(names)
                                  .expressionAttributeValues(values))
                      .thenApply(reply -> true)
                      .exceptionally(
                          failure ->
                              TableCalls.instead(
                                  ConditionalCheckFailedException.class, failure, false)));
        });
  }

  private static Map<String, AttributeValue> item(Served served) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(GROUP, AttributeValue.fromS(served.group()));
    List<String> values = values(served);
    for (int i = 0; i < FIELDS.size(); i++) {
      item.put(FIELDS.get(i), AttributeValue.fromS(values.get(i)));
    }
    return item;
  }

  private static List<String> values(Served served) {
    return List.of(
        served.version().text(),
        served.keyVersion().text(),
        served.place(),
        served.at().toString(),
        served.by());
  }

  /** The condition that the item is that one, and what it takes to say it. */
  private static String isServed(
      String prefix, Served served, Map<String, String> names, Map<String, AttributeValue> values) {
    StringBuilder condition = new StringBuilder();
    List<String> wanted = values(served);
    for (int i = 0; i < FIELDS.size(); i++) {
      names.put("#f" + i, FIELDS.get(i));
      values.put(":%s%d".formatted(prefix, i), AttributeValue.fromS(wanted.get(i)));
      condition.append(condition.isEmpty() ? "(" : " AND ");
      condition.append("#f%1$d = :%2$s%1$d".formatted(i, prefix));
    }
    return condition.append(')').toString();
  }

  /** The table may be there and not take items yet: somebody has just asked for it. */
  private void makeReady(TableCalls calls) {
    Optional<TableDescription> there = calls.describe();
    if (there.isEmpty() && !settings.createTable()) {
      throw noTable();
    }
    if (there.filter(TableCalls::isActive).isEmpty()) {
      calls.make(
          CreateTableRequest.builder()
              .tableName(table)
              .keySchema(k -> k.attributeName(GROUP).keyType(KeyType.HASH))
              .attributeDefinitions(
                  a -> a.attributeName(GROUP).attributeType(ScalarAttributeType.S))
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .build());
    }
  }

  /** Waits for a service that is away: it is also asked when hours of a run are done. */
  private <T> T withTable(BiFunction<DynamoDbAsyncClient, TableCalls, T> work) {
    try (SharedInJvm.Lease<Connections> connections =
        Connections.lease(
            settings.access(), "serving-" + UUID.randomUUID(), 1, settings.callTimeout())) {
      DynamoDbAsyncClient client = connections.value().client();
      TableCalls calls = new TableCalls(client, settings, table);
      return Patience.of(settings.unavailableAfter()).ask(() -> work.apply(client, calls));
    }
  }
}
