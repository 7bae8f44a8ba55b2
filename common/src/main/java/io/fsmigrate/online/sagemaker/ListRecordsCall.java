package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** ListRecords: one page of record identifiers, after a token. */
final class ListRecordsCall implements RemoteCall<Optional<String>, ListRecordsCall.Page> {
  /** The service's limit. */
  private static final int MOST_IDENTIFIERS = 100;

  private static final CallCost COST = new CallCost(0, 0);

  private final GroupCalls calls;
  private final String path;

  /**
   * Some identifiers.
   *
   * @param next where the next page begins; empty at the end
   */
  record Page(List<String> ids, Optional<String> next) {
    Page {
      ids = List.copyOf(ids);
    }
  }

  ListRecordsCall(GroupCalls calls) {
    this.calls = calls;
    this.path = calls.path("/ListRecords");
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public CallCost cost(List<Optional<String>> entries) {
    return COST;
  }

  @Override
  public CompletableFuture<List<Answer<Page>>> send(List<Optional<String>> entries) {
    JsonBytes out = new JsonBytes().raw("{\"MaxResults\":" + MOST_IDENTIFIERS);
    entries.get(0).ifPresent(token -> out.raw(",\"NextToken\":").quote(token));
    return calls
        .post(path, out.add('}').toBytes())
        .thenApply(reply -> List.of(Answer.of(page(reply))));
  }

  private static Page page(JsonNode reply) {
    List<String> ids = new ArrayList<>();
    reply.path("RecordIdentifiers").forEach(id -> ids.add(id.asText()));
    JsonNode next = reply.path("NextToken");
    return new Page(ids, next.isTextual() ? Optional.of(next.asText()) : Optional.empty());
  }
}
