package io.fsmigrate.online.calls;

import io.fsmigrate.online.restraint.CallCost;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One operation of the service: entries go out, and each has an answer of its own.
 *
 * @param <I> an entry
 * @param <R> what comes back for it
 */
public interface RemoteCall<I, R> {
  /** The most entries of one call. */
  int capacity();

  /** What an entry adds to the body of a call, in bytes. */
  default int bytes(I entry) {
    return 0;
  }

  /** What a call with these entries counts against limits. */
  CallCost cost(List<I> entries);

  /**
   * Makes the call once.
   *
   * @param entries no two with the same record identifier
   * @return an answer for each entry, in their order; or a {@link ServiceFault} of the whole call
   */
  CompletableFuture<List<Answer<R>>> send(List<I> entries);

  /** Another call for the same, where the fault says that this one is not to be had. */
  default Optional<RemoteCall<I, R>> instead(ServiceFault fault) {
    return Optional.empty();
  }
}
