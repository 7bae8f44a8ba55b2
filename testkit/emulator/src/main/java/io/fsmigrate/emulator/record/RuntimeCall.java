package io.fsmigrate.emulator.record;

import io.fsmigrate.emulator.Operation;
import io.fsmigrate.emulator.RecordPolicy;
import io.fsmigrate.emulator.http.Reply;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A call of the runtime: what it is about, and what is to be done. */
record RuntimeCall(
    String name,
    List<String> groups,
    int entries,
    Supplier<List<String>> ids,
    Function<RecordPolicy, Reply> action)
    implements Operation {

  static RuntimeCall single(
      String name, String group, String identifier, Function<RecordPolicy, Reply> action) {
    return new RuntimeCall(name, List.of(group), 1, () -> List.of(identifier), action);
  }

  @Override
  public List<String> identifiers() {
    return ids.get();
  }

  @Override
  public String contentType() {
    return Reply.JSON;
  }

  @Override
  public Reply execute(RecordPolicy policy) {
    return action.apply(policy);
  }
}
