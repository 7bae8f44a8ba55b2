package io.fsmigrate.online.restraint;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The one gate of this JVM for a key. Whoever waits is served in turn: the first waits for a place
 * among the calls in flight and then for its part of the rate limit, the others wait for the first.
 */
final class Gate implements CallGate {
  /** How long to wait at most before things are looked at again. */
  private static final long GLANCE_NANOS = 100_000_000;

  /**
   * Who waits for a place is not woken for one but for this part of all: waking a thread for every
   * call that ends costs more than making the call.
   */
  private static final int WAKING_SHARE = 16;

  private final Limits limits;
  private final LongSupplier nanos;
  private final Membership membership;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Condition> waiting = new ArrayDeque<>();
  private final AdaptiveLimit adaptive;
  private final StartMeter meter;
  private int inFlight;
  private int mostInFlight;
  private int mostSinceAsked;
  private long calls;
  private long throttled;
  private boolean hasHeldBack;
  private long heldBackAt;

  Gate(Limits limits, Membership membership, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.membership = membership;
    long now = nanos.getAsLong();
    this.adaptive = new AdaptiveLimit(limits.maxInFlight(), now);
    this.meter = new StartMeter(now);
  }

  @Override
  public Permit acquire(CallCost cost) throws InterruptedException {
    return acquire(cost, Long.MAX_VALUE).orElseThrow();
  }

  @Override
  public Optional<Permit> acquire(CallCost cost, Duration patience) throws InterruptedException {
    boolean endless = patience.compareTo(Duration.ofDays(1000)) > 0;
    return acquire(cost, endless ? Long.MAX_VALUE : Math.max(0, patience.toNanos()));
  }

  private Optional<Permit> acquire(CallCost call, long patience) throws InterruptedException {
    double cost = limits.unit().cost(call);
    lock.lockInterruptibly();
    try {
      Condition turn = lock.newCondition();
      waiting.addLast(turn);
      try {
        return inTurn(turn, cost, patience);
      } finally {
        waiting.remove(turn);
        wakeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<Permit> inTurn(Condition turn, double cost, long patience)
      throws InterruptedException {
    long since = nanos.getAsLong();
    while (true) {
      long now = nanos.getAsLong();
      long wait = waiting.peekFirst() == turn ? untilStart(cost, now) : GLANCE_NANOS;
      if (wait == 0) {
        return Optional.of(start(cost, now));
      }
      long left = patience - (now - since);
      if (left <= 0) {
        return Optional.empty();
      }
      // Whoever is not the first needs no glance: it is woken when it is.
      turn.awaitNanos(Math.min(left, Math.min(wait, GLANCE_NANOS)));
    }
  }

  /** 0 when the first in turn may start now. */
  private long untilStart(double cost, long now) {
    adaptive.ceiling(membership.share(inFlight, now));
    if (inFlight >= adaptive.limit()) {
      hasHeldBack = true;
      heldBackAt = now;
      return GLANCE_NANOS;
    }
    return membership.budget().take(cost, now);
  }

  private Permit start(double cost, long now) {
    inFlight++;
    calls++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    mostSinceAsked = Math.max(mostSinceAsked, inFlight);
    meter.started(cost, now);
    return new Call(now);
  }

  @Override
  public GateState state() {
    lock.lock();
    try {
      return new GateState(
          adaptive.limit(),
          inFlight,
          mostInFlight,
          meter.perSecond(nanos.getAsLong()),
          calls,
          throttled);
    } finally {
      lock.unlock();
    }
  }

  /** The most in flight since this was last asked. */
  int mostSinceAsked() {
    lock.lock();
    try {
      int most = mostSinceAsked;
      mostSinceAsked = inFlight;
      return most;
    } finally {
      lock.unlock();
    }
  }

  /** Looks again whether the first in turn may start. */
  void wake() {
    lock.lock();
    try {
      wakeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** What was reserved for calls from here is free for others. */
  void rest() {
    lock.lock();
    try {
      membership.budget().rest();
    } finally {
      lock.unlock();
    }
  }

  private void wakeFirst() {
    Condition first = waiting.peekFirst();
    if (first != null) {
      first.signal();
    }
  }

  private final class Call implements Permit {
    private final long startedAt;
    private boolean ended;

    Call(long startedAt) {
      this.startedAt = startedAt;
    }

    @Override
    public void succeeded() {
      end(now -> adaptive.succeeded(startedAt, now, hasHeldBackOthers()));
    }

    @Override
    public void throttled() {
      end(
          now -> {
            throttled++;
            adaptive.throttled(startedAt, now);
          });
    }

    @Override
    public void failed() {
      end(now -> {});
    }

    /** Whether another call could not start, while this one ran, because of those in flight. */
    private boolean hasHeldBackOthers() {
      return hasHeldBack && heldBackAt - startedAt >= 0;
    }

    private void end(LongConsumer outcome) {
      lock.lock();
      try {
        if (ended) {
          throw new IllegalStateException("The call has ended already");
        }
        ended = true;
        outcome.accept(nanos.getAsLong());
        inFlight--;
        int free = adaptive.limit() - inFlight;
        if (free >= Math.max(1, adaptive.limit() / WAKING_SHARE)) {
          wakeFirst();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
