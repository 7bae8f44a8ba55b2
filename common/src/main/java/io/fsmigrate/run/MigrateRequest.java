package io.fsmigrate.run;

import io.fsmigrate.online.StaleCheck;
import java.util.List;
import java.util.Optional;

/**
 * What somebody asks for: everything that a plan starts from.
 *
 * @param source address as given
 * @param target address as given
 * @param mode what becomes of rows that are there
 * @param filterQuery the rows of the source to take; empty for all
 * @param allowPartial whether a filter may make rows of a replaced target disappear
 * @param createBranch whether a missing target branch is made
 * @param onlineStores names of the online stores to write; empty for those of the target's
 *     definition
 * @param via versions that the migration path must pass
 * @param staleCheck whether online stores that do not tell stale records are asked
 * @param inPlace whether online stores that serve an older version get this one in its place
 * @param estimateKeys whether to scan the source for an estimate of the distinct records
 */
public record MigrateRequest(
    String source,
    String target,
    WriteMode mode,
    Optional<String> filterQuery,
    boolean allowPartial,
    boolean createBranch,
    Optional<List<String>> onlineStores,
    List<String> via,
    StaleCheck staleCheck,
    boolean inPlace,
    boolean estimateKeys) {
  /** The same without online stores. */
  MigrateRequest offline() {
    return new MigrateRequest(
        source,
        target,
        mode,
        filterQuery,
        allowPartial,
        createBranch,
        Optional.of(List.of()),
        via,
        StaleCheck.NONE,
        inPlace,
        false);
  }
}
