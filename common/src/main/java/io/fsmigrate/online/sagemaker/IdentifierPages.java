package io.fsmigrate.online.sagemaker;

import io.fsmigrate.online.calls.CallPump;
import io.fsmigrate.online.calls.Lane;
import io.fsmigrate.online.sagemaker.ListRecordsCall.Page;
import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The identifiers of a group as text, page after page. In no order; while others write, some may
 * come twice and some not at all, which is the service's own promise.
 */
final class IdentifierPages implements Iterator<String> {
  private final CallPump pump;
  private final Lane<Optional<String>, Page> lane;
  private final Deque<String> here = new ArrayDeque<>();
  private Optional<Page> last = Optional.empty();

  /**
   * @param pump of its own: waiting for a page must not wait for anything else
   */
  IdentifierPages(CallPump pump, GroupCalls calls, String address) {
    this.pump = pump;
    this.lane =
        pump.lane(
            new ListRecordsCall(calls),
            1,
            new Lane.Outcomes<>() {
              @Override
              public void done(Optional<String> token, Page page) {
                here.addAll(page.ids());
                last = Optional.of(page);
              }

              @Override
              public void refused(Optional<String> token, ServiceFault fault) {
                throw SageMakerStoreErrors.unreadable(address, fault);
              }
            });
  }

  @Override
  public boolean hasNext() {
    // A page may be empty and still not be the last.
    while (here.isEmpty() && last.map(page -> page.next().isPresent()).orElse(true)) {
      lane.add(last.flatMap(Page::next));
      pump.drain();
    }
    return !here.isEmpty();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return here.pollFirst();
  }
}
