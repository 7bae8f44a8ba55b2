package io.fsmigrate.online.dynamodb;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** The table of a target: whether it is there and fits, and its making. Every call is made once. */
final class Table {
  /** Tables are made in seconds, those with much warm throughput in minutes. */
  private static final Duration MAKING = Duration.ofMinutes(10);

  private static final long LOOK_NANOS = 200_000_000L;

  private final DynamoDbAsyncClient client;
  private final DynamoDbSettings settings;
  private final VersionedGroup target;
  private final ItemForm form;
  private final String name;

  Table(
      DynamoDbAsyncClient client, DynamoDbSettings settings, VersionedGroup target, ItemForm form) {
    this.client = client;
    this.settings = settings;
    this.target = target;
    this.form = form;
    this.name = settings.table(target);
  }

  /** The table as it is; empty where there is none. */
  Optional<TableDescription> describe() {
    return ask(
        "describe",
        () ->
            client
                .describeTable(r -> r.tableName(name))
                .thenApply(reply -> Optional.of(reply.table()))
                .exceptionally(failure -> absent(failure)));
  }

  private static Optional<TableDescription> absent(Throwable failure) {
    if (Faults.as(ResourceNotFoundException.class, failure) == null) {
      throw new CompletionException(failure);
    }
    return Optional.empty();
  }

  /**
   * Refuses a table that does not fit, or is not there and is not to be made.
   *
   * @return whether it is there and takes items
   */
  boolean check() {
    Optional<TableDescription> table = describe();
    if (table.isEmpty()) {
      if (!settings.createTable()) {
        throw DynamoDbErrors.noTable(settings, name);
      }
      return false;
    }
    requireFit(table.get());
    if (settings.createTable() && table.get().tableStatus() == TableStatus.CREATING) {
      // As a run left it that was ended before it was there.
      return false;
    }
    requireActive(table.get());
    requireWritable();
    return true;
  }

  private void requireFit(TableDescription table) {
    List<String> differences = new ArrayList<>();
    List<KeySchemaElement> keys = table.keySchema();
    if (keys.size() != 1 || !keys.get(0).attributeName().equals(form.keyName())) {
      differences.add(
          "its key is %s, the record identifier %s"
              .formatted(
                  keys.stream().map(KeySchemaElement::attributeName).toList(), form.keyName()));
    } else {
      ScalarAttributeType type =
          table.attributeDefinitions().stream()
              .filter(a -> a.attributeName().equals(form.keyName()))
              .findFirst()
              .map(AttributeDefinition::attributeType)
              .orElse(ScalarAttributeType.UNKNOWN_TO_SDK_VERSION);
      if (type != form.keyType()) {
        differences.add(
            "its key %s has type %s, the record identifier needs %s"
                .formatted(form.keyName(), type, form.keyType()));
      }
    }
    if (settings.timeToLive().isPresent() && isActive(table) && !expires()) {
      differences.add("it has no time to live on attribute " + ItemForm.EXPIRES);
    }
    if (!differences.isEmpty()) {
      throw DynamoDbErrors.differs(settings.store(), name, target.address(), differences);
    }
  }

  private boolean expires() {
    return ask(
        "describe the time to live of",
        () ->
            client
                .describeTimeToLive(r -> r.tableName(name))
                .thenApply(
                    reply ->
                        ItemForm.EXPIRES.equals(reply.timeToLiveDescription().attributeName())
                            && isOn(reply.timeToLiveDescription().timeToLiveStatus())));
  }

  private static boolean isOn(TimeToLiveStatus status) {
    return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
  }

  private void requireActive(TableDescription table) {
    if (!isActive(table)) {
      throw DynamoDbErrors.notReady(settings.store(), name, table.tableStatusAsString());
    }
  }

  /** While it is changed, a table takes writes. */
  private static boolean isActive(TableDescription table) {
    return table.tableStatus() == TableStatus.ACTIVE || table.tableStatus() == TableStatus.UPDATING;
  }

  /** A put that can never be carried out tells whether others may. */
  private void requireWritable() {
    ask(
        "write to",
        () ->
            client
                .putItem(
                    r ->
                        r.tableName(name)
                            .item(Map.of(form.keyName(), anyKey()))
                            .conditionExpression(
                                "attribute_exists(#id) AND attribute_not_exists(#id)")
                            .expressionAttributeNames(Map.of("#id", form.keyName())))
                .handle(
                    (reply, failure) -> {
                      if (failure != null
                          && Faults.as(ConditionalCheckFailedException.class, failure) == null) {
                        throw new CompletionException(failure);
                      }
                      return name;
                    }));
  }

  private AttributeValue anyKey() {
    return switch (form.keyType()) {
      case N -> AttributeValue.fromN("0");
      case B -> AttributeValue.fromB(SdkBytes.fromUtf8String("0"));
      default -> AttributeValue.fromS("0");
    };
  }

  /** Whether there is no item in it at all, whoever wrote it. */
  boolean isEmpty() {
    return ask(
        "look into",
        () ->
            client
                .scan(r -> r.tableName(name).limit(1).consistentRead(true))
                .thenApply(reply -> !reply.hasItems() || reply.items().isEmpty()));
  }

  /** Makes it where it is not there, and waits until it takes items. */
  void make() {
    if (!settings.createTable() || describe().filter(Table::isActive).isPresent()) {
      return;
    }
    if (describe().isEmpty()) {
      ask(
          "create",
          () ->
              client
                  .createTable(request())
                  .handle(
                      (reply, failure) -> {
                        // Somebody else has asked for it as well.
                        if (failure != null
                            && Faults.as(ResourceInUseException.class, failure) == null) {
                          throw new CompletionException(failure);
                        }
                        return name;
                      }));
    }
    await();
    if (settings.timeToLive().isPresent() && !expires()) {
      ask(
          "set the time to live of",
          () ->
              client.updateTimeToLive(
                  r ->
                      r.tableName(name)
                          .timeToLiveSpecification(
                              t -> t.enabled(true).attributeName(ItemForm.EXPIRES))));
    }
  }

  private CreateTableRequest request() {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(name)
            .keySchema(k -> k.attributeName(form.keyName()).keyType(KeyType.HASH))
            .attributeDefinitions(
                a -> a.attributeName(form.keyName()).attributeType(form.keyType()));
    settings
        .capacity()
        .provisioned()
        .ifPresentOrElse(
            units ->
                request
                    .billingMode(BillingMode.PROVISIONED)
                    .provisionedThroughput(
                        t -> t.readCapacityUnits(units.read()).writeCapacityUnits(units.write())),
            () -> request.billingMode(BillingMode.PAY_PER_REQUEST));
    settings
        .capacity()
        .warmWriteUnits()
        .ifPresent(units -> request.warmThroughput(w -> w.writeUnitsPerSecond(units)));
    return request.build();
  }

  private void await() {
    long end = System.nanoTime() + MAKING.toNanos();
    while (describe().filter(Table::isActive).isEmpty()) {
      if (System.nanoTime() - end > 0) {
        throw DynamoDbErrors.notMade(settings.store(), name, MAKING);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while a table was made", e);
      }
    }
  }

  private <T> T ask(String what, Supplier<CompletableFuture<T>> call) {
    try {
      return call.get().join();
    } catch (RuntimeException e) {
      ServiceFault fault = Faults.of(e);
      throw failure(what, fault);
    }
  }

  private FsMigrateException failure(String what, ServiceFault fault) {
    return DynamoDbErrors.of(settings, what, name, fault);
  }
}
