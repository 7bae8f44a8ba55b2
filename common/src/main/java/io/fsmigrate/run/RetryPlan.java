package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.online.StaleCheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What trying failed records again would do, before it is done.
 *
 * @param schema names this document's form
 * @param run the run that they are of
 * @param retries those of it that have ended, oldest first: what they settled is left out
 * @param branch of the run's target
 * @param group of the run's target
 * @param table what the branch shows now
 * @param open failed records that no retry has settled
 * @param taken those that are tried, by store
 * @param path the migrations that rows which failed offline take, as they are defined now
 * @param online the stores that are written
 * @param staleCheck as in the run: whether stores that do not tell stale records are asked
 * @param writes what would be written where
 * @param warnings what somebody who approves it should know
 * @param refusals why it would be refused; empty when it can run
 */
public record RetryPlan(
    String schema,
    Instant createdAt,
    RetryRequest request,
    String run,
    List<String> retries,
    String branch,
    String group,
    TablePointer table,
    long open,
    Map<String, Long> taken,
    List<Plan.PathStep> path,
    List<Plan.OnlineTarget> online,
    StaleCheck staleCheck,
    List<String> writes,
    List<String> warnings,
    List<String> refusals,
    Fingerprint fingerprint) {
  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/retry-plan/1";

  /** {@code branch:group@version}. */
  public String address() {
    return "%s:%s@%s".formatted(branch, group, table.featureVersion());
  }

  /** How many records are tried. */
  public long records() {
    return taken.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many of them are rows that did not enter the target. */
  long offline() {
    return taken.getOrDefault(OfflinePhase.STORE, 0L);
  }
}
