package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpMethod;

/** DeleteRecord: removes one record from the online store for good. */
final class DeleteRecordCall implements RemoteCall<DeleteRecordCall.Doomed, Void> {
  private static final CallCost COST = new CallCost(1, 1);
  private static final byte[] NO_BODY = {};

  private final GroupCalls calls;
  private final String path;

  /**
   * A record to be removed.
   *
   * @param eventTime later than the stored one
   * @param tries how often it was tried with an earlier time
   */
  record Doomed(String id, String eventTime, int tries) {}

  DeleteRecordCall(GroupCalls calls) {
    this.calls = calls;
    this.path = calls.path("");
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public CallCost cost(List<Doomed> entries) {
    return COST;
  }

  @Override
  public CompletableFuture<List<Answer<Void>>> send(List<Doomed> entries) {
    Doomed doomed = entries.get(0);
    Map<String, List<String>> query =
        Map.of(
            "RecordIdentifierValueAsString", List.of(doomed.id()),
            "EventTime", List.of(doomed.eventTime()),
            "TargetStores", List.of("OnlineStore"),
            "DeletionMode", List.of("HardDelete"));
    return GroupCalls.single(
        calls.calls().call(SdkHttpMethod.DELETE, path, query, NO_BODY), reply -> null);
  }
}
