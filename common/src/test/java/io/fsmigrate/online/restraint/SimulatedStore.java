package io.fsmigrate.online.restraint;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A store, and a caller that always has as many calls in flight as it may; on a clock of its own.
 */
final class SimulatedStore {
  private static final long MILLI = 1_000_000L;

  long latencyMillis = 10;
  int unrestMillis = 2;
  double throttling;
  long perSecond = 1_000_000;
  long succeeded;
  int mostLimit;
  int leastLimit = Integer.MAX_VALUE;

  private record Call(long startedAt, long endsAt) {}

  private final AdaptiveLimit limit;
  private final Random random;
  private final PriorityQueue<Call> inFlight =
      new PriorityQueue<>(Comparator.comparingLong(Call::endsAt));
  private long now;
  private long freeAt;

  SimulatedStore(AdaptiveLimit limit, long seed) {
    this.limit = limit;
    this.random = new Random(seed);
  }

  AdaptiveLimit limit() {
    return limit;
  }

  void run(long millis) {
    long end = now + millis * MILLI;
    while (now < end) {
      mostLimit = Math.max(mostLimit, limit.limit());
      leastLimit = Math.min(leastLimit, limit.limit());
      while (inFlight.size() < limit.limit()) {
        inFlight.add(started());
      }
      Call ended = inFlight.poll();
      now = ended.endsAt();
      if (random.nextDouble() < throttling) {
        limit.throttled(ended.startedAt(), now);
      } else {
        succeeded++;
        limit.succeeded(ended.startedAt(), now, true);
      }
    }
  }

  /** It is served in turn, then on its way for the store's latency. */
  private Call started() {
    freeAt = Math.max(freeAt, now) + 1_000 * MILLI / perSecond;
    long latency = latencyMillis * MILLI + random.nextLong(unrestMillis * MILLI);
    return new Call(now, freeAt + latency);
  }
}
