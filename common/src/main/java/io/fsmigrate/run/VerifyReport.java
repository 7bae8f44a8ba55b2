package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.verify.DifferingRow;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.OnlineVerdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verification found, for people and machines.
 *
 * @param schema names this document's form
 * @param state how it ended
 * @param verifiedRun the run that was verified; empty where source and target were given
 * @param source where the expected rows come from
 * @param target what was compared with them
 * @param table the table of the target
 * @param path ids of the migrations by which the expected rows come about
 * @param expected rows of the source by what became of them: {@code read}, {@code filtered}, {@code
 *     failed}, {@code accepted}; those filtered and failed are not expected. Empty where only
 *     online stores were compared
 * @param offline the comparison of the tables; empty where only online stores were compared
 * @param online the comparison of each online store
 * @param examples some of the differing rows
 * @param differences the table of differing rows; empty when there are none
 * @param repair what was repaired, or would be; empty where that was not asked for
 * @param timingsMillis milliseconds by stage, of the last process that worked on the run
 */
public record VerifyReport(
    String schema,
    String run,
    RunState state,
    int exitCode,
    Optional<String> verifiedRun,
    String source,
    String target,
    TablePointer table,
    List<String> path,
    Map<String, Long> expected,
    Optional<OfflineVerdict> offline,
    List<OnlineVerdict> online,
    List<DifferingRow> examples,
    Optional<String> differences,
    Optional<RepairReport> repair,
    List<String> notes,
    Instant startedAt,
    Instant endedAt,
    Map<String, Long> timingsMillis,
    String fingerprint,
    String programVersion)
    implements RunLifecycle.Result {
  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/verify/1";
}
