package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * PutItem where no item is stored, an older one, or the same; and of the same event time the one
 * that the record was seen to win over. The answer is empty where it was put, otherwise it is the
 * stored item, which the service compared with.
 */
final class PutItemCall implements RemoteCall<PendingItem, Optional<Map<String, AttributeValue>>> {
  private static final String NEWER =
      "attribute_not_exists(#id) OR #at < :at OR (#at = :at AND #digest = :digest)";
  private static final String NEWER_OR_OVER =
      "attribute_not_exists(#id) OR #at < :at OR (#at = :at AND #digest IN (:digest, :over))";
  private static final String NEWER_OR_OVER_FOREIGN =
      "attribute_not_exists(#id) OR #at < :at OR (#at = :at AND"
          + " (#digest = :digest OR attribute_not_exists(#digest)))";

  private final DynamoDbAsyncClient client;
  private final String table;
  private final Map<String, String> names;

  PutItemCall(DynamoDbAsyncClient client, String table, String keyName) {
    this.client = client;
    this.table = table;
    this.names = Map.of("#id", keyName, "#at", ItemForm.TIME, "#digest", ItemForm.DIGEST);
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public int bytes(PendingItem entry) {
    return entry.item().bytes();
  }

  @Override
  public CallCost cost(List<PendingItem> entries) {
    return new CallCost(1, entries.get(0).item().writeUnits());
  }

  @Override
  public CompletableFuture<List<Answer<Optional<Map<String, AttributeValue>>>>> send(
      List<PendingItem> entries) {
    return client
        .putItem(request(entries.get(0)))
        .handle(
            (reply, failure) -> {
              if (failure == null) {
                return List.of(Answer.of(Optional.empty()));
              }
              ConditionalCheckFailedException lost =
                  Faults.as(ConditionalCheckFailedException.class, failure);
              if (lost == null) {
                throw Faults.of(failure);
              }
              return List.of(Answer.of(Optional.of(lost.item())));
            });
  }

  private PutItemRequest request(PendingItem pending) {
    Item item = pending.item();
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":at", item.time());
    values.put(":digest", item.digest());
    if (pending.over() != null) {
      values.put(":over", pending.over());
    }
    return PutItemRequest.builder()
        .tableName(table)
        .item(item.attributes())
        .conditionExpression(
            pending.over() != null ? NEWER_OR_OVER : pending.wins() ? NEWER_OR_OVER_FOREIGN : NEWER)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }
}
