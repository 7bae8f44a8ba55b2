package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps two runs from writing to one feature group of one branch.
 *
 * <p>There is no time-out. A lock passes to another process in two cases only: the ledger says that
 * its run is not running any more, or the same run asks again and the process that held it is gone.
 * Gone means that this host has no process of that number and start time. A process on another host
 * cannot be asked, so its lock stays until its run has ended by the ledger or somebody unlocks it.
 */
public final class TargetLock {
  private final Ledger ledger;
  private final StateTable table;
  private final Clock clock;
  private final Json json;
  private final String target;
  private final String key;

  TargetLock(Ledger ledger, StateTable table, Clock clock, Json json, String target) {
    this.ledger = ledger;
    this.table = table;
    this.clock = clock;
    this.json = json;
    this.target = target;
    key = RunLocks.LOCK + target;
  }

  /**
   * Takes the lock for a run of this process. Taking it again changes nothing.
   *
   * @throws FsMigrateException with code {@code TARGET_LOCKED} if another process holds it
   */
  public void acquire(String runId) {
    HeldLock mine = new HeldLock(runId, RunOwner.current(), clock.instant());
    while (true) {
      Optional<String> stored = table.find(key);
      StateChange.Builder change = StateChange.builder().put(key, stored, json.compact(mine));
      if (stored.isPresent()) {
        HeldLock held = parse(stored.get());
        if (held.run().equals(runId) && held.owner().equals(mine.owner())) {
          return;
        }
        String run = Ledger.RUN + held.run();
        Optional<String> record = table.find(run);
        checkFree(held, record.map(text -> ledger.parse(run, text)), runId);
        // Somebody may take that run up again while this looks.
        change.expect(run, record);
      }
      if (commit(change)) {
        return;
      }
    }
  }

  private void checkFree(HeldLock held, Optional<RunRecord> run, String runId) {
    boolean ended = run.map(record -> record.state() != RunState.RUNNING).orElse(false);
    if (ended) {
      return;
    }
    RunOwner.Life life = held.owner().life();
    if (life == RunOwner.Life.GONE && held.run().equals(runId)) {
      return;
    }
    Duration age = Duration.between(held.since(), clock.instant());
    throw LedgerErrors.targetLocked(target, held.run(), held.owner(), age, life);
  }

  /**
   * Makes sure that this process still holds the lock for the run.
   *
   * @throws FsMigrateException with code {@code LOCK_LOST} if it does not
   */
  public void verify(String runId) {
    if (held(runId).isEmpty()) {
      throw LedgerErrors.lockLost(target, runId);
    }
  }

  /** Gives the lock back. A lock that this process does not hold for the run stays as it is. */
  public void release(String runId) {
    Optional<String> held = held(runId);
    while (held.isPresent() && !commit(StateChange.builder().remove(key, held.get()))) {
      held = held(runId);
    }
  }

  private Optional<String> held(String runId) {
    RunOwner self = RunOwner.current();
    return table
        .find(key)
        .filter(
            text -> {
              HeldLock held = parse(text);
              return held.run().equals(runId) && held.owner().equals(self);
            });
  }

  /**
   * Takes every lock of the run that holds this one away and marks that run abandoned if it was
   * running; the same as {@link Ledger#unlock}.
   *
   * @return the targets that are free now
   */
  public List<String> unlock(boolean force) {
    return table.find(key).map(text -> ledger.unlock(parse(text).run(), force)).orElse(List.of());
  }

  private HeldLock parse(String text) {
    return json.read(table.path() + " " + key, text, HeldLock.class);
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
