package io.fsmigrate.emulator;

import io.fsmigrate.emulator.auth.SignatureVerifier;
import io.fsmigrate.emulator.fault.Faults;
import io.fsmigrate.emulator.http.Endpoint;
import io.fsmigrate.emulator.http.Reply;
import io.fsmigrate.emulator.http.Request;
import io.fsmigrate.emulator.http.Responder;
import io.fsmigrate.emulator.observe.CallLog;
import io.fsmigrate.emulator.observe.CallRecord;
import io.fsmigrate.emulator.observe.Stats;
import io.fsmigrate.emulator.record.FeatureStoreRuntime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;

/** Takes a signed call through checks and faults to its service, and notes what became of it. */
final class AwsEndpoint implements Endpoint {
  private final SignatureVerifier signatures;
  private final OperationFinder operations;
  private final Faults faults;
  private final CallLog log;
  private final Stats stats;
  private final Executor workers;

  AwsEndpoint(
      SignatureVerifier signatures,
      OperationFinder operations,
      Faults faults,
      CallLog log,
      Stats stats,
      Executor workers) {
    this.signatures = signatures;
    this.operations = operations;
    this.faults = faults;
    this.log = log;
    this.stats = stats;
    this.workers = workers;
  }

  @Override
  public void handle(Request request, Responder responder) {
    if (faults.down()) {
      responder.cut(0);
      return;
    }
    stats.begin();
    responder.onEnd(stats::end);
    long start = System.currentTimeMillis();
    Operation operation;
    try {
      signatures.verify(request);
      operation = operations.find(request);
    } catch (ServiceException e) {
      String contentType =
          FeatureStoreRuntime.owns(request.rawPath()) ? Reply.JSON : Reply.AWS_JSON;
      end(request, new Unknown(name(request), contentType), null, e, start);
      responder.reply(Reply.error(contentType, e), 0);
      return;
    }
    Faults.CallFate fate = faults.decide(operation);
    if (fate.cutBefore()) {
      end(request, operation, fate, null, start);
      responder.cut(fate.latencyMillis());
    } else if (operation.slow()) {
      workers.execute(() -> carryOut(request, operation, fate, responder, start));
    } else {
      carryOut(request, operation, fate, responder, start);
    }
  }

  private void carryOut(
      Request request, Operation operation, Faults.CallFate fate, Responder responder, long start) {
    Reply reply;
    ServiceException error = fate.error();
    try {
      reply = error == null ? operation.execute(fate) : Reply.error(operation.contentType(), error);
    } catch (ServiceException e) {
      error = e;
      reply = Reply.error(operation.contentType(), e);
    } catch (RuntimeException e) {
      error = new ServiceException(500, "InternalFailure", "The emulator failed: " + e);
      reply = Reply.error(operation.contentType(), error);
    }
    end(request, operation, fate, error, start);
    if (fate.cutAfter()) {
      responder.cut(fate.latencyMillis());
    } else {
      responder.reply(reply, fate.latencyMillis());
    }
  }

  private void end(
      Request request,
      Operation operation,
      Faults.CallFate fate,
      ServiceException error,
      long start) {
    boolean cut = fate != null && (fate.cutBefore() || fate.cutAfter());
    String outcome = cut ? Stats.CUT : error == null ? Stats.SUCCESS : error.code();
    int failed = fate == null ? 0 : fate.failed();
    int handedBack = fate == null ? 0 : fate.handedBack();
    stats.count(operation.name(), operation.entries(), outcome, failed, handedBack, start);
    List<String> identifiers = log.withIdentifiers() ? operation.identifiers() : null;
    log.add(
        number ->
            new CallRecord(
                number,
                Instant.ofEpochMilli(start).toString(),
                operation.name(),
                String.join(",", operation.groups()),
                operation.entries(),
                cut ? 0 : error == null ? 200 : error.status(),
                error == null ? null : error.code(),
                request.body().length,
                request.client(),
                fate == null ? 0 : fate.latencyMillis(),
                failed,
                handedBack,
                identifiers));
  }

  private static String name(Request request) {
    String target = request.headers().get("X-Amz-Target");
    return target != null
        ? target.substring(target.indexOf('.') + 1)
        : OperationFinder.runtimeName(request);
  }

  /** A call that was refused before it was understood. */
  private record Unknown(String name, String contentType) implements Operation {
    @Override
    public List<String> groups() {
      return List.of();
    }

    @Override
    public int entries() {
      return 1;
    }

    @Override
    public List<String> identifiers() {
      return List.of();
    }

    @Override
    public Reply execute(RecordPolicy policy) {
      throw new IllegalStateException("A refused call is not carried out");
    }
  }
}
