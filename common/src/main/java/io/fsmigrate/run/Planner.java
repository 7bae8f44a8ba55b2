package io.fsmigrate.run;

import static org.apache.spark.sql.functions.approx_count_distinct;

import io.fsmigrate.branch.Branch;
import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.compat.SchemaDifferences;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.Digest;
import io.fsmigrate.offline.InputSlice;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.transform.PipelineCompiler;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Resolves a request against catalog, branches and source, and plans it. Writes nothing. */
public final class Planner {
  private static final int MAX_BUCKETS = 4096;

  private final Catalog catalog;
  private final BranchStore branches;
  private final SparkSession session;
  private final Clock clock;

  /**
   * @param session see {@link RunSession}
   */
  public Planner(Catalog catalog, BranchStore branches, SparkSession session, Clock clock) {
    this.catalog = catalog;
    this.branches = branches;
    this.session = session;
    this.clock = clock;
  }

  private record Source(
      OfflineSource rows, FeatureVersion version, Optional<VersionedGroup> definition) {}

  private record Found(boolean branchExists, Optional<TablePointer> pointer) {}

  /**
   * Plans a request from the state of things now.
   *
   * @throws io.fsmigrate.error.FsMigrateException when something in the request or the definitions
   *     does not resolve; what merely stands in the way is listed in the plan's refusals
   */
  public PreparedRun plan(MigrateRequest request) {
    return plan(request, Optional.empty());
  }

  /**
   * Plans a request again with source and target as an earlier plan has them, although their
   * branches may have moved since, the target's by the very run that is resumed.
   */
  public PreparedRun replan(Plan earlier) {
    return plan(earlier.request(), Optional.of(earlier));
  }

  private PreparedRun plan(MigrateRequest request, Optional<Plan> pinned) {
    Address.Stored to = Address.parseTarget(request.target());
    catalog.group(to.group());
    Found found =
        pinned
            .map(plan -> new Found(plan.target().branchExists(), plan.target().current()))
            .orElseGet(() -> findTarget(to, request.createBranch()));
    VersionedGroup target = targetVersion(to, found.pointer());
    Source source = openSource(Address.parse(request.source()), pinned);
    Optional<MigrationPath> path = findPath(source, target, request.via());
    if (path.isEmpty()) {
      requireDirect(request.source(), source, target);
    }
    RowPipeline pipeline =
        PipelineCompiler.compile(
            session,
            path.orElse(new MigrationPath(List.of())),
            target,
            request.filterQuery(),
            source.rows().schema(),
            path.isPresent() && !source.version().isRaw());
    List<InputUnit> units = cut(source.rows(), pipeline);
    List<OnlineStoreDefinition> stores =
        request.onlineStores().orElse(target.onlineStores()).stream()
            .map(catalog::onlineStore)
            .toList();
    Plan plan =
        describe(
            request,
            source,
            target,
            found,
            to,
            path.orElse(new MigrationPath(List.of())),
            pipeline,
            units,
            stores);
    return new PreparedRun(plan, session, source.rows(), pipeline, units, target, stores);
  }

  private Found findTarget(Address.Stored to, boolean createBranch) {
    Optional<Branch> branch = branches.find(to.branch());
    if (branch.isEmpty()) {
      if (!createBranch) {
        throw RunErrors.unknownBranch(
            to.branch(), branches.list().stream().map(Branch::name).toList(), true);
      }
      BranchStore.requireValidName(to.branch());
      return new Found(false, Optional.empty());
    }
    return new Found(true, branches.head(to.branch()).map(head -> head.tables().get(to.group())));
  }

  private VersionedGroup targetVersion(Address.Stored to, Optional<TablePointer> pointer) {
    FeatureVersion version =
        to.version()
            .or(() -> pointer.map(TablePointer::featureVersion))
            .orElseThrow(
                () ->
                    RunErrors.versionNeeded(
                        to.group(),
                        catalog.group(to.group()).versions().keySet().stream()
                            .map(FeatureVersion::text)
                            .toList()));
    return catalog.version(to.group(), version);
  }

  private Source openSource(Address address, Optional<Plan> pinned) {
    if (address instanceof Address.Raw raw) {
      OfflineSource rows =
          raw.format().equals("parquet")
              ? ParquetSource.open(session, raw.path())
              : DeltaSource.open(
                  session, raw.path(), pinned.flatMap(plan -> plan.source().version()));
      return new Source(rows, FeatureVersion.RAW, Optional.empty());
    }
    Address.Stored from = (Address.Stored) address;
    catalog.group(from.group());
    if (pinned.isPresent()) {
      SourceSnapshot snapshot = pinned.get().source();
      FeatureVersion version = new FeatureVersion(pinned.get().sourceVersion());
      return new Source(
          DeltaSource.open(session, snapshot.location(), snapshot.version()),
          version,
          Optional.of(catalog.version(from.group(), version)));
    }
    TablePointer pointer = sourcePointer(from);
    return new Source(
        DeltaSource.open(session, pointer.path(), Optional.of(pointer.version())),
        pointer.featureVersion(),
        Optional.of(catalog.version(from.group(), pointer.featureVersion())));
  }

  private TablePointer sourcePointer(Address.Stored from) {
    if (branches.find(from.branch()).isEmpty()) {
      throw RunErrors.unknownBranch(
          from.branch(), branches.list().stream().map(Branch::name).toList(), false);
    }
    Map<String, TablePointer> tables =
        branches.head(from.branch()).map(BranchCommit::tables).orElse(Map.of());
    TablePointer pointer = tables.get(from.group());
    if (pointer == null) {
      throw RunErrors.nothingOnBranch(
          from.branch(), from.group(), List.copyOf(new TreeMap<>(tables).keySet()));
    }
    if (from.version().isPresent() && !from.version().get().equals(pointer.featureVersion())) {
      throw RunErrors.otherVersionOnBranch(
          from.branch(),
          from.group(),
          from.version().get().text(),
          pointer.featureVersion().text());
    }
    return pointer;
  }

  /** Empty where the migration is direct. */
  private Optional<MigrationPath> findPath(Source source, VersionedGroup target, List<String> via) {
    boolean sameGroup = source.definition().map(d -> d.group().equals(target.group())).orElse(true);
    if (!sameGroup) {
      return Optional.empty();
    }
    if (!via.isEmpty()) {
      return Optional.of(
          catalog
              .migrations()
              .path(
                  target.group(),
                  source.version(),
                  target.version(),
                  via.stream().map(FeatureVersion::new).toList()));
    }
    return catalog
        .migrations()
        .findPath(target.group(), source.version(), target.version())
        .filter(path -> !path.isEmpty());
  }

  private static void requireDirect(String name, Source source, VersionedGroup target) {
    SchemaDifferences differences =
        source
            .definition()
            .map(definition -> SchemaDifferences.between(definition, target))
            .orElseGet(() -> SchemaDifferences.between(features(source.rows().schema()), target));
    differences.requireNone(name, target.address());
  }

  private static FeatureSchema features(StructType schema) {
    List<Feature> features = new ArrayList<>();
    for (StructField field : schema.fields()) {
      features.add(new Feature(field.name(), new FeatureType(field.dataType().catalogString())));
    }
    return new FeatureSchema(features);
  }

  private List<InputUnit> cut(OfflineSource source, RowPipeline pipeline) {
    RunSettings settings = catalog.settings();
    return pipeline.notRowLocal().isPresent()
        ? UnitPacking.single(source.slices())
        : new UnitPacking(settings.unitBytes(), settings.minUnits()).pack(source.slices());
  }

  private Plan describe(
      MigrateRequest request,
      Source source,
      VersionedGroup target,
      Found found,
      Address.Stored to,
      MigrationPath path,
      RowPipeline pipeline,
      List<InputUnit> units,
      List<OnlineStoreDefinition> stores) {
    SourceSnapshot snapshot = source.rows().snapshot();
    Optional<Long> currentRows =
        found
            .pointer()
            .flatMap(
                p ->
                    DeltaSource.open(session, p.path(), Optional.of(p.version()))
                        .snapshot()
                        .rows());
    Plan.Strategy strategy = strategy(request.mode(), target, found.pointer(), currentRows);
    Plan.Target planTarget =
        new Plan.Target(
            to.branch(),
            target.group(),
            target.version().text(),
            found.branchExists(),
            found.pointer(),
            currentRows,
            strategy);
    long records =
        snapshot.rows().orElse(0L)
            + (strategy == Plan.Strategy.APPEND_TO_CLONE ? currentRows.orElse(0L) : 0L);
    List<Plan.OnlineTarget> online =
        stores.stream()
            .map(store -> new Plan.OnlineTarget(store.name(), store.type(), buckets(records)))
            .toList();
    Plan.Units cut =
        new Plan.Units(
            units.size(),
            pipeline
                .notRowLocal()
                .map(why -> "one unit, since the migration is not row-local: " + why)
                .orElse("groups of data files, or row groups of one, by size"));
    return new Plan(
        Plan.SCHEMA,
        clock.instant(),
        request,
        snapshot,
        source.version().text(),
        planTarget,
        path.migrations().stream()
            .map(m -> new Plan.PathStep(m.id(), m.description(), m.checksum()))
            .toList(),
        columns(source.rows().schema()),
        target.schema().features().stream().map(f -> f.name() + " " + f.type()).toList(),
        pipeline.leftOut(),
        contract(target),
        cut,
        snapshot.rows(),
        snapshot.bytes(),
        request.estimateKeys() ? Optional.of(estimate(source, pipeline, target)) : Optional.empty(),
        online,
        writes(planTarget, online),
        warnings(source, snapshot, pipeline, path, planTarget, found),
        refusals(request, planTarget, stores, target),
        fingerprint(request, snapshot, path, target, planTarget, units, online));
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

  private int buckets(long records) {
    long wanted = records / Math.max(1, catalog.settings().onlineBucketRows()) + 1;
    return (int) Math.min(MAX_BUCKETS, wanted);
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

  private long estimate(Source source, RowPipeline pipeline, VersionedGroup target) {
    List<InputSlice> all = source.rows().slices();
    return pipeline
        .accepted(source.rows().read(UnitPacking.single(all).get(0)), "estimate")
        .agg(approx_count_distinct(functions.col("`" + target.recordIdentifier() + "`")))
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
    online.forEach(
        store ->
            writes.add(
                "online store %s (%s): the newest record per record identifier"
                    .formatted(store.store(), store.type())));
    writes.add("failed records, if any: " + warehouse.failedRecords("RUN"));
    writes.add("a line of the ledger, and the run's plan, progress and report");
    return writes;
  }

  private static List<String> warnings(
      Source source,
      SourceSnapshot snapshot,
      RowPipeline pipeline,
      MigrationPath path,
      Plan.Target target,
      Found found) {
    List<String> warnings = new ArrayList<>();
    if (!pipeline.leftOut().isEmpty()) {
      warnings.add(
          "columns of the source that no feature takes: " + String.join(", ", pipeline.leftOut()));
    }
    if (snapshot.rows().isEmpty()) {
      warnings.add("rows of the source are unknown: some of its files have no statistics");
    }
    if (path.migrations().stream().anyMatch(Migration::isReverse)) {
      warnings.add("the migration path leads to a lower version");
    }
    if (target.strategy() == Plan.Strategy.REPLACE_TABLE) {
      warnings.add(
          "branch %s will no longer show %s@%s with %s rows; the table stays"
              .formatted(
                  target.branch(),
                  target.group(),
                  found.pointer().orElseThrow().featureVersion(),
                  target.currentRows().map(Object::toString).orElse("an unknown number of")));
    }
    if (source.version().isRaw() && path.isEmpty()) {
      warnings.add("no migration from raw is registered; columns are taken by their names");
    }
    return warnings;
  }

  private List<String> refusals(
      MigrateRequest request,
      Plan.Target target,
      List<OnlineStoreDefinition> stores,
      VersionedGroup group) {
    List<String> refusals = new ArrayList<>();
    if (request.filterQuery().isPresent()
        && target.strategy() == Plan.Strategy.REPLACE_TABLE
        && !request.allowPartial()) {
      refusals.add(
          "%s: with --filter-query rows that readers of the branch see now would disappear; add --allow-partial if that is meant"
              .formatted(target.address()));
    }
    for (OnlineStoreDefinition store : stores) {
      OnlineStores.of(store).check(group, !RunSession.isLocal(session));
    }
    return refusals;
  }

  private static Fingerprint fingerprint(
      MigrateRequest request,
      SourceSnapshot snapshot,
      MigrationPath path,
      VersionedGroup target,
      Plan.Target planTarget,
      List<InputUnit> units,
      List<Plan.OnlineTarget> online) {
    Map<String, String> parts = new TreeMap<>();
    parts.put("source", snapshot.location() + " " + snapshot.digest());
    parts.put(
        "migrations",
        String.join(
            " ", path.migrations().stream().map(m -> m.id() + "=" + m.checksum()).toList()));
    parts.put(
        "definition",
        "%s|%s|%s|%s"
            .formatted(
                target.address(),
                target.schema().ddl(),
                target.recordIdentifier(),
                target.eventTime()));
    parts.put("contract", String.join("\n", contract(target)));
    parts.put("filter", request.filterQuery().map(String::strip).orElse(""));
    parts.put("mode", planTarget.strategy().name());
    parts.put("tie-rule", TieRule.VERSION);
    Digest cut = new Digest();
    for (InputUnit unit : units) {
      cut.add(unit.id());
      unit.slices().forEach(s -> cut.add(s.path() + "[" + s.start() + "+" + s.length() + "]"));
    }
    parts.put("units", cut.hex());
    parts.put(
        "online", String.join(" ", online.stream().map(o -> o.store() + "/" + o.units()).toList()));
    parts.put(
        "target",
        planTarget
            .current()
            .map(p -> "%s@v%d %s".formatted(p.path(), p.version(), p.featureVersion()))
            .orElse("none"));
    return Fingerprint.of(parts);
  }
}
