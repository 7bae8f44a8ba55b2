package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * BatchGetRecord: up to 100 records a call; empty for those that the store does not have. It counts
 * as a call, not as records, against a rate limit, which is about what is written.
 *
 * @param <I> what has a record identifier
 */
final class GetRecordsCall<I> implements RemoteCall<I, Optional<StoredRecord>> {
  /** The service's limit. */
  static final int MOST_RECORDS = 100;

  private static final CallCost COST = new CallCost(0, 0);

  private final GroupCalls calls;
  private final Function<I, String> id;
  private final byte[] end;

  /**
   * @param features names of those to be read; all where there are none
   */
  GetRecordsCall(GroupCalls calls, Function<I, String> id, Collection<String> features) {
    this.calls = calls;
    this.id = id;
    JsonBytes out = new JsonBytes().raw("]");
    String separator = ",\"FeatureNames\":[";
    for (String feature : features) {
      out.raw(separator).quote(feature);
      separator = ",";
    }
    this.end = out.raw(features.isEmpty() ? "}]}" : "]}]}").toBytes();
  }

  @Override
  public int capacity() {
    return MOST_RECORDS;
  }

  @Override
  public CallCost cost(List<I> entries) {
    return COST;
  }

  @Override
  public CompletableFuture<List<Answer<Optional<StoredRecord>>>> send(List<I> entries) {
    JsonBytes out =
        new JsonBytes()
            .raw("{\"Identifiers\":[{\"FeatureGroupName\":")
            .quote(calls.group())
            .raw(",\"RecordIdentifiersValueAsString\":");
    char separator = '[';
    for (I entry : entries) {
      out.add(separator).quote(id.apply(entry));
      separator = ',';
    }
    byte[] body = out.add(end).toBytes();
    return calls.post("/BatchGetRecord", body).thenApply(reply -> answers(entries, reply));
  }

  private List<Answer<Optional<StoredRecord>>> answers(List<I> entries, JsonNode reply) {
    Map<String, Answer<Optional<StoredRecord>>> byId = new HashMap<>();
    for (JsonNode found : reply.path("Records")) {
      byId.put(identifier(found), Answer.of(Optional.of(GroupCalls.record(found.path("Record")))));
    }
    for (JsonNode error : reply.path("Errors")) {
      ServiceFault fault = GroupCalls.entryFault(error);
      // A record that is not there is left out of the reply; should it be named, it is an answer.
      byId.put(
          identifier(error),
          fault.kind() == ServiceFault.Kind.NOT_FOUND
              ? Answer.of(Optional.empty())
              : Answer.fault(fault));
    }
    for (JsonNode group : reply.path("UnprocessedIdentifiers")) {
      for (JsonNode unprocessed : group.path("RecordIdentifiersValueAsString")) {
        byId.put(unprocessed.asText(), Answer.fault(ServiceFault.unprocessed()));
      }
    }
    List<Answer<Optional<StoredRecord>>> answers = new ArrayList<>(entries.size());
    for (I entry : entries) {
      answers.add(byId.getOrDefault(id.apply(entry), Answer.of(Optional.empty())));
    }
    return answers;
  }

  private static String identifier(JsonNode entry) {
    return entry.path("RecordIdentifierValueAsString").asText();
  }
}
