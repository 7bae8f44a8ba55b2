package io.fsmigrate.online.dynamodb;

import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** What is asked of a table as such, whatever its items are. Every call is made once. */
final class TableCalls {
  /** Tables are made in seconds, those with much warm throughput in minutes. */
  private static final Duration MAKING = Duration.ofMinutes(10);

  private static final long LOOK_MILLIS = 200;

  private final DynamoDbAsyncClient client;
  private final DynamoDbSettings settings;
  private final String name;

  TableCalls(DynamoDbAsyncClient client, DynamoDbSettings settings, String name) {
    this.client = client;
    this.settings = settings;
    this.name = name;
  }

  /** The table as it is; empty where there is none. */
  Optional<TableDescription> describe() {
    return ask(
        "describe",
        () ->
            client
                .describeTable(r -> r.tableName(name))
                .thenApply(reply -> Optional.of(reply.table()))
                .exceptionally(
                    failure ->
                        instead(ResourceNotFoundException.class, failure, Optional.empty())));
  }

  /** While it is changed, a table takes items. */
  static boolean isActive(TableDescription table) {
    return table.tableStatus() == TableStatus.ACTIVE || table.tableStatus() == TableStatus.UPDATING;
  }

  /** A put that can never be carried out tells whether others may. */
  void requireWritable(String keyName, AttributeValue anyKey) {
    ask(
        "write to",
        () ->
            client
                .putItem(
                    r ->
                        r.tableName(name)
                            .item(Map.of(keyName, anyKey))
                            .conditionExpression(
                                "attribute_exists(#id) AND attribute_not_exists(#id)")
                            .expressionAttributeNames(Map.of("#id", keyName)))
                .thenApply(reply -> name)
                .exceptionally(
                    failure -> instead(ConditionalCheckFailedException.class, failure, name)));
  }

  /** Makes it unless it is there or being made, and waits until it takes items. */
  void make(CreateTableRequest request) {
    Optional<TableDescription> table = describe();
    if (table.isEmpty()) {
      ask(
          "create",
          () ->
              client
                  .createTable(request)
                  .thenApply(reply -> name)
                  // Somebody else has asked for it as well.
                  .exceptionally(failure -> instead(ResourceInUseException.class, failure, name)));
    }
    long end = System.nanoTime() + MAKING.toNanos();
    while (table.filter(TableCalls::isActive).isEmpty()) {
      if (System.nanoTime() - end > 0) {
        throw DynamoDbErrors.notMade(settings.store(), name, MAKING);
      }
      pause();
      table = describe();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a table was made", e);
    }
  }

  /**
   * The answer of a call.
   *
   * @param what is done to the table, for messages
   */
  <T> T ask(String what, Supplier<CompletableFuture<T>> call) {
    try {
      return call.get().join();
    } catch (RuntimeException e) {
      ServiceFault fault = Faults.of(e);
      throw DynamoDbErrors.of(settings, what, name, fault);
    }
  }

  /** An answer in place of a failure that is one. */
  static <T> T instead(Class<? extends DynamoDbException> answer, Throwable failure, T value) {
    if (Faults.as(answer, failure) == null) {
      throw new CompletionException(failure);
    }
    return value;
  }
}
