package io.fsmigrate.run;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A line of the ledger: what a run was to do, who did it and how it ended. The plan is stored
 * elsewhere.
 *
 * @param id sorts by time; see {@link RunId}
 * @param command such as {@code migrate}
 * @param source the source's address as it was given
 * @param target the target's address as it was given
 * @param fingerprint of everything that the result depends on
 * @param endedAt empty while it is running
 * @param programVersion the version of the program that worked on it last
 * @param counters rows by what became of them
 * @param timingsMillis milliseconds by stage
 * @param message why it ended as it did
 * @param exitCode what the process returned
 */
public record RunRecord(
    String id,
    RunState state,
    String command,
    String source,
    String target,
    String fingerprint,
    Instant startedAt,
    Optional<Instant> endedAt,
    RunOwner owner,
    String programVersion,
    Map<String, Long> counters,
    Map<String, Long> timingsMillis,
    Optional<String> message,
    Optional<Integer> exitCode) {
  public RunRecord {
    counters = Collections.unmodifiableMap(new TreeMap<>(counters));
    timingsMillis = Collections.unmodifiableMap(new TreeMap<>(timingsMillis));
  }

  /** The same with these counts and times so far. */
  public RunRecord withProgress(Map<String, Long> newCounters, Map<String, Long> newTimings) {
    return new RunRecord(
        id,
        state,
        command,
        source,
        target,
        fingerprint,
        startedAt,
        endedAt,
        owner,
        programVersion,
        newCounters,
        newTimings,
        message,
        exitCode);
  }

  /** The same run, ended. */
  public RunRecord ended(
      RunState newState, Instant at, Optional<String> newMessage, int newExitCode) {
    return new RunRecord(
        id,
        newState,
        command,
        source,
        target,
        fingerprint,
        startedAt,
        Optional.of(at),
        owner,
        programVersion,
        counters,
        timingsMillis,
        newMessage,
        Optional.of(newExitCode));
  }

  /** The same run, taken up again by another process. */
  public RunRecord resumed(RunOwner newOwner, String newProgramVersion) {
    return new RunRecord(
        id,
        RunState.RUNNING,
        command,
        source,
        target,
        fingerprint,
        startedAt,
        Optional.empty(),
        newOwner,
        newProgramVersion,
        counters,
        timingsMillis,
        Optional.empty(),
        Optional.empty());
  }
}
