package io.fsmigrate.online.calls;

import io.fsmigrate.sagemaker.ServiceFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The entries that wait for one kind of call.
 *
 * @param <I> an entry
 * @param <R> what comes back for it
 */
public final class Lane<I, R> {
  /** What a call carries at most, far below what the service could refuse, in bytes. */
  private static final long BODY_BYTES = 4L * 1024 * 1024;

  /** Learns, in the pump's thread, what became of entries. */
  public interface Outcomes<I, R> {
    /** The call was made; the result is what came back. */
    void done(I entry, R result);

    /** The entry was given up; the fault says why. */
    void refused(I entry, ServiceFault fault);
  }

  /** An entry and its failures so far. */
  static final class Item<I> {
    private final I entry;
    private final int bytes;
    private int failures;
    private long firstFailure;

    Item(I entry, int bytes) {
      this.entry = entry;
      this.bytes = bytes;
    }

    I entry() {
      return entry;
    }

    int failures() {
      return failures;
    }

    long firstFailure() {
      return firstFailure;
    }

    void failed(long now) {
      firstFailure = failures == 0 ? now : firstFailure;
      failures++;
    }
  }

  private final Outcomes<I, R> outcomes;
  private final int mostEntries;
  private final Deque<Item<I>> waiting = new ArrayDeque<>();
  private final Deque<List<Item<I>>> halves = new ArrayDeque<>();
  private RemoteCall<I, R> call;
  private long waitingBytes;

  /**
   * @param mostEntries of one call, where a limit allows fewer than the call itself
   */
  Lane(RemoteCall<I, R> call, int mostEntries, Outcomes<I, R> outcomes) {
    this.call = call;
    this.mostEntries = Math.max(1, mostEntries);
    this.outcomes = outcomes;
  }

  RemoteCall<I, R> call() {
    return call;
  }

  Outcomes<I, R> outcomes() {
    return outcomes;
  }

  /** From now on that call instead. */
  void use(RemoteCall<I, R> other) {
    call = other;
  }

  /** Puts it at the end. */
  public void add(I entry) {
    add(new Item<>(entry, call.bytes(entry)));
  }

  void add(Item<I> item) {
    waiting.addLast(item);
    waitingBytes += item.bytes;
  }

  /** Two halves of a call, to be sent as they are: one of them is to blame. */
  void split(List<Item<I>> items) {
    int middle = items.size() / 2;
    halves.addLast(List.copyOf(items.subList(0, middle)));
    halves.addLast(List.copyOf(items.subList(middle, items.size())));
  }

  boolean isEmpty() {
    return waiting.isEmpty() && halves.isEmpty();
  }

  /** Whether there is enough for a call; with {@code all} whatever there is. */
  boolean isReady(boolean all) {
    return !halves.isEmpty()
        || waiting.size() >= capacity()
        || waitingBytes >= BODY_BYTES
        || (all && !waiting.isEmpty());
  }

  /** Takes the entries of the next call. */
  List<Item<I>> take() {
    List<Item<I>> taken = halves.pollFirst();
    if (taken != null) {
      return taken;
    }
    taken = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && taken.size() < capacity()) {
      Item<I> next = waiting.peekFirst();
      if (!taken.isEmpty() && bytes + next.bytes > BODY_BYTES) {
        break;
      }
      bytes += next.bytes;
      waitingBytes -= next.bytes;
      taken.add(waiting.pollFirst());
    }
    return taken;
  }

  private int capacity() {
    return Math.min(mostEntries, call.capacity());
  }
}
