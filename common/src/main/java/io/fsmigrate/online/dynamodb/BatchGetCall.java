package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * BatchGetItem of whole items, as they are now; entries are keys. What the service leaves, because
 * a reply has at most 16 MB or it is busy, is told entry by entry, as a throttled one.
 */
final class BatchGetCall
    implements RemoteCall<AttributeValue, Optional<Map<String, AttributeValue>>> {
  private static final int MOST_ENTRIES = 100;

  private final DynamoDbAsyncClient client;
  private final String table;
  private final String keyName;

  BatchGetCall(DynamoDbAsyncClient client, String table, String keyName) {
    this.client = client;
    this.table = table;
    this.keyName = keyName;
  }

  @Override
  public int capacity() {
    return MOST_ENTRIES;
  }

  @Override
  public CallCost cost(List<AttributeValue> entries) {
    return new CallCost(entries.size(), 0);
  }

  @Override
  public CompletableFuture<List<Answer<Optional<Map<String, AttributeValue>>>>> send(
      List<AttributeValue> entries) {
    return client
        .batchGetItem(
            BatchGetItemRequest.builder()
                .requestItems(
                    Map.of(
                        table,
                        KeysAndAttributes.builder()
                            .consistentRead(true)
                            .keys(entries.stream().map(key -> Map.of(keyName, key)).toList())
                            .build()))
                .build())
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw Faults.of(failure);
              }
              return answers(entries, reply);
            });
  }

  private List<Answer<Optional<Map<String, AttributeValue>>>> answers(
      List<AttributeValue> entries, BatchGetItemResponse reply) {
    Map<AttributeValue, Map<String, AttributeValue>> items = new HashMap<>();
    reply.responses().values().forEach(list -> list.forEach(item -> items.put(key(item), item)));
    Set<AttributeValue> left = new HashSet<>();
    reply.unprocessedKeys().values().forEach(some -> some.keys().forEach(k -> left.add(key(k))));
    return entries.stream()
        .map(
            entry -> {
              AttributeValue key = Attributes.normalKey(entry);
              return left.contains(key)
                  ? Answer.<Optional<Map<String, AttributeValue>>>fault(ServiceFault.unprocessed())
                  : Answer.of(Optional.ofNullable(items.get(key)));
            })
        .toList();
  }

  private AttributeValue key(Map<String, AttributeValue> item) {
    return Attributes.normalKey(item.get(keyName));
  }
}
