package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run did, for people and machines.
 *
 * @param schema names this document's form
 * @param state how it ended
 * @param path ids of the migrations applied
 * @param offline rows by what became of them
 * @param online records by what became of them, by store
 * @param calls what the run asked of each store that counts its calls: {@code calls}, how many of
 *     them were {@code throttled}, the most {@code in-flight} at once, and the {@code concurrency}
 *     that was allowed at the end
 * @param serving what each online store that has a pointer serves now
 * @param branchCommit the commit that moved the branch; empty if it did not move
 * @param table what the branch shows now
 * @param failedRecords where they are; empty when there are none
 * @param timingsMillis milliseconds by stage, of the last process that worked on the run
 * @param command that made the run
 * @param message why it ended as it did; empty where it finished
 * @param throughput how far it was when
 * @param failures why records failed
 * @param settings what was configured and changes how the run worked
 * @param next commands that go on from it
 * @param verification what comparing its result with its source has found; empty until that was
 *     done
 */
public record RunReport(
    String schema,
    String run,
    RunState state,
    int exitCode,
    String source,
    String target,
    List<String> path,
    Map<String, Long> offline,
    Map<String, Map<String, Long>> online,
    Map<String, Map<String, Long>> calls,
    List<Serving> serving,
    Optional<String> branchCommit,
    Optional<TablePointer> table,
    Optional<String> failedRecords,
    Instant startedAt,
    Instant endedAt,
    Map<String, Long> timingsMillis,
    String fingerprint,
    String programVersion,
    String command,
    Optional<String> message,
    Throughput throughput,
    FailureSummary failures,
    Settings settings,
    List<NextStep> next,
    Optional<Verification> verification)
    implements RunLifecycle.Result {
  /** Older forms lack what came later. */
  public RunReport {
    boolean onlineOnly = offline.isEmpty();
    command = or(command, onlineOnly ? Publisher.COMMAND : Migrator.COMMAND);
    throughput = or(throughput, Throughput.NONE);
    failures = or(failures, FailureSummary.NONE);
    settings = or(settings, Settings.NONE);
    next = or(next, List.of());
  }

  /**
   * The report of a run that has ended.
   *
   * @param run its line in the ledger
   * @param outline what was known of it when it began
   * @param failedRecords where they are; empty when there are none
   */
  static RunReport of(
      RunRecord run,
      RunTally.Outline outline,
      WorkDone done,
      Optional<String> failedRecords,
      FailureSummary failures,
      Throughput throughput) {
    RunReport report =
        new RunReport(
            SCHEMA,
            run.id(),
            run.state(),
            run.exitCode().orElse(0),
            run.source(),
            run.target(),
            outline.path(),
            done.offline(),
            done.online(),
            StoreCalls.counted(run.id()),
            done.serving(),
            done.branchCommit(),
            done.table(),
            failedRecords,
            run.startedAt(),
            run.endedAt().orElse(run.startedAt()),
            run.timingsMillis(),
            run.fingerprint(),
            run.programVersion(),
            run.command(),
            run.message(),
            throughput,
            failures,
            outline.settings(),
            List.of(),
            Optional.empty());
    return report.with(NextStep.after(report), Optional.empty());
  }

  private static <T> T or(T value, T absent) {
    return value == null ? absent : value;
  }

  /**
   * What was configured and changes how a run works.
   *
   * @param run keys and values of section {@code run}, with what the command line said instead
   * @param stores keys and values of the online stores that the run wrote, by store; no secrets
   */
  public record Settings(Map<String, String> run, Map<String, Map<String, String>> stores) {
    /** Of a run that did not keep them. */
    public static final Settings NONE = new Settings(Map.of(), Map.of());

    /** The same without one that has no say in the run. */
    Settings without(String key) {
      Map<String, String> others = new TreeMap<>(run);
      others.remove(key);
      return new Settings(others, stores);
    }
  }

  /**
   * What an online store serves of the target's feature group when the run is done.
   *
   * @param writtenTo where the run's records are
   * @param served the version that is served, {@code group@version}; empty where none is
   * @param place where it is
   * @param moved whether the run has made the store serve its records
   * @param toServe the command that does so; empty where it is done, or not for this run to say
   */
  public record Serving(
      String store,
      String writtenTo,
      Optional<String> served,
      Optional<String> place,
      boolean moved,
      Optional<String> toServe) {}

  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/report/2";

  /** From its start to its end; nothing where the clock was set back meanwhile. */
  public Duration duration() {
    Duration between = Duration.between(startedAt, endedAt);
    return between.isNegative() ? Duration.ZERO : between;
  }

  /** The same, with what a comparison of its result has found. */
  public RunReport verified(Verification found) {
    return with(next, Optional.of(found));
  }

  private RunReport with(List<NextStep> newNext, Optional<Verification> newVerification) {
    return new RunReport(
        schema,
        run,
        state,
        exitCode,
        source,
        target,
        path,
        offline,
        online,
        calls,
        serving,
        branchCommit,
        table,
        failedRecords,
        startedAt,
        endedAt,
        timingsMillis,
        fingerprint,
        programVersion,
        command,
        message,
        throughput,
        failures,
        settings,
        newNext,
        newVerification);
  }
}
