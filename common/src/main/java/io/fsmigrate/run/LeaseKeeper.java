package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.Fence;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lock of the run that this process works on, three times within a lease, and with it
 * what the ledger says of the run's progress. From the moment at which the lock is another's, or
 * could not be renewed for a whole lease, the process may write nothing more.
 */
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final int RENEWALS = 3;

  private final TargetLock lock;
  private final RunTally tally;
  private final Runnable onLoss;
  private final Duration lease;
  private final ScheduledThreadPoolExecutor timer;
  private volatile HeldLock held;
  private volatile long renewedNanos = System.nanoTime();
  private volatile Optional<FsMigrateException> loss = Optional.empty();

  /**
   * @param onLoss is called once, in a thread of its own, when the process has to stop
   */
  LeaseKeeper(TargetLock lock, HeldLock held, RunTally tally, Runnable onLoss) {
    this.lock = lock;
    this.held = held;
    this.tally = tally;
    this.onLoss = onLoss;
    this.lease = Duration.ofMillis(held.leaseMillis());
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            body -> {
              Thread thread = new Thread(body, "fs-migrate-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  LeaseKeeper start() {
    long millis = Math.max(1, lease.toMillis() / RENEWALS);
    timer.scheduleWithFixedDelay(this::renew, millis, millis, TimeUnit.MILLISECONDS);
    return this;
  }

  /** The lock as it was renewed last. */
  HeldLock held() {
    return held;
  }

  /** The branches for its holder; looks into the ledger first. */
  BranchStore fenced(BranchStore branches) {
    confirm();
    return branches.fencedBy(lock.target(), held.token());
  }

  /** What tells its holder from earlier ones where records are written. */
  Fence fence(String warehouse, String branch, String group) {
    return new Fence("%s %s:%s".formatted(warehouse, branch, group), held.token());
  }

  /**
   * Makes sure that this process may go on.
   *
   * @throws FsMigrateException LOCK_LOST where the lock is another's, LEASE_RAN_OUT where it could
   *     not be renewed in time
   */
  void require() {
    if (loss.isEmpty() && System.nanoTime() - renewedNanos > lease.toNanos()) {
      // A process that was held up finds out here, before its timer does.
      renew();
    }
    loss.ifPresent(
        lost -> {
          throw lost;
        });
  }

  /** The same by looking into the ledger, for what could not be undone. */
  void confirm() {
    require();
    if (!lock.isHeld(held.token())) {
      FsMigrateException lost = LedgerErrors.lockLost(lock.target(), held.run());
      lose(lost);
      throw lost;
    }
  }

  /** Why this process may not go on, if so. */
  Optional<FsMigrateException> loss() {
    return loss;
  }

  /** The process is about to end and has said so: it may write nothing more. */
  synchronized void giveUp(FsMigrateException why) {
    timer.shutdownNow();
    if (loss.isEmpty()) {
      stop(why);
    }
  }

  private synchronized void renew() {
    if (loss.isPresent() || timer.isShutdown()) {
      return;
    }
    long start = System.nanoTime();
    try {
      RunRecord progress = tally.record();
      held = lock.renew(held, progress.counters(), progress.timingsMillis());
      renewedNanos = start;
    } catch (RuntimeException | Error e) {
      // Whatever it is: a timer that throws is not called again.
      if (e instanceof FsMigrateException lost && lost.code().equals("LOCK_LOST")) {
        lose(lost);
      } else if (System.nanoTime() - renewedNanos > lease.toNanos()) {
        lose(LedgerErrors.leaseRanOut(lock.target(), held.run(), lease, e));
      } else {
        LOG.warn("The lock of {} was not renewed: {}", lock.target(), e.toString());
      }
    }
  }

  private synchronized void lose(FsMigrateException why) {
    if (loss.isPresent()) {
      return;
    }
    LOG.error("{}", why.getMessage());
    stop(why);
  }

  private void stop(FsMigrateException why) {
    loss = Optional.of(why);
    Thread stopping = new Thread(onLoss, "fs-migrate-stop");
    stopping.setDaemon(true);
    stopping.start();
  }

  /** No renewal is under way when this returns. */
  @Override
  public synchronized void close() {
    timer.shutdownNow();
  }
}
