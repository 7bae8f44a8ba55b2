package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a verification would compare, before it does.
 *
 * @param schema names this document's form
 * @param run the run that is verified; empty where source and target were given
 * @param source where the expected rows come from
 * @param table what is compared with them, and what online stores are compared with
 * @param migration the plan by which the expected rows come about; empty where only online stores
 *     are compared
 * @param rows rows of the table by its statistics
 * @param buckets of record identifiers
 * @param online the online stores
 * @param notes what is compared, what that can miss and what it costs
 * @param writes what would be written where
 * @param refusals why the run would be refused; empty when it can run
 */
public record VerifyPlan(
    String schema,
    Instant createdAt,
    VerifyRequest request,
    Optional<String> run,
    String source,
    String branch,
    String group,
    TablePointer table,
    Optional<Plan> migration,
    Optional<Long> rows,
    int buckets,
    List<OnlineSide> online,
    List<String> notes,
    List<String> writes,
    List<String> refusals,
    Fingerprint fingerprint) {
  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/verify-plan/1";

  /**
   * An online store that is compared.
   *
   * @param place where its records are, as readers name it
   * @param inPlaceOf the version that the place is named after, where that is not the target's
   * @param buckets in which its records are read
   * @param outage why nobody can read it now; empty where it can be read as far as is known
   */
  public record OnlineSide(
      String store,
      String type,
      String place,
      Optional<String> inPlaceOf,
      int buckets,
      Optional<String> outage) {}

  /** {@code branch:group@version}. */
  public String address() {
    return "%s:%s@%s".formatted(branch, group, table.featureVersion());
  }
}
