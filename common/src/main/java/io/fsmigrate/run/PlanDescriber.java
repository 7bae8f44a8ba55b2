package io.fsmigrate.run;

import static org.apache.spark.sql.functions.approx_count_distinct;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.Digest;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.online.TieRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Says what a resolved request would do: the plan with its warnings, refusals and fingerprint. */
final class PlanDescriber {
  private final Catalog catalog;
  private final SparkSession session;
  private final Clock clock;

  PlanDescriber(Catalog catalog, SparkSession session, Clock clock) {
    this.catalog = catalog;
    this.session = session;
    this.clock = clock;
  }

  /**
   * The plan.
   *
   * @param earlier plan of the same run, whose decisions about online stores hold: preparing a
   *     store changes what they would rest on now
   */
  Plan describe(ResolvedRequest resolved, Optional<Plan> earlier) {
    MigrateRequest request = resolved.request();
    VersionedGroup group = resolved.target();
    SourceSnapshot snapshot = resolved.source().snapshot();
    Plan.Target target = target(resolved);
    Warehouse warehouse = new Warehouse(catalog.warehouse());
    List<Plan.OnlineTarget> online =
        new OnlineDescriber(
                catalog,
                session,
                new HistoryPhase(catalog, session, warehouse, clock),
                new StoreClearing(catalog, session, warehouse))
            .describe(served(resolved, target), earlier.map(Plan::online).orElse(List.of()));
    return new Plan(
        Plan.SCHEMA,
        clock.instant(),
        request,
        snapshot,
        resolved.sourceVersion().text(),
        target,
        resolved.path().migrations().stream()
            .map(m -> new Plan.PathStep(m.id(), m.description(), m.checksum()))
            .toList(),
        columns(resolved.source().schema()),
        group.schema().features().stream().map(f -> f.name() + " " + f.type()).toList(),
        resolved.pipeline().leftOut(),
        contract(group),
        units(resolved),
        resolved.source().strategy(),
        snapshot.rows(),
        snapshot.bytes(),
        request.estimateKeys() ? Optional.of(estimate(resolved)) : Optional.empty(),
        online,
        writes(target, online),
        warnings(resolved, target),
        refusals(resolved, target),
        fingerprint(resolved, target, online));
  }

  private static OnlineDescriber.Subject served(ResolvedRequest resolved, Plan.Target target) {
    long kept =
        target.strategy() == Plan.Strategy.APPEND_TO_CLONE ? target.currentRows().orElse(0L) : 0;
    OfflineSource source = resolved.source();
    return new OnlineDescriber.Subject(
        resolved.target(),
        resolved.places(),
        source.snapshot().rows().map(rows -> rows + kept),
        resolved.request().mode(),
        resolved.request().staleCheck(),
        source.isStaged()
            ? Optional.of(
                () ->
                    resolved
                        .pipeline()
                        .accepted(source.read(UnitPacking.single(source.slices()).get(0)), "stale"))
            : Optional.empty());
  }

  private Plan.Target target(ResolvedRequest resolved) {
    Optional<TablePointer> current = resolved.current();
    Optional<Long> currentRows =
        current.flatMap(
            p -> DeltaSource.open(session, p.path(), Optional.of(p.version())).snapshot().rows());
    return new Plan.Target(
        resolved.branch(),
        resolved.target().group(),
        resolved.target().version().text(),
        resolved.branchExists(),
        current,
        currentRows,
        strategy(resolved.request().mode(), resolved.target(), current, currentRows));
  }

  private static Plan.Units units(ResolvedRequest resolved) {
    if (!resolved.source().isStaged()) {
      return new Plan.Units(0, "known when the run has brought the rows together");
    }
    return new Plan.Units(
        resolved.units().size(),
        resolved
            .pipeline()
            .notRowLocal()
            .map(why -> "one unit, since the migration is not row-local: " + why)
            .orElse("data files, or row groups of them, by size"));
  }

  private static Plan.Strategy strategy(
      WriteMode mode,
      VersionedGroup target,
      Optional<TablePointer> pointer,
      Optional<Long> currentRows) {
    if (pointer.isEmpty() || currentRows.equals(Optional.of(0L))) {
      return Plan.Strategy.NEW_TABLE;
    }
    boolean sameVersion = pointer.get().featureVersion().equals(target.version());
    return sameVersion && mode == WriteMode.APPEND
        ? Plan.Strategy.APPEND_TO_CLONE
        : Plan.Strategy.REPLACE_TABLE;
  }

  private static List<String> columns(StructType schema) {
    return Stream.of(schema.fields())
        .map(field -> field.name() + " " + field.dataType().catalogString())
        .toList();
  }

  private static List<String> contract(VersionedGroup target) {
    List<String> lines = new ArrayList<>();
    lines.add("record identifier %s is never null".formatted(target.recordIdentifier()));
    lines.add("event time %s is never null".formatted(target.eventTime()));
    target.rules().forEach(rule -> lines.add(rule.name() + ": " + rule.expression().strip()));
    return lines;
  }

  private long estimate(ResolvedRequest resolved) {
    InputUnit all = UnitPacking.single(resolved.source().slices()).get(0);
    return resolved
        .pipeline()
        .accepted(resolved.source().read(all), "estimate")
        .agg(approx_count_distinct(functions.col("`" + resolved.target().recordIdentifier() + "`")))
        .first()
        .getLong(0);
  }

  private List<String> writes(Plan.Target target, List<Plan.OnlineTarget> online) {
    Warehouse warehouse = new Warehouse(catalog.warehouse());
    List<String> writes = new ArrayList<>();
    writes.add(
        "a Delta table of the run: " + warehouse.table(target.group(), target.version(), "RUN"));
    writes.add(
        "one commit on branch %s%s"
            .formatted(target.branch(), target.branchExists() ? "" : ", which it creates"));
    writes.addAll(Plan.writes(online));
    writes.add("failed records, if any: " + warehouse.failedRecords("RUN"));
    writes.add("a line of the ledger, and the run's plan, progress and report");
    return writes;
  }

  private List<String> warnings(ResolvedRequest resolved, Plan.Target target) {
    List<String> warnings = new ArrayList<>();
    if (!resolved.pipeline().leftOut().isEmpty()) {
      warnings.add(
          "columns of the source that no feature takes: "
              + String.join(", ", resolved.pipeline().leftOut()));
    }
    warnings.addAll(resolved.source().warnings());
    resolved
        .source()
        .unreadableFiles()
        .forEach(file -> warnings.add("left out because it cannot be read: " + file));
    if (resolved.masking().isNeeded() && catalog.settings().failedRecordsKey().isEmpty()) {
      warnings.add(
          "values of sensitive features are masked in failed records and kept nowhere, so these cannot be retried; run.failed-records-key keeps them sealed");
    }
    if (resolved.source().isStaged() && resolved.source().snapshot().rows().isEmpty()) {
      warnings.add("rows of the source are unknown: some of its files have no statistics");
    }
    if (resolved.path().migrations().stream().anyMatch(Migration::isReverse)) {
      warnings.add("the migration path leads to a lower version");
    }
    if (target.strategy() == Plan.Strategy.REPLACE_TABLE) {
      warnings.add(
          "branch %s will no longer show %s@%s with %s rows; the table stays"
              .formatted(
                  target.branch(),
                  target.group(),
                  target.current().orElseThrow().featureVersion(),
                  target.currentRows().map(Object::toString).orElse("an unknown number of")));
    }
    if (resolved.sourceVersion().isRaw() && resolved.path().isEmpty()) {
      warnings.add("no migration from raw is registered; columns are taken by their names");
    }
    return warnings;
  }

  private List<String> refusals(ResolvedRequest resolved, Plan.Target target) {
    MigrateRequest request = resolved.request();
    List<String> refusals = new ArrayList<>(resolved.places().refusals());
    if (request.isLimited()
        && target.strategy() == Plan.Strategy.REPLACE_TABLE
        && !request.allowPartial()) {
      refusals.add(
          "%s: with %s rows that readers of the branch see now would disappear; add --allow-partial if that is meant"
              .formatted(
                  target.address(),
                  request.filterQuery().isPresent()
                      ? "--filter-query"
                      : request.fromRecord().isPresent() ? "record:ID" : "--skip-unreadable"));
    }
    return refusals;
  }

  private static Fingerprint fingerprint(
      ResolvedRequest resolved, Plan.Target planTarget, List<Plan.OnlineTarget> online) {
    SourceSnapshot snapshot = resolved.source().snapshot();
    VersionedGroup target = resolved.target();
    Map<String, String> parts = new TreeMap<>();
    parts.put("source", snapshot.location() + " " + snapshot.digest());
    parts.put(
        "migrations",
        String.join(
            " ",
            resolved.path().migrations().stream().map(m -> m.id() + "=" + m.checksum()).toList()));
    parts.put("definition", Fingerprint.text(target));
    parts.put("contract", String.join("\n", contract(target)));
    parts.put("filter", resolved.request().filterQuery().map(String::strip).orElse(""));
    resolved.request().fromRecord().ifPresent(record -> parts.put("from record", record));
    if (resolved.request().skipUnreadable()) {
      parts.put("unreadable", "skipped");
    }
    parts.put("mode", planTarget.strategy().name());
    parts.put("tie-rule", TieRule.VERSION);
    Digest cut = new Digest();
    for (InputUnit unit : resolved.units()) {
      cut.add(unit.id());
      unit.slices().forEach(s -> cut.add(s.path() + "[" + s.start() + "+" + s.length() + "]"));
    }
    parts.put("units", cut.hex());
    parts.put("online", Fingerprint.text(online));
    parts.put("in-place", Boolean.toString(resolved.request().inPlace()));
    parts.put(
        "target",
        planTarget
            .current()
            .map(p -> "%s@v%d %s".formatted(p.path(), p.version(), p.featureVersion()))
            .orElse("none"));
    return Fingerprint.of(parts);
  }
}
