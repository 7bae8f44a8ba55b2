package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.time.Instant;
import java.util.List;

/**
 * What bringing a branch's table into online stores would do, before it is done.
 *
 * @param schema names this document's form
 * @param table what the branch shows
 * @param rows rows of the table
 * @param bytes bytes of its data files
 * @param online the stores
 * @param writes what would be written where
 * @param refusals why the run would be refused; empty when it can run
 */
public record PublishPlan(
    String schema,
    Instant createdAt,
    PublishRequest request,
    String branch,
    String group,
    TablePointer table,
    long rows,
    long bytes,
    List<Plan.OnlineTarget> online,
    List<String> writes,
    List<String> refusals,
    Fingerprint fingerprint) {
  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/publish-plan/1";

  /** {@code branch:group@version}. */
  public String address() {
    return "%s:%s@%s".formatted(branch, group, table.featureVersion());
  }

  /** What readers of the stores see now and will no longer see, in words. */
  public List<String> clears() {
    return Plan.clears(online);
  }
}
