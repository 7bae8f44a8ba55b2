package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.Answer;
import io.fsmigrate.online.calls.RemoteCall;
import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * UpdateRecord: changes some features of one stored record and leaves the others. The event time
 * goes along, so that a record which has become newer in the meantime is left alone.
 */
final class UpdateRecordCall implements RemoteCall<PendingUpdate, UpdateRecordCall.Result> {
  /** The service's limit. */
  private static final int MOST_FEATURES = 100;

  /** Of a call, beside the event time. */
  static final int FEATURES_PER_CALL = MOST_FEATURES - 1;

  /** What became of the stored record. */
  enum Result {
    UPDATED,
    /** It has become newer. */
    IS_NEWER,
    /** It is not there any more. */
    IS_MISSING
  }

  private final GroupCalls calls;
  private final RecordCodec codec;
  private final String path;
  private final byte[] options;

  UpdateRecordCall(GroupCalls calls, RecordCodec codec) {
    this.calls = calls;
    this.codec = codec;
    this.path = calls.path("/Record");
    this.options = calls.writeOptions();
  }

  @Override
  public int capacity() {
    return 1;
  }

  @Override
  public CallCost cost(List<PendingUpdate> entries) {
    return new CallCost(1, entries.get(0).record().encoded().writeUnits());
  }

  @Override
  public CompletableFuture<List<Answer<Result>>> send(List<PendingUpdate> entries) {
    PendingRecord record = entries.get(0).record();
    List<String> names = new ArrayList<>(entries.get(0).first(FEATURES_PER_CALL));
    names.add(codec.eventTimeName());
    byte[] features = codec.encodeOnly(names, record.record(), new JsonBytes());
    byte[] body =
        new JsonBytes()
            .raw("{\"RecordIdentifierValueAsString\":")
            .quote(record.encoded().id())
            .raw(",\"Features\":")
            .add(features)
            .add(options)
            .add('}')
            .toBytes();
    return calls.post(path, body).handle((reply, failure) -> List.of(Answer.of(result(failure))));
  }

  private static Result result(Throwable failure) {
    if (failure == null) {
      return Result.UPDATED;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ServiceFault fault) {
      if (fault.kind() == ServiceFault.Kind.CONFLICT) {
        return Result.IS_NEWER;
      }
      if (fault.kind() == ServiceFault.Kind.NOT_FOUND) {
        return Result.IS_MISSING;
      }
    }
    throw new CompletionException(cause);
  }
}
