package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.sagemaker.ServiceFault;
import io.fsmigrate.sagemaker.SignedCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * How calls for one feature group look on the wire.
 *
 * @param calls sends them
 * @param group name or ARN
 * @param targetStores as the service names them
 * @param timeToLive of records; empty for the group's own
 */
record GroupCalls(
    SignedCalls calls, String group, List<String> targetStores, Optional<SpanOfTime> timeToLive) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** {@code ,"TargetStores":[...],"TtlDuration":{...}}, the end of every write. */
  byte[] writeOptions() {
    JsonBytes out = new JsonBytes().raw(",\"TargetStores\":[");
    for (int i = 0; i < targetStores.size(); i++) {
      out.raw(i == 0 ? "" : ",").quote(targetStores.get(i));
    }
    out.raw("]");
    timeToLive.ifPresent(
        ttl ->
            out.raw(",\"TtlDuration\":{\"Unit\":")
                .quote(ttl.unit().text())
                .raw(",\"Value\":" + ttl.value() + "}"));
    return out.toBytes();
  }

  /** The address of an operation on the group. */
  String path(String operation) {
    return SignedCalls.groupPath(group) + operation;
  }

  CompletableFuture<JsonNode> post(String path, byte[] body) {
    return calls.call(SdkHttpMethod.POST, path, body).thenApply(GroupCalls::json);
  }

  static JsonNode json(byte[] reply) {
    try {
      return JSON.readTree(reply);
    } catch (IOException e) {
      // Cut off, or not the service that answered: as good as no reply.
      throw ServiceFault.noReply(new IOException("the reply is no JSON", e));
    }
  }

  /** What stands in a record of a reply. */
  static StoredRecord record(JsonNode features) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (JsonNode feature : features) {
      String name = feature.path("FeatureName").asText();
      JsonNode list = feature.path("ValueAsStringList");
      if (list.isArray()) {
        List<String> texts = new ArrayList<>(list.size());
        list.forEach(text -> texts.add(text.asText()));
        values.put(name, texts);
      } else if (feature.hasNonNull("ValueAsString")) {
        values.put(name, feature.get("ValueAsString").asText());
      }
    }
    return new StoredRecord(values);
  }

  /** The fault of one entry of a reply. */
  static ServiceFault entryFault(JsonNode error) {
    return ServiceFault.of(
        0, error.path("ErrorCode").asText(), error.path("ErrorMessage").asText());
  }

  /** One answer to a call with one entry. */
  static <R> CompletableFuture<List<Answer<R>>> single(
      CompletableFuture<byte[]> reply, Function<byte[], R> result) {
    return reply.thenApply(bytes -> List.of(Answer.of(result.apply(bytes))));
  }
}
