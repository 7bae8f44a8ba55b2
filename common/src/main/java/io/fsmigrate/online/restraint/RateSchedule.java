package io.fsmigrate.online.restraint;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;

/**
 * The paced times at which calls may start, for everybody who shares one rate limit.
 *
 * <p>A reserved call may start late by {@link #VALID_NANOS}, and what it takes until it has really
 * started may be {@link #MARGIN_NANOS} more. The limit is therefore kept over every window that is
 * longer than a second by both: what starts within a second was then reserved within one such
 * window, however late each of them was. Safe for several threads.
 *
 * <p>A call that costs more than a second's worth starts alone, and the next one waits accordingly.
 */
final class RateSchedule {
  private static final long SECOND = 1_000_000_000L;

  /** How late a reserved call may start; after that its reservation is void. */
  static final long VALID_NANOS = 17_000_000;

  /** From the permission to start until the call has started. */
  static final long MARGIN_NANOS = 8_000_000;

  static final long WINDOW_NANOS = SECOND + VALID_NANOS + MARGIN_NANOS;

  /** How far starts that nobody took can be made up for, or two calls where they are worth more. */
  private static final long CREDIT_NANOS = 20_000_000;

  /**
   * What may start from a moment on.
   *
   * @param at by the schedule's clock, in nanoseconds
   * @param cost in the unit of the limit
   */
  record Reservation(long id, long at, double cost) {}

  private final double perSecond;
  private final LongSupplier nanos;
  private final Deque<Slot> window = new ArrayDeque<>();
  private double inWindow;
  private long paced;
  private long last;
  private long ids;

  /**
   * @param perSecond the limit
   * @param nanos the clock, as {@link System#nanoTime}
   */
  RateSchedule(double perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.last = nanos.getAsLong() - CREDIT_NANOS;
    this.paced = last;
  }

  /** What costs this much of the limit takes this long. */
  private long worth(double cost) {
    return (long) (cost / perSecond * WINDOW_NANOS);
  }

  /** The next start; reservations follow each other in time. */
  Reservation reserve(double cost) {
    return reserve(cost, nanos.getAsLong());
  }

  /**
   * The same, for one who has just looked at the clock: a start that is due at once is then due at
   * that very moment, and not so soon after it that it is cheaper to start than to wait.
   */
  synchronized Reservation reserve(double cost, long now) {
    paced = later(paced, now - Math.max(CREDIT_NANOS, 2 * worth(cost)));
    long at = roomFor(cost, later(later(now, paced), last));
    // A start at once may be one of those that are made up for: the pace is then still behind.
    paced = (at - now > 0 ? at : paced) + worth(cost);
    last = at;
    Slot made = new Slot(ids++, at, cost);
    window.addLast(made);
    inWindow += cost;
    return new Reservation(made.id, at, cost);
  }

  /** What was reserved and did not start, all of it or a part, is free for others. */
  synchronized void giveBack(long id, double cost) {
    Iterator<Slot> newest = window.descendingIterator();
    while (newest.hasNext()) {
      Slot slot = newest.next();
      if (slot.id == id) {
        double freed = Math.min(cost, slot.cost);
        slot.cost -= freed;
        inWindow -= freed;
        paced -= worth(freed);
        return;
      }
    }
  }

  /** The first time from then on at which the window before it has room; forgets what is older. */
  private long roomFor(double cost, long from) {
    long at = from;
    while (!window.isEmpty()) {
      Slot oldest = window.peekFirst();
      long leaves = oldest.at + WINDOW_NANOS;
      if (leaves - at > 0 && inWindow + cost <= perSecond * (1 + 1e-12)) {
        break;
      }
      at = later(at, leaves);
      window.removeFirst();
      // Sums of fractions drift; an empty window is where they begin anew.
      inWindow = window.isEmpty() ? 0 : inWindow - oldest.cost;
    }
    return at;
  }

  /** What is reserved of the window; less when something is given back. */
  private static final class Slot {
    private final long id;
    private final long at;
    private double cost;

    Slot(long id, long at, double cost) {
      this.id = id;
      this.at = at;
      this.cost = cost;
    }
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
