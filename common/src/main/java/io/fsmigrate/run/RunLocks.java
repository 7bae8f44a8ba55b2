package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The locks of a run as a whole. */
final class RunLocks {
  static final String LOCK = "lock/";

  private final Ledger ledger;
  private final StateTable table;
  private final Clock clock;
  private final Json json;

  RunLocks(Ledger ledger, StateTable table, Clock clock, Json json) {
    this.ledger = ledger;
    this.table = table;
    this.clock = clock;
    this.json = json;
  }

  HeldLock parse(String key, String text) {
    return json.read(table.path() + " " + key, text, HeldLock.class);
  }

  List<String> unlock(String id, boolean force) {
    while (true) {
      Map<String, String> held = heldBy(id);
      Optional<String> stored = table.find(Ledger.RUN + id);
      Optional<RunRecord> run = stored.map(text -> ledger.parse(Ledger.RUN + id, text));
      boolean running = run.map(record -> record.state() == RunState.RUNNING).orElse(false);
      if (held.isEmpty() && run.isEmpty()) {
        throw LedgerErrors.unknownRun(id);
      }
      held.forEach((key, text) -> checkGone(id, parse(key, text).owner(), force));
      StateChange.Builder change = StateChange.builder();
      held.forEach(change::remove);
      if (running) {
        checkGone(id, run.get().owner(), force);
        change.put(Ledger.RUN + id, stored, json.compact(abandoned(run.get())));
      }
      if ((held.isEmpty() && !running) || commit(change)) {
        return held.keySet().stream().map(key -> key.substring(LOCK.length())).toList();
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

  private RunRecord abandoned(RunRecord run) {
    return run.ended(
        RunState.ABANDONED, clock.instant(), Optional.of("unlocked"), ExitCode.INTERRUPTED.code());
  }

  private static void checkGone(String id, RunOwner owner, boolean force) {
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
