package io.fsmigrate.run;

import io.fsmigrate.online.Served;
import java.time.Instant;
import java.util.Optional;

/**
 * One move of a store's pointer, as it is on record.
 *
 * @param id sorts by time
 * @param store the store's name in the catalog
 * @param from what was served before; empty where the pointer was never set
 * @param to what was to be served
 * @param run the run that moved it; empty where a person did
 * @param at when it was begun
 */
public record ServingMove(
    String id,
    State state,
    Cause cause,
    String store,
    Optional<Served> from,
    Served to,
    Optional<String> run,
    RunOwner owner,
    Instant at) {
  /** Whether the store serves, or served, what it was to. */
  public enum State {
    /** Begun; whether the store has done it is to be seen in the store. */
    MOVING("moving"),
    /** Done. */
    MOVED("moved"),
    /** The store serves something else: it was away, or somebody else was first. */
    NOT_MOVED("not moved");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** The state as people read it. */
    public String text() {
      return text;
    }
  }

  /** Why it was moved. */
  public enum Cause {
    /** By a run: the first version of a group, or one that was written in place. */
    RUN,
    /** {@code serving switch}. */
    SWITCH,
    /** {@code serving back}. */
    BACK
  }

  /** The same in another state. */
  ServingMove in(State next) {
    return new ServingMove(id, next, cause, store, from, to, run, owner, at);
  }
}
