package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    String programVersion)
    implements RunLifecycle.Result {
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
  public static final String SCHEMA = "fs-migrate/report/1";
}
