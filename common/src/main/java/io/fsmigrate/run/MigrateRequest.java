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

  /** A request that adds all rows of the source to a target on a branch that is there. */
  public static Builder builder(String source, String target) {
    return new Builder(source, target);
  }

  /** A builder that has everything as it is here. */
  public Builder toBuilder() {
    return new Builder(source, target)
        .mode(mode)
        .filterQuery(filterQuery)
        .allowPartial(allowPartial)
        .createBranch(createBranch)
        .onlineStores(onlineStores)
        .via(via)
        .staleCheck(staleCheck)
        .inPlace(inPlace)
        .estimateKeys(estimateKeys)
        .fromRecord(fromRecord)
        .skipUnreadable(skipUnreadable);
  }

  /** The same without online stores. */
  MigrateRequest offline() {
    return toBuilder()
        .onlineStores(Optional.of(List.of()))
        .staleCheck(StaleCheck.NONE)
        .estimateKeys(false)
        .build();
  }

  /** Whether rows of the source may be left out on purpose. */
  boolean isLimited() {
    return filterQuery.isPresent() || fromRecord.isPresent() || skipUnreadable;
  }

  /** Collects a request; each method sets what the component of its name says. */
  public static final class Builder {
    private final String source;
    private final String target;
    private WriteMode mode = WriteMode.APPEND;
    private Optional<String> filterQuery = Optional.empty();
    private boolean allowPartial;
    private boolean createBranch;
    private Optional<List<String>> onlineStores = Optional.empty();
    private List<String> via = List.of();
    private StaleCheck staleCheck = StaleCheck.NONE;
    private boolean inPlace;
    private boolean estimateKeys;
    private Optional<String> fromRecord = Optional.empty();
    private boolean skipUnreadable;

    private Builder(String source, String target) {
      this.source = source;
      this.target = target;
    }

    /** See {@link MigrateRequest#mode}; to append unless it is set. */
    public Builder mode(WriteMode mode) {
      this.mode = mode;
      return this;
    }

    /** See {@link MigrateRequest#filterQuery}. */
    public Builder filterQuery(Optional<String> filterQuery) {
      this.filterQuery = filterQuery;
      return this;
    }

    /** See {@link MigrateRequest#allowPartial}. */
    public Builder allowPartial(boolean allowPartial) {
      this.allowPartial = allowPartial;
      return this;
    }

    /** See {@link MigrateRequest#createBranch}. */
    public Builder createBranch(boolean createBranch) {
      this.createBranch = createBranch;
      return this;
    }

    /** See {@link MigrateRequest#onlineStores}. */
    public Builder onlineStores(Optional<List<String>> onlineStores) {
      this.onlineStores = onlineStores;
      return this;
    }

    /** See {@link MigrateRequest#via}. */
    public Builder via(List<String> via) {
      this.via = via;
      return this;
    }

    /** See {@link MigrateRequest#staleCheck}. */
    public Builder staleCheck(StaleCheck staleCheck) {
      this.staleCheck = staleCheck;
      return this;
    }

    /** See {@link MigrateRequest#inPlace}. */
    public Builder inPlace(boolean inPlace) {
      this.inPlace = inPlace;
      return this;
    }

    /** See {@link MigrateRequest#estimateKeys}. */
    public Builder estimateKeys(boolean estimateKeys) {
      this.estimateKeys = estimateKeys;
      return this;
    }

    /** See {@link MigrateRequest#fromRecord}. */
    public Builder fromRecord(Optional<String> fromRecord) {
      this.fromRecord = fromRecord;
      return this;
    }

    /** See {@link MigrateRequest#skipUnreadable}. */
    public Builder skipUnreadable(boolean skipUnreadable) {
      this.skipUnreadable = skipUnreadable;
      return this;
    }

    /** The request. */
    public MigrateRequest build() {
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
          skipUnreadable);
    }
  }
}
