package io.fsmigrate.online.restraint;

/**
 * How many calls a store bears at the same time, found by trying: a little more while all goes
 * well, much less when it does not. Time is given in nanoseconds of any one clock.
 *
 * <ul>
 *   <li>At first the number doubles with every round of calls, until something speaks against it;
 *       from then on it grows by one a round. It only grows while it is what holds calls back.
 *   <li>Throttling takes it down to 0.7 times itself, once for all calls that were under way.
 *   <li>So does a latency far above the best that was seen, if more calls did not bring more done
 *       per second. That is tried, not believed: where the latency stays with fewer calls, they
 *       were not its cause, and the store is simply that slow now. Nor does it take the number
 *       below twice of what keeps the store as busy as it is at its best latency.
 * </ul>
 *
 * Not safe for several threads.
 */
final class AdaptiveLimit {
  private static final int FIRST = 8;
  private static final double CUT = 0.7;
  private static final double WORTH_A_CUT = 0.9;
  private static final int LEAST_ROUND = 20;

  /** Less than this is the unrest of a busy machine. */
  private static final double LATENCY_UNREST = 10e6;

  private static final double LATENCY_RISE = 2;
  private static final double GAIN = 1.05;

  private double limit = FIRST;
  private int ceiling;
  private boolean doubling = true;
  private boolean hasCut;
  private long lastCut;

  private double best = Double.POSITIVE_INFINITY;
  private double mostPerNano;

  /** Above this latency, fewer calls did not help; 0 where that is not being tried. */
  private double ownFault;

  private Round round;

  /**
   * @param ceiling is never exceeded
   */
  AdaptiveLimit(int ceiling, long now) {
    this.ceiling = ceiling;
    this.round = new Round(now);
  }

  int limit() {
    return (int) Math.min(limit, ceiling);
  }

  /** Sets the most, from now on; 0 stops all calls. */
  void ceiling(int most) {
    ceiling = most;
  }

  /**
   * @param full whether calls had to wait because so many were in flight
   */
  void succeeded(long startedAt, long now, boolean full) {
    if (full && limit < ceiling) {
      limit = Math.min(ceiling, limit + (doubling ? 1 : 1 / limit));
    }
    round.ended(startedAt, now, full);
    // While it doubles, a whole round would be judged when it is already too late.
    if (round.measured >= (doubling ? LEAST_ROUND : Math.max(LEAST_ROUND, limit()))) {
      judge(now);
      round = new Round(now);
    }
  }

  void throttled(long startedAt, long now) {
    // What was under way at the last cut says nothing about the number since.
    if (!hasCut || startedAt - lastCut >= 0) {
      cut(1, now);
      ownFault = 0;
      round = new Round(now);
    }
  }

  /** Looks at the latency of a round of calls. */
  private void judge(long now) {
    double latency = round.latencies / round.measured;
    double perNano = round.ended / (double) Math.max(1, now - round.since);
    if (latency > ownFault && ownFault > 0) {
      best = latency;
    }
    ownFault = 0;
    best = Math.min(best, latency);
    boolean wasDoubling = doubling;
    boolean gained = perNano > GAIN * mostPerNano;
    if (2 * round.full >= round.ended) {
      if (latency > LATENCY_RISE * best + LATENCY_UNREST && !gained) {
        double before = Math.min(limit, ceiling);
        double least = Math.max(1, 2 * perNano * best);
        if (least < WORTH_A_CUT * before) {
          cut(least, now);
          // A queue is shorter with fewer calls, in proportion. While the number doubled, these
          // calls did not yet meet those that came after them, and there is nothing to compare.
          ownFault = wasDoubling ? 0 : latency * (1 + limit / before) / 2;
        }
      }
      // What was reached long ago may be out of reach by now.
      mostPerNano = Math.max(0.98 * mostPerNano, perNano);
    }
  }

  private void cut(double least, long now) {
    limit = Math.max(least, Math.min(limit, ceiling) * CUT);
    limit = Math.max(1, limit);
    doubling = false;
    hasCut = true;
    lastCut = now;
  }

  /** What ended since a moment; latencies only of calls that also started since. */
  private static final class Round {
    private final long since;
    private int measured;
    private int ended;
    private int full;
    private double latencies;

    Round(long since) {
      this.since = since;
    }

    void ended(long startedAt, long now, boolean wasFull) {
      ended++;
      full += wasFull ? 1 : 0;
      if (startedAt - since >= 0) {
        measured++;
        latencies += now - startedAt;
      }
    }
  }
}
