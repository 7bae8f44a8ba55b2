package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import io.fsmigrate.online.calls.Patience;
import io.fsmigrate.online.calls.SharedInJvm;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * An item for each feature group in a table of its own, by default {@code fs-migrate-serving}: the
 * partition key {@code group} and the attributes {@code version}, {@code key-version}, {@code
 * table}, {@code at} (ISO-8601, UTC) and {@code by}, all of type S. A conditional put compares and
 * sets it.
 */
final class DynamoDbServingPointer implements ServingPointer {
  private static final String GROUP = "group";
  private static final List<String> FIELDS = List.of("version", "key-version", "table", "at", "by");

  private static final Duration MAKING = Duration.ofMinutes(10);
  private static final long LOOK_MILLIS = 200;

  private final DynamoDbSettings settings;
  private final String table;

  DynamoDbServingPointer(DynamoDbSettings settings) {
    this.settings = settings;
    this.table = settings.servingTable();
  }

  @Override
  public Optional<Served> read(String group) {
    Map<String, AttributeValue> item =
        ask(
            "read",
            client ->
                client
                    .getItem(
                        r ->
                            r.tableName(table)
                                .key(Map.of(GROUP, AttributeValue.fromS(group)))
                                .consistentRead(true))
                    .thenApply(reply -> reply.item())
                    .exceptionally(failure -> unlessAbsent(failure, Map.of())));
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
    if (status().isPresent()) {
      requireWritable(group);
    } else if (!settings.createTable()) {
      throw noTable();
    }
  }

  /** A put that can never be carried out tells whether others may. */
  private void requireWritable(String group) {
    ask(
        "write to",
        client ->
            client
                .putItem(
                    r ->
                        r.tableName(table)
                            .item(Map.of(GROUP, AttributeValue.fromS(group)))
                            .conditionExpression(
                                "attribute_exists(#group) AND attribute_not_exists(#group)")
                            .expressionAttributeNames(Map.of("#group", GROUP)))
                .thenApply(reply -> table)
                .exceptionally(failure -> unlessRefused(failure, table)));
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
    makeReady();
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
    return ask(
        "write to",
        client ->
            client
                .putItem(
                    r ->
                        r.tableName(table)
                            .item(item(to))
                            .conditionExpression(condition)
                            .expressionAttributeNames(names)
                            .expressionAttributeValues(values))
                .thenApply(reply -> true)
                .exceptionally(failure -> unlessRefused(failure, false)));
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

  private Optional<TableStatus> status() {
    return ask(
        "describe",
        client ->
            client
                .describeTable(r -> r.tableName(table))
                .thenApply(reply -> Optional.of(reply.table().tableStatus()))
                .exceptionally(failure -> unlessAbsent(failure, Optional.<TableStatus>empty())));
  }

  /** The table may be there and not take items yet: somebody has just asked for it. */
  private void makeReady() {
    if (isReady()) {
      return;
    }
    if (status().isEmpty()) {
      if (!settings.createTable()) {
        throw noTable();
      }
      create();
    }
    long end = System.nanoTime() + MAKING.toNanos();
    while (!isReady()) {
      if (System.nanoTime() - end > 0) {
        throw DynamoDbErrors.notMade(settings.store(), table, MAKING);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while a table was made", e);
      }
    }
  }

  /** While it is changed, a table takes items. */
  private boolean isReady() {
    return status()
        .filter(status -> status == TableStatus.ACTIVE || status == TableStatus.UPDATING)
        .isPresent();
  }

  private void create() {
    ask(
        "create",
        client ->
            client
                .createTable(
                    r ->
                        r.tableName(table)
                            .keySchema(k -> k.attributeName(GROUP).keyType(KeyType.HASH))
                            .attributeDefinitions(
                                a -> a.attributeName(GROUP).attributeType(ScalarAttributeType.S))
                            .billingMode(BillingMode.PAY_PER_REQUEST))
                .handle(
                    (reply, failure) -> {
                      // Somebody else has asked for it as well.
                      if (failure != null
                          && Faults.as(ResourceInUseException.class, failure) == null) {
                        throw new CompletionException(failure);
                      }
                      return table;
                    }));
  }

  private static <T> T unlessRefused(Throwable failure, T refused) {
    if (Faults.as(ConditionalCheckFailedException.class, failure) == null) {
      throw new CompletionException(failure);
    }
    return refused;
  }

  private static <T> T unlessAbsent(Throwable failure, T absent) {
    if (Faults.as(ResourceNotFoundException.class, failure) == null) {
      throw new CompletionException(failure);
    }
    return absent;
  }

  private <T> T ask(String what, Function<DynamoDbAsyncClient, CompletableFuture<T>> call) {
    try (SharedInJvm.Lease<Connections> connections =
        Connections.lease(
            settings.access(), "serving-" + UUID.randomUUID(), 1, settings.callTimeout())) {
      return Patience.of(settings.unavailableAfter())
          .ask(
              () -> {
                try {
                  return call.apply(connections.value().client()).join();
                } catch (RuntimeException e) {
                  throw DynamoDbErrors.of(settings, what, table, Faults.of(e));
                }
              });
    }
  }
}
