package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * BatchWriteRecord: up to 25 whole records a call.
 *
 * <p>The reply names what failed by repeating the entry. No two entries of a call have the same
 * record identifier, so the identifier in the repeated entry tells its place; whether the rest of
 * it looks the same does not matter.
 */
final class BatchWriteRecordCall implements RecordWrite {
  /** The service's limit. */
  static final int MOST_ENTRIES = 25;

  private final GroupCalls calls;
  private final String idName;
  private final byte[] begin;
  private final byte[] end;
  private final Function<ServiceFault, Optional<RemoteCall<PendingRecord, Void>>> instead;

  /**
   * @param instead what to call where this is unknown to the service, or not allowed
   */
  BatchWriteRecordCall(
      GroupCalls calls,
      String idName,
      Function<ServiceFault, Optional<RemoteCall<PendingRecord, Void>>> instead) {
    this.calls = calls;
    this.idName = idName;
    this.instead = instead;
    this.begin =
        new JsonBytes()
            .raw("{\"FeatureGroupName\":")
            .quote(calls.group())
            .raw(",\"Record\":")
            .toBytes();
    this.end = new JsonBytes().add(calls.writeOptions()).add('}').toBytes();
  }

  @Override
  public int capacity() {
    return MOST_ENTRIES;
  }

  @Override
  public CompletableFuture<List<Answer<Void>>> send(List<PendingRecord> entries) {
    JsonBytes out = new JsonBytes().raw("{\"Entries\":");
    char separator = '[';
    for (PendingRecord entry : entries) {
      out.add(separator).add(begin).add(entry.encoded().json()).add(end);
      separator = ',';
    }
    byte[] body = out.raw("]}").toBytes();
    return calls.post("/BatchWriteRecord", body).thenApply(reply -> answers(entries, reply));
  }

  @Override
  public Optional<RemoteCall<PendingRecord, Void>> instead(ServiceFault fault) {
    return instead.apply(fault);
  }

  /** What the reply does not mention was written. */
  List<Answer<Void>> answers(List<PendingRecord> entries, JsonNode reply) {
    JsonNode errors = reply.path("Errors");
    JsonNode unprocessed = reply.path("UnprocessedEntries");
    List<Answer<Void>> answers =
        new ArrayList<>(Collections.nCopies(entries.size(), Answer.<Void>of(null)));
    if (errors.isEmpty() && unprocessed.isEmpty()) {
      return answers;
    }
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      places.put(entries.get(i).encoded().id(), i);
    }
    for (JsonNode error : errors) {
      answers.set(place(places, error.path("Entry")), Answer.fault(GroupCalls.entryFault(error)));
    }
    for (JsonNode entry : unprocessed) {
      answers.set(place(places, entry), Answer.fault(ServiceFault.unprocessed()));
    }
    return answers;
  }

  private int place(Map<String, Integer> places, JsonNode entry) {
    for (JsonNode feature : entry.path("Record")) {
      if (feature.path("FeatureName").asText().equals(idName)) {
        Integer place = places.get(feature.path("ValueAsString").asText());
        if (place != null) {
          return place;
        }
      }
    }
    // Writing all of them again does no harm; taking any of them for written could.
    throw ServiceFault.noReply(
        new IllegalStateException("the reply names an entry that was not in the call"));
  }
}
