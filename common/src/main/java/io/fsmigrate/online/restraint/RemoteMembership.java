package io.fsmigrate.online.restraint;

import io.fsmigrate.online.restraint.Message.Beat;
import io.fsmigrate.online.restraint.Message.Chunk;
import io.fsmigrate.online.restraint.Message.Refund;
import io.fsmigrate.online.restraint.Message.Reserve;
import io.fsmigrate.online.restraint.Message.Sender;
import io.fsmigrate.online.restraint.Message.Share;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On an executor: asks the driver for its part, and tells it what the gate is doing. Without an
 * answer for some seconds it lets no call start; the driver then counts on that. Safe for several
 * threads.
 */
final class RemoteMembership implements Membership {
  /** Sooner than the driver gives the share to others. */
  static final long SILENCE_NANOS = ClusterBudget.SILENCE_NANOS - 2_000_000_000L;

  /** After that it is not worth waiting any longer. */
  static final long LOST_NANOS = 20_000_000_000L;

  private static final long BEAT_MILLIS = 500;
  private static final long SOON_MILLIS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(RemoteMembership.class);

  private final Sender sender;
  private final DriverLink driver;
  private final ScheduledExecutorService beats;
  private final LongSupplier nanos;
  private final Budget budget;
  private final RemoteBudget remote;
  private Gate gate;
  private boolean live;
  private int joins;
  private int share;
  private long heardAt;

  /**
   * @param beats one thread, so that the driver hears things in their order
   * @param fetches other threads, because each waits for the driver's answer
   */
  RemoteMembership(
      Sender sender,
      DriverLink driver,
      ScheduledExecutorService beats,
      Executor fetches,
      LongSupplier nanos) {
    this.sender = sender;
    this.driver = driver;
    this.beats = beats;
    this.nanos = nanos;
    // Never asked where there is no limit.
    double perSecond = sender.limits().rate().map(RateLimit::perSecond).orElse(1.0);
    this.remote = new RemoteBudget(perSecond, cost -> fetch(fetches, cost));
    this.budget = sender.limits().rate().isPresent() ? remote : Budget.UNLIMITED;
  }

  @Override
  public synchronized void join(Gate joining) {
    gate = joining;
    live = true;
    share = 0;
    heardAt = nanos.getAsLong();
    int number = ++joins;
    beats.execute(() -> beat(number));
  }

  @Override
  public void leave(Gate leaving) {
    leaving.rest();
    synchronized (this) {
      live = false;
      share = 0;
    }
    try {
      beats.execute(this::tellLeaving);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} leaves after the end of this executor", sender.key());
    }
  }

  @Override
  public synchronized int share(int inFlight, long now) {
    long silent = now - heardAt;
    if (silent > LOST_NANOS) {
      throw RestraintErrors.driverLost(sender.key(), TimeUnit.NANOSECONDS.toSeconds(silent));
    }
    return silent > SILENCE_NANOS ? 0 : share;
  }

  @Override
  public Budget budget() {
    return budget;
  }

  private synchronized boolean isLive() {
    return live;
  }

  private synchronized boolean isLive(int number) {
    return live && joins == number;
  }

  private void beat(int number) {
    if (!isLive(number)) {
      return;
    }
    long next = BEAT_MILLIS;
    try {
      int told = ((Share) driver.ask(beatMessage(gate.state(), true))).inFlight();
      if (told == 0) {
        next = SOON_MILLIS;
      }
      synchronized (this) {
        share = live ? told : 0;
        heardAt = nanos.getAsLong();
      }
      gate.wake();
    } catch (Exception e) {
      LOG.debug("{}: no answer from the driver", sender.key(), e);
    }
    try {
      var unused = beats.schedule(() -> beat(number), next, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("{} ends with this executor", sender.key());
    }
  }

  private void tellLeaving() {
    if (isLive()) {
      return; // another task has come in the meantime
    }
    try {
      driver.ask(beatMessage(gate.state().atRest(), false));
    } catch (Exception e) {
      LOG.debug("{}: the driver was not told of the end", sender.key(), e);
    }
  }

  private Beat beatMessage(GateState state, boolean alive) {
    return new Beat(sender, remote.refunds(), alive, state, gate.mostSinceAsked());
  }

  private void fetch(Executor fetches, double cost) {
    try {
      fetches.execute(() -> fetch(cost));
    } catch (RejectedExecutionException e) {
      remote.missed();
    }
  }

  private void fetch(double cost) {
    List<Refund> refunds = remote.refunds();
    try {
      long sent = nanos.getAsLong();
      Chunk chunk = (Chunk) driver.ask(new Reserve(sender, refunds, cost));
      long received = nanos.getAsLong();
      remote.arrived(chunk, sent, received);
      synchronized (this) {
        heardAt = received;
      }
      gate.wake();
      tellLateRefunds();
    } catch (Exception e) {
      LOG.debug("{}: no reservation from the driver", sender.key(), e);
      remote.missed();
    }
  }

  /** A chunk that arrived after the last task had ended is not kept from others. */
  private void tellLateRefunds() {
    if (!isLive()) {
      beats.execute(this::tellLeaving);
    }
  }
}
