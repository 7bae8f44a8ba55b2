package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.sagemaker.WriteEstimate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run would do, before it does it. Saved as JSON, it can be approved and then run exactly.
 *
 * @param schema names this document's form
 * @param sourceVersion the source's feature version, {@code raw} for a bare source
 * @param path the migrations in order; empty for a direct migration
 * @param schemaBefore the source's columns, {@code name type}
 * @param schemaAfter the target's features, {@code name type}
 * @param leftOut source columns that no feature of the target takes
 * @param contract what a row must satisfy
 * @param units how the work is cut
 * @param sourceStrategy which of several ways the source is read, and why so
 * @param rows rows of the source by its statistics; empty where a file has none
 * @param bytes bytes of the source's data files
 * @param distinctRecords an estimate, where one was asked for
 * @param writes what would be written where
 * @param refusals why the run would be refused; empty when it can run
 */
public record Plan(
    String schema,
    Instant createdAt,
    MigrateRequest request,
    SourceSnapshot source,
    String sourceVersion,
    Target target,
    List<PathStep> path,
    List<String> schemaBefore,
    List<String> schemaAfter,
    List<String> leftOut,
    List<String> contract,
    Units units,
    Optional<String> sourceStrategy,
    Optional<Long> rows,
    long bytes,
    Optional<Long> distinctRecords,
    List<OnlineTarget> online,
    List<String> writes,
    List<String> warnings,
    List<String> refusals,
    Fingerprint fingerprint) {
  /** The form of this document. */
  public static final String SCHEMA = "fs-migrate/plan/1";

  /**
   * Where the rows go.
   *
   * @param branchExists whether the branch is there
   * @param current what the branch shows for the group now
   * @param currentRows rows in it, by statistics
   * @param strategy what happens to them
   */
  public record Target(
      String branch,
      String group,
      String version,
      boolean branchExists,
      Optional<TablePointer> current,
      Optional<Long> currentRows,
      Strategy strategy) {
    /** {@code branch:group@version}. */
    public String address() {
      return branch + ":" + group + "@" + version;
    }
  }

  /** How the target's table comes to be. */
  public enum Strategy {
    /** A new table; the branch shows nothing of the group yet, or an empty table. */
    NEW_TABLE,
    /** A new table; what the branch shows now goes out of sight. */
    REPLACE_TABLE,
    /** A shallow clone of the table that the branch shows, plus the rows that it lacks. */
    APPEND_TO_CLONE
  }

  /**
   * One migration of the path.
   *
   * @param checksum of what it does
   */
  public record PathStep(String id, String description, String checksum) {}

  /**
   * How the work is cut.
   *
   * @param reason why so
   */
  public record Units(int count, String reason) {}

  /**
   * One online store.
   *
   * @param units hash buckets of the record identifier; 0 where only history is written
   * @param history whether the offline store of the feature group behind it takes all rows
   * @param place where the records go, as readers name it; see {@link OnlineStore#place}
   * @param inPlaceOf the version that the place is named after, where that is not the target's
   * @param served what the store serves now; empty where it serves nothing yet, or has no pointer
   * @param strategy how records are written, and why so, decided before the store was prepared
   * @param clears what goes before the first record is written; empty where nothing does
   * @param estimate what it would take, where the store charges for it
   * @param stale how records of the source compare with those that are stored, where that was asked
   *     for; of a hundredth of them with {@code --stale-check sample}
   */
  public record OnlineTarget(
      String store,
      String type,
      int units,
      boolean history,
      String place,
      Optional<String> inPlaceOf,
      Optional<Served> served,
      WriteStrategy strategy,
      Optional<Clearing> clears,
      Optional<WriteEstimate> estimate,
      Optional<StaleCounts> stale) {
    /** The same where it goes to another place. */
    OnlineTarget at(String newPlace) {
      return new OnlineTarget(
          store, type, units, history, newPlace, inPlaceOf, served, strategy, clears, estimate,
          stale);
    }
  }

  /**
   * The emptying of a target.
   *
   * @param records those there are now; empty where nobody tells
   * @param fromHistory whether the store itself does not tell them, and those go that its offline
   *     store has: there are at most so many, and others stay
   */
  public record Clearing(Optional<Long> records, boolean fromHistory) {
    private String words(String store) {
      return fromHistory
          ? "the records of online store %s that its offline store knows (%s)"
              .formatted(store, records.isPresent() ? "at most " + count(records) : "uncounted")
          : "%s records of online store %s".formatted(count(records), store);
    }
  }

  /** What readers see now and will no longer see, in words; empty where nothing goes. */
  public List<String> clears() {
    List<String> clears = new ArrayList<>();
    if (request.mode() != WriteMode.REPLACE) {
      return clears;
    }
    if (target.strategy() == Strategy.REPLACE_TABLE) {
      clears.add(
          "%s rows of %s@%s on branch %s (the table stays)"
              .formatted(
                  count(target.currentRows()),
                  target.group(),
                  target.current().orElseThrow().featureVersion(),
                  target.branch()));
    }
    clears.addAll(clears(online));
    return clears;
  }

  /** The same of online stores alone. */
  static List<String> clears(List<OnlineTarget> online) {
    List<String> clears = new ArrayList<>();
    for (OnlineTarget store : online) {
      store
          .clears()
          .filter(clearing -> !clearing.records().equals(Optional.of(0L)))
          .ifPresent(clearing -> clears.add(clearing.words(store.store())));
    }
    return clears;
  }

  /** What would be written to online stores, in words. */
  static List<String> writes(List<OnlineTarget> online) {
    List<String> writes = new ArrayList<>();
    for (OnlineTarget store : online) {
      if (store.clears().isPresent()) {
        writes.add(
            "online store %s: emptied before the first record is written".formatted(store.store()));
      }
      if (store.units() > 0) {
        writes.add(
            "online store %s (%s): the newest record per record identifier, into %s%s"
                .formatted(
                    store.store(),
                    store.type(),
                    store.place(),
                    store
                        .inPlaceOf()
                        .map(version -> " in place of version " + version)
                        .orElse("")));
      }
      if (store.history()) {
        writes.add(
            "offline store behind %s: the rows that it does not have, in bulk; none is removed"
                .formatted(store.store()));
      }
    }
    return writes;
  }

  private static String count(Optional<Long> number) {
    return number.map(n -> String.format(Locale.ROOT, "%,d", n)).orElse("an unknown number of");
  }
}
