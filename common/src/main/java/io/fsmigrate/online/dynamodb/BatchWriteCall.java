package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * BatchWriteItem, which puts or deletes without a condition. What the service leaves is told entry
 * by entry, as a throttled one.
 *
 * @param <I> an entry
 */
final class BatchWriteCall<I> implements RemoteCall<I, Void> {
  /** The most that the service takes. */
  static final int MOST_ENTRIES = 25;

  /** How an entry is written. */
  interface Form<I> {
    WriteRequest request(I entry);

    AttributeValue key(I entry);

    /** What the service counts for it. */
    int bytes(I entry);
  }

  private final DynamoDbAsyncClient client;
  private final String table;
  private final String keyName;
  private final Form<I> form;

  BatchWriteCall(DynamoDbAsyncClient client, String table, String keyName, Form<I> form) {
    this.client = client;
    this.table = table;
    this.keyName = keyName;
    this.form = form;
  }

  /** Puts records. */
  static BatchWriteCall<PendingItem> puts(
      DynamoDbAsyncClient client, String table, String keyName) {
    return new BatchWriteCall<>(
        client,
        table,
        keyName,
        new Form<>() {
          @Override
          public WriteRequest request(PendingItem entry) {
            return WriteRequest.builder()
                .putRequest(put -> put.item(entry.item().attributes()))
                .build();
          }

          @Override
          public AttributeValue key(PendingItem entry) {
            return entry.item().key();
          }

          @Override
          public int bytes(PendingItem entry) {
            return entry.item().bytes();
          }
        });
  }

  /** Deletes items by their keys. */
  static BatchWriteCall<AttributeValue> deletes(
      DynamoDbAsyncClient client, String table, String keyName) {
    return new BatchWriteCall<>(
        client,
        table,
        keyName,
        new Form<>() {
          @Override
          public WriteRequest request(AttributeValue entry) {
            return WriteRequest.builder()
                .deleteRequest(delete -> delete.key(Map.of(keyName, entry)))
                .build();
          }

          @Override
          public AttributeValue key(AttributeValue entry) {
            return Attributes.normalKey(entry);
          }

          @Override
          public int bytes(AttributeValue entry) {
            return 1;
          }
        });
  }

  @Override
  public int capacity() {
    return MOST_ENTRIES;
  }

  @Override
  public int bytes(I entry) {
    return form.bytes(entry);
  }

  @Override
  public CallCost cost(List<I> entries) {
    int units = 0;
    for (I entry : entries) {
      units += ItemSize.writeUnits(form.bytes(entry));
    }
    return new CallCost(entries.size(), units);
  }

  @Override
  public CompletableFuture<List<Answer<Void>>> send(List<I> entries) {
    return client
        .batchWriteItem(
            BatchWriteItemRequest.builder()
                .requestItems(Map.of(table, entries.stream().map(form::request).toList()))
                .build())
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw Faults.of(failure);
              }
              return answers(entries, leftovers(reply.unprocessedItems().values()));
            });
  }

  private Set<AttributeValue> leftovers(Iterable<List<WriteRequest>> byTable) {
    Set<AttributeValue> keys = new HashSet<>();
    for (List<WriteRequest> requests : byTable) {
      for (WriteRequest request : requests) {
        Map<String, AttributeValue> named =
            request.putRequest() != null
                ? request.putRequest().item()
                : request.deleteRequest().key();
        keys.add(Attributes.normalKey(named.get(keyName)));
      }
    }
    return keys;
  }

  private List<Answer<Void>> answers(List<I> entries, Set<AttributeValue> leftovers) {
    List<Answer<Void>> answers = new ArrayList<>(entries.size());
    for (I entry : entries) {
      answers.add(
          leftovers.contains(form.key(entry))
              ? Answer.fault(ServiceFault.unprocessed())
              : Answer.of(null));
    }
    return answers;
  }
}
