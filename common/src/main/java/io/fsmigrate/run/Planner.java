package io.fsmigrate.run;

import io.fsmigrate.branch.Branch;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.ParquetSource;
import io.fsmigrate.offline.SourceSnapshot;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Resolves a request against catalog, branches and source, and plans it. Writes nothing. */
public final class Planner {
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

  /** A run that is planned again. */
  private record Pinned(Plan plan, String runDirectory) {}

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
  public PreparedRun replan(String run, Plan earlier) {
    String directory = new Warehouse(catalog.warehouse()).directory(run);
    return plan(earlier.request(), Optional.of(new Pinned(earlier, directory)));
  }

  /** Plans the same with no online store, as it takes to know which rows it would accept. */
  PreparedRun replanOffline(String run, Plan earlier) {
    String directory = new Warehouse(catalog.warehouse()).directory(run);
    return plan(earlier.request().offline(), Optional.of(new Pinned(earlier, directory)));
  }

  private PreparedRun plan(MigrateRequest request, Optional<Pinned> again) {
    Optional<Plan> pinned = again.map(Pinned::plan);
    Address.Stored to = Address.parseTarget(request.target());
    catalog.group(to.group());
    Found found =
        pinned
            .map(plan -> new Found(plan.target().branchExists(), plan.target().current()))
            .orElseGet(() -> findTarget(to, request.createBranch()));
    VersionedGroup target = targetVersion(to, found.pointer());
    Source source = openSource(request, target, again);
    RegisteredPath path =
        RegisteredPath.find(
            catalog,
            request,
            new RegisteredPath.From(
                source.version(),
                source.definition(),
                source.rows().schema(),
                source.rows().decodings()),
            target);
    RowPipeline pipeline = path.compile(session);
    Masking masking = SensitiveColumns.of(catalog, path);
    List<InputUnit> units = UnitCut.of(source.rows(), pipeline, catalog.settings());
    List<OnlineStoreDefinition> stores =
        request.onlineStores().orElse(target.onlineStores()).stream()
            .distinct()
            .map(catalog::onlineStore)
            .toList();
    Places places =
        new PlacePlanner(catalog)
            .plan(
                stores,
                target,
                request.inPlace(),
                to.branch(),
                pinned.map(Plan::online).orElse(List.of()));
    ResolvedRequest resolved =
        new ResolvedRequest(
            request,
            source.rows(),
            source.version(),
            to.branch(),
            found.branchExists(),
            found.pointer(),
            target,
            path.migrations(),
            pipeline,
            units,
            places,
            masking);
    Plan plan = new PlanDescriber(catalog, session, clock).describe(resolved, pinned);
    return new PreparedRun(
        plan, session, source.rows(), pipeline, units, target, places.stores(), masking);
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

  private Source openSource(MigrateRequest request, VersionedGroup target, Optional<Pinned> again) {
    Optional<Plan> pinned = again.map(Pinned::plan);
    Address address = Address.parse(request.source());
    if (address instanceof Address.SageMaker group) {
      Optional<VersionedGroup> version =
          group.version().map(v -> catalog.version(target.group(), v));
      return new Source(
          new SageMakerSources(catalog, session)
              .open(group.group(), version, request.filterQuery(), again.map(Pinned::runDirectory)),
          group.version().orElse(FeatureVersion.RAW),
          version);
    }
    if (address instanceof Address.Raw raw) {
      OfflineSource rows =
          raw.format().equals("parquet")
              ? ParquetSource.open(session, raw.path(), request.skipUnreadable())
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
    TablePointer pointer = new ShownTables(branches).find(from);
    return new Source(
        DeltaSource.open(session, pointer.path(), Optional.of(pointer.version())),
        pointer.featureVersion(),
        Optional.of(catalog.version(from.group(), pointer.featureVersion())));
  }
}
