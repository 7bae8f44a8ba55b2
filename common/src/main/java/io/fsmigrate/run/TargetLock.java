package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps two runs from writing to one feature group of one branch.
 *
 * <p>Its holder renews it several times within a lease. It passes to another process in three cases
 * only: the ledger says that its run is not running any more; the same run asks again and the
 * process that held it is gone, which this host knows of its own processes; or the same run asks
 * again and nobody has renewed the lock for a whole lease. Another run never gets the lock of a run
 * that is not ended: that one is to be resumed or given up first.
 */
public final class TargetLock {
  /** The last token that was given out. */
  static final String TOKEN = "token";

  private final Ledger ledger;
  private final StateTable table;
  private final Clock clock;
  private final SilenceProof silence;
  private final Duration lease;
  private final Json json;
  private final String target;
  private final String key;

  TargetLock(
      Ledger ledger,
      StateTable table,
      Clock clock,
      SilenceProof silence,
      Duration lease,
      Json json,
      String target) {
    this.ledger = ledger;
    this.table = table;
    this.clock = clock;
    this.silence = silence;
    this.lease = lease;
    this.json = json;
    this.target = target;
    key = RunLocks.LOCK + target;
  }

  /** What is locked, as {@code BRANCH:GROUP}. */
  String target() {
    return target;
  }

  /**
   * A lock that was taken.
   *
   * @param from the process that had it before and may still believe that it has; empty where there
   *     was none, or its end is known
   */
  record Taken(HeldLock lock, Optional<RunOwner> from) {}

  /**
   * Takes the lock for a run of this process. Taking it again changes nothing.
   *
   * @throws FsMigrateException with code {@code TARGET_LOCKED} if another process holds it
   */
  public void acquire(String runId) {
    take(runId);
  }

  /** The same, telling what was taken. */
  Taken take(String runId) {
    while (true) {
      Optional<String> stored = table.find(key);
      Optional<HeldLock> held = stored.map(this::parse);
      if (held.filter(lock -> lock.isOf(runId, RunOwner.current())).isPresent()) {
        return new Taken(held.get(), Optional.empty());
      }
      StateChange.Builder change = StateChange.builder();
      Optional<RunOwner> from = Optional.empty();
      if (held.isPresent()) {
        String run = Ledger.RUN + held.get().run();
        Optional<String> record = table.find(run);
        from = free(held.get(), record.map(text -> ledger.parse(run, text)), runId);
        // Somebody may take that run up again while this looks.
        change.expect(run, record);
      }
      long token = newToken(change);
      HeldLock mine = HeldLock.taken(runId, clock.instant(), token, lease);
      if (commit(change.put(key, stored, json.compact(mine)))) {
        return new Taken(mine, from);
      }
    }
  }

  /** Adds to the change a token that is larger than all before it. */
  private long newToken(StateChange.Builder change) {
    Optional<String> stored = table.find(TOKEN);
    long token = 1 + stored.map(Long::parseLong).orElse(0L);
    change.put(TOKEN, stored, Long.toString(token));
    return token;
  }

  /** The process to shut out, where one may be left. */
  private Optional<RunOwner> free(HeldLock held, Optional<RunRecord> run, String runId) {
    boolean ended = run.map(record -> record.state() != RunState.RUNNING).orElse(false);
    RunOwner.Life life = held.owner().life();
    Optional<RunOwner> left =
        life == RunOwner.Life.GONE ? Optional.empty() : Optional.of(held.owner());
    if (ended) {
      return left;
    }
    if (held.run().equals(runId)
        && (life == RunOwner.Life.GONE
            || (held.looksSilent(clock.instant())
                && silence.holds(held, () -> table.find(key).map(this::parse))))) {
      return left;
    }
    throw LedgerErrors.targetLocked(target, held, clock.instant(), life);
  }

  /**
   * Says that this process is at work, and keeps with its run what was counted so far.
   *
   * @return what is stored now
   * @throws FsMigrateException with code {@code LOCK_LOST} if another process holds the lock, or
   *     nobody
   */
  HeldLock renew(HeldLock mine, Map<String, Long> counters, Map<String, Long> timings) {
    while (true) {
      Optional<String> stored = table.find(key);
      HeldLock held =
          stored
              .map(this::parse)
              .filter(lock -> lock.token() == mine.token())
              .orElseThrow(() -> LedgerErrors.lockLost(target, mine.run()));
      HeldLock renewed = held.renewed(clock.instant());
      StateChange.Builder change = StateChange.builder().put(key, stored, json.compact(renewed));
      String run = Ledger.RUN + mine.run();
      Optional<String> record = table.find(run);
      record
          .map(text -> ledger.parse(run, text))
          .filter(line -> line.state() == RunState.RUNNING && line.owner().equals(mine.owner()))
          .ifPresent(
              line -> change.put(run, record, json.compact(line.withProgress(counters, timings))));
      if (commit(change)) {
        return renewed;
      }
    }
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

  /** Whether the lock is still the one with that token. */
  boolean isHeld(long token) {
    return table.find(key).map(this::parse).filter(lock -> lock.token() == token).isPresent();
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
    return table.find(key).filter(text -> parse(text).isOf(runId, self));
  }

  /**
   * Takes every lock of the run that holds this one away and marks that run abandoned if it was
   * running; the same as {@link Ledger#unlock}.
   *
   * @return the targets that are free now
   */
  public List<String> unlock(boolean force) {
    return table
        .find(key)
        .map(text -> ledger.unlock(parse(text).run(), force).targets())
        .orElse(List.of());
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
