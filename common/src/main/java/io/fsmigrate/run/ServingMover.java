package io.fsmigrate.run;

import io.fsmigrate.online.Served;
import io.fsmigrate.online.ServingPointer;
import java.time.Clock;
import java.util.Optional;

/** Moves pointers of stores, and keeps on record that it did. */
public final class ServingMover {
  private final ServingHistory history;
  private final Clock clock;

  public ServingMover(ServingHistory history, Clock clock) {
    this.history = history;
    this.clock = clock;
  }

  /** What a store serves of a group; what the record did not know of it yet is noted. */
  public Optional<Served> served(String store, ServingPointer pointer, String group) {
    Optional<Served> now = pointer.read(group);
    history.settle(group, store, now);
    return now;
  }

  /**
   * Makes a store serve something, in one step.
   *
   * @param from what it serves, as {@link #served} has told
   * @param what of which version and where; time and author are those of the move
   * @return what is served now; empty where somebody else has moved the pointer meanwhile
   */
  public Optional<Served> move(
      ServingMove.Cause cause,
      String store,
      ServingPointer pointer,
      Optional<Served> from,
      Served what,
      Optional<String> run) {
    RunOwner self = RunOwner.current();
    String by = "%s on %s".formatted(self.user(), self.host());
    Served to =
        new Served(
            what.group(),
            what.version(),
            what.keyVersion(),
            what.place(),
            clock.instant(),
            run.map(id -> "run %s of %s".formatted(id, by)).orElse(by));
    ServingMove move = history.begin(cause, store, from, to, run);
    boolean moved;
    try {
      moved = pointer.move(to, from);
    } catch (RuntimeException e) {
      settleAfter(e, store, pointer, to.group());
      throw e;
    }
    history.end(move, moved ? ServingMove.State.MOVED : ServingMove.State.NOT_MOVED);
    return moved ? Optional.of(to) : Optional.empty();
  }

  /**
   * A failure does not tell whether the store has moved; where it is away, the next reader will.
   */
  private void settleAfter(
      RuntimeException failure, String store, ServingPointer pointer, String group) {
    try {
      served(store, pointer, group);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
