package io.fsmigrate.online.restraint;

import io.fsmigrate.online.restraint.Message.Chunk;
import io.fsmigrate.online.restraint.Message.Refund;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * A part of a rate limit that the driver keeps: chunk by chunk, the next one asked for while the
 * last one is used. Safe for several threads.
 */
final class RemoteBudget implements Budget {
  /** What a chunk is worth, unless a single call costs more. */
  private static final double CHUNK_SECONDS = 0.010;

  /**
   * How long a chunk can be used even where the driver's clock is known so badly that it may be
   * over by then: a slow network slows the run down and does not stop it.
   */
  private static final long USABLE_NANOS = 5_000_000;

  private static final long UNTIL_ARRIVAL = Long.MAX_VALUE;

  private final double perSecond;
  private final DoubleConsumer fetch;
  private final DriverClock clock = new DriverClock();
  private final List<Refund> refunds = new ArrayList<>();
  private Part current;
  private Part next;
  private boolean fetching;
  private boolean resting;

  /**
   * @param fetch asks the driver for that cost without waiting; {@link #arrived} or {@link #missed}
   *     is called when it has answered
   */
  RemoteBudget(double perSecond, DoubleConsumer fetch) {
    this.perSecond = perSecond;
    this.fetch = fetch;
  }

  @Override
  public synchronized long take(double cost, long now) {
    resting = false;
    if (cost == 0) {
      return 0;
    }
    while (current != null || next != null) {
      if (current == null) {
        current = next;
        next = null;
      } else if (now - current.until > 0 || current.left < cost) {
        refund(current);
        current = null;
      } else if (current.from - now > 0) {
        return current.from - now;
      } else {
        current.left -= cost;
        if (next == null) {
          fetch(cost);
        }
        return 0;
      }
    }
    fetch(cost);
    return UNTIL_ARRIVAL;
  }

  @Override
  public synchronized void rest() {
    resting = true;
    refund(current);
    refund(next);
    current = null;
    next = null;
  }

  /** A chunk is here. */
  synchronized void arrived(Chunk chunk, long sent, long received) {
    fetching = false;
    clock.exchanged(sent, chunk.now(), received);
    Part part = new Part(chunk.id());
    part.from = clock.surely(chunk.at(), received);
    part.until =
        Math.max(
            clock.earliest(chunk.at(), received) + RateSchedule.VALID_NANOS,
            part.from + USABLE_NANOS);
    part.left = chunk.cost();
    if (resting) {
      refund(part);
    } else if (current == null) {
      current = part;
    } else {
      next = part;
    }
  }

  /** There was no answer. */
  synchronized void missed() {
    fetching = false;
  }

  /** What the driver is to be told with the next message. */
  synchronized List<Refund> refunds() {
    List<Refund> told = List.copyOf(refunds);
    refunds.clear();
    return told;
  }

  private void refund(Part part) {
    if (part != null && part.left > 0) {
      refunds.add(new Refund(part.id, part.left));
    }
  }

  private void fetch(double cost) {
    if (!fetching) {
      fetching = true;
      fetch.accept(cost * Math.max(1, Math.floor(perSecond * CHUNK_SECONDS / cost)));
    }
  }

  /** A chunk by this clock. */
  private static final class Part {
    private final long id;
    private long from;
    private long until;
    private double left;

    Part(long id) {
      this.id = id;
    }
  }
}
