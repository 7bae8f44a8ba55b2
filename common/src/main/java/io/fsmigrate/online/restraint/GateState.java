package io.fsmigrate.online.restraint;

import java.io.Serializable;
import java.util.Optional;

/**
 * What a gate is doing, or the gates of all JVMs together.
 *
 * @param concurrency calls that may be in flight now
 * @param inFlight calls that are
 * @param mostInFlight the most that were at the same time
 * @param ratePerSecond what started in the last second, in the unit of the limit, or in records
 *     where there is none; empty before the first call
 * @param calls that have started
 * @param throttled of them, those that the store sent back
 */
public record GateState(
    int concurrency,
    int inFlight,
    int mostInFlight,
    Optional<Double> ratePerSecond,
    long calls,
    long throttled)
    implements Serializable {
  static final GateState NOTHING = new GateState(0, 0, 0, Optional.empty(), 0, 0);

  /** Two JVMs together, but for the most in flight, which were not at the same time. */
  GateState plus(GateState other, int most) {
    Optional<Double> rate =
        ratePerSecond.isEmpty()
            ? other.ratePerSecond
            : ratePerSecond.map(mine -> mine + other.ratePerSecond.orElse(0.0));
    return new GateState(
        concurrency + other.concurrency,
        inFlight + other.inFlight,
        most,
        rate,
        calls + other.calls,
        throttled + other.throttled);
  }

  /** The same after the JVM has no more work. */
  GateState atRest() {
    return new GateState(0, 0, mostInFlight, ratePerSecond.map(rate -> 0.0), calls, throttled);
  }

  private Object writeReplace() {
    return new Form(
        concurrency, inFlight, mostInFlight, ratePerSecond.orElse(null), calls, throttled);
  }

  /** An Optional does not serialise. */
  private record Form(
      int concurrency, int inFlight, int mostInFlight, Double rate, long calls, long throttled)
      implements Serializable {
    private Object readResolve() {
      return new GateState(
          concurrency, inFlight, mostInFlight, Optional.ofNullable(rate), calls, throttled);
    }
  }
}
