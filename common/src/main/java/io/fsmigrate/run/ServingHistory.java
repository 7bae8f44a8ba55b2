package io.fsmigrate.run;

import io.fsmigrate.online.Served;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What stores of a warehouse were told to serve, in the state table {@code _fs_migrate/serving}. A
 * move is on record before it is made, so that none is lost; the pointer in the store tells
 * afterwards whether one that was cut short was made.
 */
public final class ServingHistory {
  private static final String MOVE = "move/";

  /** After this, a move of a process that cannot be asked is not at work any more. */
  private static final Duration LONGEST_MOVE = Duration.ofMinutes(10);

  private final StateTable table;
  private final Clock clock;
  private final Json json = new Json();
  private final SecureRandom random = new SecureRandom();

  /** Opens the record of a warehouse; nothing is read or written yet. */
  public ServingHistory(String warehouse, Configuration configuration, Clock clock) {
    this.clock = clock;
    table = new StateTable(warehouse + "/_fs_migrate/serving", configuration, clock);
  }

  /** Puts a move on record that is about to be made by this process. */
  ServingMove begin(
      ServingMove.Cause cause,
      String store,
      Optional<Served> from,
      Served to,
      Optional<String> run) {
    while (true) {
      NavigableMap<String, String> moves = table.all(MOVE);
      Optional<String> newest =
          moves.isEmpty()
              ? Optional.empty()
              : Optional.of(moves.lastKey().substring(MOVE.length()));
      ServingMove move =
          new ServingMove(
              RunId.next(clock.instant(), newest, random),
              ServingMove.State.MOVING,
              cause,
              store,
              from,
              to,
              run,
              RunOwner.current(),
              clock.instant());
      try {
        table.commit(StateChange.builder().create(MOVE + move.id(), json.compact(move)).build());
        return move;
      } catch (StateConflictException e) {
        // Somebody drew the same name in the same second; another is drawn.
      }
    }
  }

  /** Notes how a move ended; one whose end is noted already keeps that. */
  void end(ServingMove move, ServingMove.State state) {
    try {
      table.commit(
          StateChange.builder()
              .put(MOVE + move.id(), Optional.of(json.compact(move)), json.compact(move.in(state)))
              .build());
    } catch (StateConflictException e) {
      // Another process has looked into the store and noted it.
    }
  }

  /** Every move of a group, newest first. */
  public List<ServingMove> of(String group) {
    return table.all(MOVE).descendingMap().entrySet().stream()
        .map(
            entry ->
                json.read(table.path() + " " + entry.getKey(), entry.getValue(), ServingMove.class))
        .filter(move -> move.to().group().equals(group))
        .toList();
  }

  /** Every move of a group in one store, newest first. */
  public List<ServingMove> of(String group, String store) {
    return of(group).stream().filter(move -> move.store().equals(store)).toList();
  }

  /**
   * Notes how moves ended that were cut short, by what the store serves now. To be called before
   * the next one is made.
   */
  void settle(String group, String store, Optional<Served> now) {
    for (ServingMove move : of(group, store)) {
      if (move.state() == ServingMove.State.MOVING) {
        if (now.equals(Optional.of(move.to()))) {
          end(move, ServingMove.State.MOVED);
        } else if (!isAtWork(move)) {
          end(move, ServingMove.State.NOT_MOVED);
        }
      }
    }
  }

  /** This process makes one move after the other, so that an earlier one of its own is over. */
  private boolean isAtWork(ServingMove move) {
    if (move.owner().equals(RunOwner.current())) {
      return false;
    }
    return switch (move.owner().life()) {
      case ALIVE -> true;
      case GONE -> false;
      case UNKNOWN -> clock.instant().isBefore(move.at().plus(LONGEST_MOVE));
    };
  }

  /**
   * What was served before what is served now: moves are undone in their order, so that going back
   * twice goes back by two. Empty where nothing was, or where the store serves something that no
   * move on record has brought about.
   */
  public Optional<Served> before(Served now, String store) {
    Deque<Served> served = new ArrayDeque<>();
    List<ServingMove> moves = of(now.group(), store);
    for (int i = moves.size() - 1; i >= 0; i--) {
      ServingMove move = moves.get(i);
      if (move.state() != ServingMove.State.MOVED) {
        continue;
      }
      if (move.cause() == ServingMove.Cause.BACK && !served.isEmpty()) {
        served.pop();
      } else {
        if (served.isEmpty()) {
          move.from().ifPresent(served::push);
        }
        served.push(move.to());
      }
    }
    if (served.isEmpty() || !served.pop().isSameAs(now)) {
      return Optional.empty();
    }
    return Optional.ofNullable(served.peek());
  }
}
