package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.calls.SharedInJvm;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, in a JVM that writes records, whether the run that they are written for still holds its
 * lock: three times within a lease, by the ledger itself, so that it finds out also where the
 * driver hangs. Stores that cannot refuse an earlier holder are spared its records this way within
 * one lease.
 */
final class LeaseWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);
  private static final int LOOKS = 3;

  /** One for all tasks of a run in a JVM. */
  private static final SharedInJvm<LeaseTicket.Key, LeaseWatch> SHARED = new SharedInJvm<>();

  private final LeaseTicket ticket;
  private final TargetLock lock;
  private final Duration lease;
  private final Thread thread;
  private volatile long seenNanos = System.nanoTime();
  private volatile boolean lost;

  private LeaseWatch(LeaseTicket ticket) {
    this.ticket = ticket;
    this.lease = ticket.lease();
    this.lock =
        new Ledger(ticket.warehouse(), ticket.configuration(), Clock.systemUTC())
            .lock(ticket.branch(), ticket.group(), lease);
    thread = new Thread(this::look, "fs-migrate-lease-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes part in the watch of this JVM. */
  static SharedInJvm.Lease<LeaseWatch> of(LeaseTicket ticket) {
    return SHARED.lease(ticket.key(), any -> new LeaseWatch(ticket));
  }

  /**
   * Costs nothing; to be asked before everything that is written.
   *
   * @throws FsMigrateException LOCK_LOST where the lock is another's, LEASE_RAN_OUT where the
   *     ledger could not be asked for a whole lease
   */
  void require() {
    if (lost) {
      throw LedgerErrors.lockLost(lock.target(), ticket.run());
    }
    if (System.nanoTime() - seenNanos > lease.toNanos()) {
      throw LedgerErrors.leaseRanOut(lock.target(), ticket.run(), lease, null);
    }
  }

  private void look() {
    try {
      while (!lost) {
        long start = System.nanoTime();
        try {
          if (lock.isHeld(ticket.token())) {
            seenNanos = start;
          } else {
            lost = true;
          }
        } catch (RuntimeException | Error e) {
          LOG.warn("The lock of {} was not seen: {}", lock.target(), e.toString());
        }
        Thread.sleep(Math.max(1, lease.toMillis() / LOOKS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
