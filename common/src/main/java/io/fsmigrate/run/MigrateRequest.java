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
 * @param fromRecord the record identifier at which to begin, in the order of its type; rows of
 *     records before it count as filtered; empty for all
 * @param skipUnreadable whether to go on without files of the source that cannot be read
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
    boolean estimateKeys,
    Optional<String> fromRecord,
    boolean skipUnreadable) {
  /** For all records of files that can all be read. */
  public MigrateRequest(
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
    this(
        source,
        target,
        mode,
        filterQuery,
        allowPartial,
        createBranch,
        onlineStores,
        via,
        staleCheck,
        inPlace,
        estimateKeys,
        Optional.empty(),
        false);
  }

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
        false,
        fromRecord,
        skipUnreadable);
  }

  /** The same for the records whose identifier is not before this one. */
  public MigrateRequest from(String record) {
    return new MigrateRequest(
        source,
        target,
        mode,
        filterQuery,
        allowPartial,
        createBranch,
        onlineStores,
        via,
        staleCheck,
        inPlace,
        estimateKeys,
        Optional.of(record),
        skipUnreadable);
  }

  /** The same, which goes on without files of the source that cannot be read. */
  public MigrateRequest skippingUnreadable() {
    return new MigrateRequest(
        source,
        target,
        mode,
        filterQuery,
        allowPartial,
        createBranch,
        onlineStores,
        via,
        staleCheck,
        inPlace,
        estimateKeys,
        fromRecord,
        true);
  }

  /** Whether rows of the source may be left out on purpose. */
  boolean isLimited() {
    return filterQuery.isPresent() || fromRecord.isPresent() || skipUnreadable;
  }
}
