package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateConflictException;
import io.fsmigrate.state.StateTable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;

/**
 * Every run of a warehouse and the locks they hold, in the state table {@code _fs_migrate/runs}.
 */
public final class Ledger {
  static final String RUN = "run/";

  /** Long enough for a busy driver, short enough to wait for. */
  static final Duration LEASE = Duration.ofMinutes(1);

  private final StateTable table;
  private final Clock clock;
  private final Json json = new Json();
  private final SecureRandom random = new SecureRandom();

  /** Opens the ledger of a warehouse; nothing is read or written yet. */
  public Ledger(String warehouse, Configuration configuration, Clock clock) {
    this.clock = clock;
    table = new StateTable(warehouse + "/_fs_migrate/runs", configuration, clock);
  }

  /** Writes the first line of a new run that this process works on. */
  public RunRecord start(
      String command, String source, String target, String fingerprint, String programVersion) {
    while (true) {
      String id = RunId.next(clock.instant(), newest(), random);
      RunRecord run =
          new RunRecord(
              id,
              RunState.RUNNING,
              command,
              source,
              target,
              fingerprint,
              clock.instant(),
              Optional.empty(),
              RunOwner.current(),
              programVersion,
              Map.of(),
              Map.of(),
              Optional.empty(),
              Optional.empty());
      try {
        table.commit(StateChange.builder().create(RUN + id, json.compact(run)).build());
        return run;
      } catch (StateConflictException e) {
        // One in sixteen million: somebody drew the same name in the same second.
        continue;
      }
    }
  }

  private Optional<String> newest() {
    NavigableMap<String, String> runs = table.all(RUN);
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.lastKey().substring(RUN.length()));
  }

  /**
   * Replaces the line of a run that this process works on.
   *
   * @throws FsMigrateException with code {@code RUN_TAKEN_OVER} if another process works on it now,
   *     {@code UNKNOWN_RUN} if there is no such run
   */
  public void update(RunRecord run) {
    change(
        run.id(),
        stored -> {
          if (!stored.owner().equals(run.owner())) {
            throw LedgerErrors.takenOver(run.id(), stored.owner());
          }
          if (stored.state() == RunState.ABANDONED) {
            throw LedgerErrors.givenUp(run.id());
          }
          return run;
        });
  }

  /**
   * Takes up a run in this process. Whether that may be is for {@link TargetLock} to say, which
   * comes first.
   *
   * @throws FsMigrateException with code {@code UNKNOWN_RUN} or {@code RUN_NOT_RESUMABLE}
   */
  public RunRecord resume(String id, String programVersion) {
    RunOwner self = RunOwner.current();
    return change(
        id,
        stored -> {
          if (!stored.state().resumable()) {
            throw RunErrors.notResumable(id, stored.state());
          }
          return stored.resumed(self, programVersion);
        });
  }

  /** Reads, changes and writes a run until no other writer came between. */
  private RunRecord change(String id, UnaryOperator<RunRecord> change) {
    String key = RUN + id;
    while (true) {
      String stored = table.find(key).orElseThrow(() -> LedgerErrors.unknownRun(id));
      RunRecord changed = change.apply(parse(key, stored));
      try {
        table.commit(
            StateChange.builder().put(key, Optional.of(stored), json.compact(changed)).build());
        return changed;
      } catch (StateConflictException e) {
        continue;
      }
    }
  }

  /** The run of this id. */
  public Optional<RunRecord> find(String id) {
    return table.find(RUN + id).map(text -> parse(RUN + id, text));
  }

  /** The newest runs, newest first. */
  public List<RunRecord> list(int limit) {
    return table.all(RUN).descendingMap().entrySet().stream()
        .limit(limit)
        .map(entry -> parse(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The newest run to this target, if it can be resumed: an older one would undo a newer one. */
  public Optional<RunRecord> latestResumable(String target) {
    return table.all(RUN).descendingMap().entrySet().stream()
        .map(entry -> parse(entry.getKey(), entry.getValue()))
        .filter(run -> run.target().equals(target) && run.state() != RunState.ABANDONED)
        .findFirst()
        .filter(run -> run.state().resumable());
  }

  /** The lock on a feature group of a branch, with a lease of a minute. */
  public TargetLock lock(String branch, String group) {
    return lock(branch, group, LEASE);
  }

  /**
   * The same with another lease.
   *
   * @param lease for how long its holder may work after it was renewed
   */
  public TargetLock lock(String branch, String group, Duration lease) {
    return new TargetLock(
        this, table, clock, SilenceProof.byWaiting(), lease, json, branch + ":" + group);
  }

  /**
   * Takes the locks of a run away, marks it abandoned if it was still running, and keeps a note of
   * who did so.
   *
   * @param force also where its process seems to be at work on another host, or hangs on this one
   * @throws FsMigrateException with code {@code OWNER_ALIVE}, {@code OWNER_UNKNOWN} or {@code
   *     UNKNOWN_RUN}
   */
  public Unlocked unlock(String id, boolean force) {
    return new RunLocks(this, table, clock, SilenceProof.byWaiting(), json).unlock(id, force);
  }

  /** The last time that somebody took the locks of a run away. */
  public Optional<Unlocked> unlocked(String id) {
    String key = RunLocks.UNLOCKED + id;
    return table.find(key).map(text -> json.read(table.path() + " " + key, text, Unlocked.class));
  }

  /**
   * What was unlocked.
   *
   * @param targets that are free now, as {@code BRANCH:GROUP}
   * @param token larger than that of every lock that was taken before
   * @param by who did it
   * @param owner the process that held the locks; empty where there were none
   */
  public record Unlocked(
      String run,
      List<String> targets,
      long token,
      Instant at,
      RunOwner by,
      boolean force,
      Optional<RunOwner> owner) {
    public Unlocked {
      targets = List.copyOf(targets);
    }
  }

  RunRecord parse(String key, String text) {
    return json.read(table.path() + " " + key, text, RunRecord.class);
  }
}
