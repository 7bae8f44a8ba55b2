package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.TieRule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Plans to bring what a branch shows into online stores. Writes nothing, and reads nothing but the
 * branch and its table.
 */
public final class PublishPlanner {
  private final Catalog catalog;
  private final BranchStore branches;
  private final SparkSession session;
  private final Clock clock;

  /**
   * @param session see {@link RunSession}
   */
  public PublishPlanner(Catalog catalog, BranchStore branches, SparkSession session, Clock clock) {
    this.catalog = catalog;
    this.branches = branches;
    this.session = session;
    this.clock = clock;
  }

  /**
   * Plans a request from the state of things now.
   *
   * @throws io.fsmigrate.error.FsMigrateException when something in the request does not resolve, a
   *     store cannot take the records, or the table is not what the catalog defines
   */
  public PreparedPublication plan(PublishRequest request) {
    Address.Stored address = Address.parseTarget(request.source());
    catalog.group(address.group());
    return plan(request, address, new ShownTables(branches).find(address), List.of());
  }

  /** Plans a request again with the table that an earlier plan has. */
  public PreparedPublication replan(PublishPlan earlier) {
    return plan(
        earlier.request(),
        Address.parseTarget(earlier.request().source()),
        earlier.table(),
        earlier.online());
  }

  private PreparedPublication plan(
      PublishRequest request,
      Address.Stored address,
      TablePointer table,
      List<Plan.OnlineTarget> earlier) {
    VersionedGroup target = catalog.version(address.group(), table.featureVersion());
    DeltaSource source = DeltaSource.open(session, table.path(), Optional.of(table.version()));
    requireAsDefined(target, source.schema());
    List<OnlineStoreDefinition> stores =
        new LinkedHashSet<>(request.stores()).stream().map(catalog::onlineStore).toList();
    Places places =
        new PlacePlanner(catalog)
            .plan(stores, target, request.inPlace(), address.branch(), earlier);
    long rows = source.snapshot().rows().orElseThrow();
    Warehouse warehouse = new Warehouse(catalog.warehouse());
    List<Plan.OnlineTarget> online =
        new OnlineDescriber(
                catalog,
                session,
                new HistoryPhase(catalog, session, warehouse, clock),
                new StoreClearing(catalog, session, warehouse))
            .describe(
                new OnlineDescriber.Subject(
                    target,
                    places,
                    Optional.of(rows),
                    request.mode(),
                    request.staleCheck(),
                    Optional.of(source::readAll)),
                earlier);
    PublishPlan plan =
        new PublishPlan(
            PublishPlan.SCHEMA,
            clock.instant(),
            request,
            address.branch(),
            address.group(),
            table,
            rows,
            source.snapshot().bytes(),
            online,
            writes(warehouse, online),
            places.refusals(),
            fingerprint(request, target, table, online));
    return new PreparedPublication(plan, target, places.stores());
  }

  private static List<String> writes(Warehouse warehouse, List<Plan.OnlineTarget> online) {
    List<String> writes = new ArrayList<>(Plan.writes(online));
    writes.add("failed records, if any: " + warehouse.failedRecords("RUN"));
    writes.add("a line of the ledger, and the run's plan, progress and report");
    return writes;
  }

  private static Fingerprint fingerprint(
      PublishRequest request,
      VersionedGroup target,
      TablePointer table,
      List<Plan.OnlineTarget> online) {
    Map<String, String> parts = new TreeMap<>();
    parts.put("source", table.path() + "@v" + table.version());
    parts.put("definition", Fingerprint.text(target));
    parts.put("mode", request.mode().name());
    parts.put("in-place", Boolean.toString(request.inPlace()));
    parts.put("tie-rule", TieRule.VERSION);
    parts.put("online", Fingerprint.text(online));
    return Fingerprint.of(parts);
  }

  /** A definition that was changed under its number would give the stores other records. */
  static void requireAsDefined(VersionedGroup target, StructType table) {
    Map<String, String> defined = types(StructType.fromDDL(target.schema().ddl()));
    Map<String, String> there = types(table);
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(defined.keySet());
    names.addAll(there.keySet());
    for (String name : names) {
      String wanted = defined.getOrDefault(name, "nothing");
      String found = there.getOrDefault(name, "nothing");
      if (!wanted.equals(found)) {
        differences.add("%s is %s, not %s".formatted(name, found, wanted));
      }
    }
    if (!differences.isEmpty()) {
      throw RunErrors.tableNotAsDefined(target.address(), differences);
    }
  }

  private static Map<String, String> types(StructType schema) {
    Map<String, String> types = new TreeMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().catalogString());
    }
    return types;
  }
}
