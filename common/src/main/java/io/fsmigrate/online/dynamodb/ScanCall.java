package io.fsmigrate.online.dynamodb;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** Scan of one page of a part of the table: the keys of items that are ours, or their number. */
final class ScanCall implements RemoteCall<ScanCall.Page, ScanResponse> {
  /** Parts of the table that are scanned side by side. */
  static final int PARTS = 8;

  /**
   * A page.
   *
   * @param part from 0
   * @param after the key that the page before ended with; empty for the first one
   */
  record Page(int part, Map<String, AttributeValue> after) {}

  private final DynamoDbAsyncClient client;
  private final String table;
  private final String keyName;
  private final boolean counts;

  /**
   * @param counts whether only the number is wanted
   */
  ScanCall(DynamoDbAsyncClient client, String table, String keyName, boolean counts) {
    this.client = client;
    this.table = table;
    this.keyName = keyName;
    this.counts = counts;
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public CallCost cost(List<Page> entries) {
    return new CallCost(0, 0);
  }

  @Override
  public CompletableFuture<List<Answer<ScanResponse>>> send(List<Page> entries) {
    Page page = entries.get(0);
    ScanRequest.Builder request =
        ScanRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .segment(page.part())
            .totalSegments(PARTS)
            .filterExpression("attribute_exists(#at)");
    if (counts) {
      request.select(Select.COUNT).expressionAttributeNames(Map.of("#at", ItemForm.TIME));
    } else {
      request
          .projectionExpression("#id")
          .expressionAttributeNames(Map.of("#at", ItemForm.TIME, "#id", keyName));
    }
    if (!page.after().isEmpty()) {
      request.exclusiveStartKey(page.after());
    }
    return client
        .scan(request.build())
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                throw Faults.of(failure);
              }
              return List.of(Answer.of(reply));
            });
  }
}
