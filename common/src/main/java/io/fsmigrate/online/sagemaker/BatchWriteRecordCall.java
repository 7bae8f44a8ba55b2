package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.sagemaker.ServiceFault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

  private static final byte[] OPEN = "{\"Entries\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.US_ASCII);

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
    return calls
        .post("/BatchWriteRecord", body(entries))
        .thenApply(reply -> answers(entries, reply));
  }

  @Override
  public Optional<RemoteCall<PendingRecord, Void>> instead(ServiceFault fault) {
    return instead.apply(fault);
  }

  private byte[] body(List<PendingRecord> entries) {
    int size = OPEN.length + CLOSE.length;
    for (PendingRecord entry : entries) {
      size += begin.length + entry.encoded().json().length + end.length + 1;
    }
    ByteBuffer body = ByteBuffer.allocate(size - 1).put(OPEN);
    for (PendingRecord entry : entries) {
      if (body.position() > OPEN.length) {
        body.put((byte) ',');
      }
      body.put(begin).put(entry.encoded().json()).put(end);
    }
    return body.put(CLOSE).array();
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
