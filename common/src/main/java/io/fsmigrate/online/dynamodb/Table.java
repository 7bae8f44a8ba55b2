package io.fsmigrate.online.dynamodb;

import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** The table of a target: whether it is there and fits, and its making. */
final class Table {
  private final DynamoDbAsyncClient client;
  private final DynamoDbSettings settings;
  private final VersionedGroup target;
  private final ItemForm form;
  private final String name;
  private final TableCalls calls;

  Table(
      DynamoDbAsyncClient client, DynamoDbSettings settings, VersionedGroup target, ItemForm form) {
    this.client = client;
    this.settings = settings;
    this.target = target;
    this.form = form;
    this.name = settings.table(target);
    this.calls = new TableCalls(client, settings, name);
  }

  /** The table as it is; empty where there is none. */
  Optional<TableDescription> describe() {
    return calls.describe();
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
    calls.requireWritable(form.keyName(), anyKey());
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
    if (settings.timeToLive().isPresent() && TableCalls.isActive(table) && !expires()) {
      differences.add("it has no time to live on attribute " + ItemForm.EXPIRES);
    }
    if (!differences.isEmpty()) {
      throw DynamoDbErrors.differs(settings.store(), name, target.address(), differences);
    }
  }

  private boolean expires() {
    return calls.ask(
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
    if (!TableCalls.isActive(table)) {
      throw DynamoDbErrors.notReady(settings.store(), name, table.tableStatusAsString());
    }
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
    return calls.ask(
        "look into",
        () ->
            client
                .scan(r -> r.tableName(name).limit(1).consistentRead(true))
                .thenApply(reply -> !reply.hasItems() || reply.items().isEmpty()));
  }

  /** Makes it where it is not there, and waits until it takes items. */
  void make() {
    if (!settings.createTable() || describe().filter(TableCalls::isActive).isPresent()) {
      return;
    }
    calls.make(request());
    if (settings.timeToLive().isPresent() && !expires()) {
      calls.ask(
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
}
