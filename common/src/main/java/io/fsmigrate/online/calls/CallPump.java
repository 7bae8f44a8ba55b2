package io.fsmigrate.online.calls;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.online.restraint.CallGate;
import io.fsmigrate.online.restraint.Permit;
import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Keeps calls in flight, all from the caller's thread: what comes back lies in a queue until the
 * next {@link #advance} or {@link #drain} looks at it. How many are in flight is the gate's to say.
 *
 * <p>A throttled or unavailable service is called again later, entry by entry; a call that is wrong
 * as a whole is halved until the entry to blame is alone. Not safe for several threads.
 */
public final class CallPump implements AutoCloseable {
  /** How long to wait for one thing before looking at the others. */
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** What is in flight when nobody wants it any more is waited for that long. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /** A part of the answers from which on the service, not the entry, wants fewer calls. */
  private static final int THROTTLED_SHARE = 5;

  private static final int FEWEST_FAILURES = 5;

  /** Entries to be tried again, above which no new ones are taken. */
  private static final int MOST_LATER = 5_000;

  private final CallGate gate;
  private final RetryPolicy retry;
  private final Outage outage;
  private final LongSupplier nanos;
  private final Function<ServiceFault, FsMigrateException> storeFailure;
  private final List<Lane<?, ?>> lanes = new ArrayList<>();
  private final BlockingQueue<Returned<?, ?>> returned = new LinkedBlockingQueue<>();
  private final PriorityQueue<Later<?, ?>> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::due));
  private int inFlight;

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   * @param storeFailure words for a store that cannot be used at all
   */
  public CallPump(
      CallGate gate,
      RetryPolicy retry,
      Outage outage,
      LongSupplier nanos,
      Function<ServiceFault, FsMigrateException> storeFailure) {
    this.gate = gate;
    this.retry = retry;
    this.outage = outage;
    this.nanos = nanos;
    this.storeFailure = storeFailure;
  }

  /** A way for one kind of call; the first one made is served first. */
  public <I, R> Lane<I, R> lane(
      RemoteCall<I, R> call, int mostEntries, Lane.Outcomes<I, R> outcomes) {
    Lane<I, R> lane = new Lane<>(call, mostEntries, outcomes);
    lanes.add(lane);
    return lane;
  }

  /**
   * Looks at what has come back and starts every call that is full, waiting for the gate.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  public void advance() {
    receive();
    startAll(false);
    // A service that is away must not fill the heap with what to send once it is back.
    while (later.size() >= MOST_LATER) {
      await();
    }
  }

  /**
   * Waits a moment for something to come back; starts even calls that are not full.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  public void await() {
    receive();
    startAll(true);
    waitForReturn();
  }

  /**
   * Starts everything and waits until nothing is left to do.
   *
   * @throws FsMigrateException when the store cannot be used
   */
  public void drain() {
    while (!isIdle()) {
      await();
    }
  }

  /** Whether nothing waits, nothing is in flight and nothing is to be tried again. */
  public boolean isIdle() {
    return inFlight == 0 && later.isEmpty() && lanes.stream().allMatch(Lane::isEmpty);
  }

  /** Gives up what was not sent and waits a little for what was. */
  @Override
  public void close() {
    long end = nanos.getAsLong() + FAREWELL.toNanos();
    boolean interrupted = false;
    while (inFlight > 0 && end - nanos.getAsLong() > 0) {
      try {
        if (returned.poll(GLANCE.toMillis(), TimeUnit.MILLISECONDS) != null) {
          inFlight--;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAll(boolean all) {
    Lane<?, ?> lane = nextReady(all);
    while (lane != null) {
      start(lane);
      lane = nextReady(all);
    }
  }

  /** The last lane first: its entries have come furthest, and what they hold is free the sooner. */
  private Lane<?, ?> nextReady(boolean all) {
    for (int i = lanes.size() - 1; i >= 0; i--) {
      if (lanes.get(i).isReady(all)) {
        return lanes.get(i);
      }
    }
    return null;
  }

  private <I, R> void start(Lane<I, R> lane) {
    List<Lane.Item<I>> items = lane.take();
    List<I> entries = items.stream().map(Lane.Item::entry).toList();
    RemoteCall<I, R> call = lane.call();
    Permit permit = permit(call, entries);
    inFlight++;
    CompletableFuture<List<Answer<R>>> reply;
    try {
      reply = call.send(entries);
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    reply.whenComplete(
        (answers, failure) -> {
          Returned<I, R> back = new Returned<>(lane, call, items, answers, failure);
          back.end(permit);
          returned.add(back);
        });
  }

  /** Looks at what comes back while it waits, which may need the places that it frees. */
  private <I, R> Permit permit(RemoteCall<I, R> call, List<I> entries) {
    try {
      while (true) {
        Optional<Permit> permit = gate.acquire(call.cost(entries), GLANCE);
        if (permit.isPresent()) {
          return permit.get();
        }
        receive();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void waitForReturn() {
    if (inFlight == 0 && later.isEmpty()) {
      return;
    }
    long wait = GLANCE.toNanos();
    if (!later.isEmpty()) {
      wait = Math.max(0, Math.min(wait, later.peek().due() - nanos.getAsLong()));
    }
    try {
      Returned<?, ?> next = returned.poll(wait, TimeUnit.NANOSECONDS);
      if (next != null) {
        receive(next);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void receive() {
    Returned<?, ?> next = returned.poll();
    while (next != null) {
      receive(next);
      next = returned.poll();
    }
    long now = nanos.getAsLong();
    while (!later.isEmpty() && later.peek().due() - now <= 0) {
      later.poll().again();
    }
    if (outage.isOver(now)) {
      throw storeFailure.apply(outage.last());
    }
  }

  private <I, R> void receive(Returned<I, R> back) {
    inFlight--;
    if (back.failure != null) {
      failed(back, fault(back.failure));
      return;
    }
    long now = nanos.getAsLong();
    long faults = back.retryableFaults();
    if (faults < back.answers.size()) {
      outage.succeeded(now);
    } else if (faults > 1) {
      outage.failed(back.answers.get(0).fault(), now);
    }
    for (int i = 0; i < back.items.size(); i++) {
      Answer<R> answer = back.answers.get(i);
      Lane.Item<I> item = back.items.get(i);
      if (answer.fault() == null) {
        back.lane.outcomes().done(item.entry(), answer.value());
      } else {
        judge(back.lane, item, answer.fault(), now);
      }
    }
  }

  /** The call as a whole was not carried out. */
  private <I, R> void failed(Returned<I, R> back, ServiceFault fault) {
    long now = nanos.getAsLong();
    Optional<RemoteCall<I, R>> instead = back.call.instead(fault);
    if (instead.isPresent()) {
      back.lane.use(instead.get());
      back.items.forEach(back.lane::add);
      return;
    }
    if (fault.isRetryable()) {
      outage.failed(fault, now);
    } else {
      outage.succeeded(now);
    }
    if (fault.kind() == ServiceFault.Kind.INVALID && back.items.size() > 1) {
      back.lane.split(back.items);
    } else {
      back.items.forEach(item -> judge(back.lane, item, fault, now));
    }
  }

  private <I, R> void judge(Lane<I, R> lane, Lane.Item<I> item, ServiceFault fault, long now) {
    if (fault.isRetryable()) {
      item.failed(now);
      if (item.failures() >= FEWEST_FAILURES && outage.isAlone(item.firstFailure(), now)) {
        lane.outcomes().refused(item.entry(), fault);
      } else {
        later.add(new Later<>(lane, item, now + retry.waitNanos(item.failures())));
      }
      return;
    }
    switch (fault.kind()) {
      case INVALID, CONFLICT -> lane.outcomes().refused(item.entry(), fault);
      default -> throw storeFailure.apply(fault);
    }
  }

  private static ServiceFault fault(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof ServiceFault) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ServiceFault fault) {
      return fault;
    }
    // A defect of ours must not be tried again for minutes.
    throw new IllegalStateException("A call could not be made or its reply not be read", failure);
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted between calls to the online store", e);
  }

  /** An entry and when to try it again. */
  private record Later<I, R>(Lane<I, R> lane, Lane.Item<I> item, long due) {
    void again() {
      lane.add(item);
    }
  }

  /** A call that has ended. */
  private record Returned<I, R>(
      Lane<I, R> lane,
      RemoteCall<I, R> call,
      List<Lane.Item<I>> items,
      List<Answer<R>> answers,
      Throwable failure) {
    long retryableFaults() {
      return answers.stream().filter(a -> a.fault() != null && a.fault().isRetryable()).count();
    }

    void end(Permit permit) {
      if (failure != null) {
        boolean throttled =
            failure instanceof ServiceFault fault && fault.kind() == ServiceFault.Kind.THROTTLED
                || failure.getCause() instanceof ServiceFault cause
                    && cause.kind() == ServiceFault.Kind.THROTTLED;
        if (throttled) {
          permit.throttled();
        } else {
          permit.failed();
        }
      } else if (retryableFaults() * THROTTLED_SHARE >= Math.max(1, answers.size())) {
        permit.throttled();
      } else {
        permit.succeeded();
      }
    }
  }
}
