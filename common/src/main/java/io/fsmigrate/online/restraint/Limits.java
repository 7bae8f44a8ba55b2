package io.fsmigrate.online.restraint;

import java.io.Serializable;
import java.util.Optional;

/**
 * The most that a run may ask of a store, both for the whole run on the whole cluster.
 *
 * @param rate what may start in any second; without it, whatever the store bears
 * @param maxInFlight calls at the same time, from 1; each JVM at work has at least one of them
 */
public record Limits(Optional<RateLimit> rate, int maxInFlight) implements Serializable {
  /** Fewer than one call at a time is refused. */
  public Limits {
    if (maxInFlight < 1) {
      throw new IllegalArgumentException(maxInFlight + " calls in flight");
    }
  }

  RateLimit.Unit unit() {
    return rate.map(RateLimit::unit).orElse(RateLimit.Unit.RECORDS);
  }

  private Object writeReplace() {
    return new Form(rate.orElse(null), maxInFlight);
  }

  /** An Optional does not serialise. */
  private record Form(RateLimit rate, int maxInFlight) implements Serializable {
    private Object readResolve() {
      return new Limits(Optional.ofNullable(rate), maxInFlight);
    }
  }
}
