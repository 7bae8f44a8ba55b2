package io.fsmigrate.online.restraint;

import java.io.Serializable;
import java.util.List;

/** What a gate on an executor tells the driver, and what it hears. */
sealed interface Message extends Serializable {
  /** Which gate it is and what it was opened with. */
  record Sender(GateKey key, Limits limits, int executors, String name) implements Serializable {}

  /** What of a reservation will not be used. */
  record Refund(long id, double cost) implements Serializable {}

  /**
   * A sign of life, answered by a {@link Share}.
   *
   * @param live whether tasks use the gate
   * @param mostSince the most in flight since the last one
   */
  record Beat(Sender sender, List<Refund> refunds, boolean live, GateState state, int mostSince)
      implements Message {}

  /** Asks for a part of the rate limit, answered by a {@link Chunk}. */
  record Reserve(Sender sender, List<Refund> refunds, double cost) implements Message {}

  /** How many calls may be in flight. */
  record Share(int inFlight) implements Message {}

  /**
   * A part of the rate limit.
   *
   * @param at from when on, by the driver's clock in nanoseconds
   * @param now the driver's time of the answer
   */
  record Chunk(long id, long at, long now, double cost) implements Message {}
}
