package io.fsmigrate.online.restraint;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task's use of the gate of its JVM, until it is closed. The gate's part of the limits is free
 * for other JVMs when no task has a lease. After close, acquire throws IllegalStateException;
 * permits that are out may still be ended.
 */
public final class GateLease implements CallGate, AutoCloseable {
  private final CallGate gate;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  GateLease(CallGate gate, Runnable release) {
    this.gate = gate;
    this.release = release;
  }

  @Override
  public Permit acquire(CallCost cost) throws InterruptedException {
    requireOpen();
    return gate.acquire(cost);
  }

  @Override
  public Optional<Permit> acquire(CallCost cost, Duration patience) throws InterruptedException {
    requireOpen();
    return gate.acquire(cost, patience);
  }

  @Override
  public GateState state() {
    return gate.state();
  }

  /** Closing again does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("The lease of the gate is closed");
    }
  }
}
