package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The locks of a run as a whole. */
final class RunLocks {
  static final String LOCK = "lock/";
  static final String UNLOCKED = "unlocked/";

  private final Ledger ledger;
  private final StateTable table;
  private final Clock clock;
  private final SilenceProof silence;
  private final Json json;

  RunLocks(Ledger ledger, StateTable table, Clock clock, SilenceProof silence, Json json) {
    this.ledger = ledger;
    this.table = table;
    this.clock = clock;
    this.silence = silence;
    this.json = json;
  }

  HeldLock parse(String key, String text) {
    return json.read(table.path() + " " + key, text, HeldLock.class);
  }

  Ledger.Unlocked unlock(String id, boolean force) {
    while (true) {
      Map<String, String> held = heldBy(id);
      Optional<String> stored = table.find(Ledger.RUN + id);
      Optional<RunRecord> run = stored.map(text -> ledger.parse(Ledger.RUN + id, text));
      boolean running = run.map(record -> record.state() == RunState.RUNNING).orElse(false);
      if (held.isEmpty() && run.isEmpty()) {
        throw LedgerErrors.unknownRun(id);
      }
      held.forEach((key, text) -> requireNotAtWork(id, key, parse(key, text), force));
      StateChange.Builder change = StateChange.builder();
      held.forEach(change::remove);
      Optional<RunOwner> owner =
          held.entrySet().stream().findFirst().map(e -> parse(e.getKey(), e.getValue()).owner());
      if (running) {
        if (held.isEmpty()) {
          requireGone(id, run.get().owner(), force);
          owner = Optional.of(run.get().owner());
        }
      }
      Optional<String> last = table.find(TargetLock.TOKEN);
      long token = 1 + last.map(Long::parseLong).orElse(0L);
      Ledger.Unlocked unlocked =
          new Ledger.Unlocked(
              id,
              held.keySet().stream().map(key -> key.substring(LOCK.length())).toList(),
              token,
              clock.instant(),
              RunOwner.current(),
              force,
              owner);
      if (running) {
        change.put(
            Ledger.RUN + id, stored, json.compact(abandoned(run.get(), unlocked.by().text())));
      }
      if (held.isEmpty() && !running) {
        return unlocked;
      }
      change.put(TargetLock.TOKEN, last, Long.toString(token));
      change.put(UNLOCKED + id, table.find(UNLOCKED + id), json.compact(unlocked));
      if (commit(change)) {
        return unlocked;
      }
    }
  }

  private Map<String, String> heldBy(String run) {
    Map<String, String> held = new LinkedHashMap<>();
    table
        .all(LOCK)
        .forEach(
            (key, text) -> {
              if (parse(key, text).run().equals(run)) {
                held.put(key, text);
              }
            });
    return held;
  }

  private RunRecord abandoned(RunRecord run, String by) {
    return run.ended(
        RunState.ABANDONED,
        clock.instant(),
        Optional.of("unlocked by " + by),
        ExitCode.INTERRUPTED.code());
  }

  /** Force is for a holder that hangs; one that renews its lock is to be ended where it runs. */
  private void requireNotAtWork(String id, String key, HeldLock held, boolean force) {
    RunOwner.Life life = held.owner().life();
    if (life == RunOwner.Life.GONE || (force && life == RunOwner.Life.UNKNOWN)) {
      return;
    }
    boolean silent =
        held.looksSilent(clock.instant())
            && silence.holds(held, () -> table.find(key).map(text -> parse(key, text)));
    if (life == RunOwner.Life.ALIVE && !(silent && force)) {
      throw LedgerErrors.ownerAlive(id, held.owner());
    }
    if (!silent) {
      throw LedgerErrors.ownerUnknown(id, held.owner());
    }
  }

  private static void requireGone(String id, RunOwner owner, boolean force) {
    switch (owner.life()) {
      case ALIVE -> throw LedgerErrors.ownerAlive(id, owner);
      case UNKNOWN -> {
        if (!force) {
          throw LedgerErrors.ownerUnknown(id, owner);
        }
      }
      case GONE -> {}
    }
  }

  private boolean commit(StateChange.Builder change) {
    try {
      table.commit(change.build());
      return true;
    } catch (StateConflictException e) {
      return false;
    }
  }
}
