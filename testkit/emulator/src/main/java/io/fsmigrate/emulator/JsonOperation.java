package io.fsmigrate.emulator;

import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.http.Reply;
import java.util.List;
import java.util.function.Supplier;

/**
 * A call of the control plane or of Athena, whose answer is one JSON object.
 *
 * @param action gives the answer, or null for an empty one
 */
public record JsonOperation(String name, List<String> groups, boolean slow, Supplier<Object> action)
    implements Operation {
  @Override
  public int entries() {
    return 1;
  }

  @Override
  public List<String> identifiers() {
    return List.of();
  }

  @Override
  public String contentType() {
    return Reply.AWS_JSON;
  }

  @Override
  public Reply execute(RecordPolicy policy) {
    Object answer = action.get();
    return Reply.ok(Reply.AWS_JSON, Json.bytes(answer == null ? Json.object() : answer));
  }
}
