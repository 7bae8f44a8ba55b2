package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.transform.RowFates;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.TieRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Plans to try the failed records of a run again. Writes nothing, and reads nothing but them: not
 * the source, nor the rows of the target.
 */
public final class RetryPlanner {
  private final RunEnvironment environment;
  private final BranchStore branches;

  /** Plans are made with what is handed over here. */
  public RetryPlanner(RunEnvironment environment, BranchStore branches) {
    this.environment = environment;
    this.branches = branches;
  }

  /** What the records are tried against. */
  private record Against(RetryChain chain, TablePointer table, List<Plan.OnlineTarget> online) {}

  /**
   * Plans a request from the state of things now.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_RUN, RETRY_RUN_NOT_ENDED,
   *     RETRY_OF_OTHER_COMMAND, RETRY_VERSION_MOVED, or when the definitions of now do not resolve
   */
  public PreparedRetry plan(RetryRequest request) {
    RetryChain chain = RetryChain.of(environment.ledger(), request.run());
    RetriedRun retried = retried(chain);
    TablePointer shown =
        new ShownTables(branches)
            .find(new Address.Stored(retried.branch(), retried.group(), Optional.empty()));
    if (!shown.featureVersion().equals(retried.version())) {
      throw RetryErrors.versionMoved(
          chain.run(),
          retried.branch(),
          retried.group(),
          retried.version(),
          shown.featureVersion());
    }
    return plan(request, retried, new Against(chain, shown, List.of()));
  }

  /** Plans a request again with the records and the table that an earlier plan has. */
  public PreparedRetry replan(RetryPlan earlier) {
    RetryChain chain = new RetryChain(earlier.run(), earlier.retries());
    return plan(
        earlier.request(), retried(chain), new Against(chain, earlier.table(), earlier.online()));
  }

  private RetriedRun retried(RetryChain chain) {
    RunRecord record =
        environment.ledger().find(chain.run()).orElseThrow(() -> RunErrors.unknownRun(chain.run()));
    return RetriedRun.of(record, new RunLifecycle(environment));
  }

  private PreparedRetry plan(RetryRequest request, RetriedRun retried, Against against) {
    VersionedGroup target = environment.catalog().version(retried.group(), retried.version());
    PublishPlanner.requireAsDefined(
        target,
        DeltaSource.open(
                environment.session(),
                against.table().path(),
                Optional.of(against.table().version()))
            .schema());
    Optional<Dataset<Row>> open =
        new OpenRecords(
                environment.session(),
                environment.warehouse(),
                environment.catalog().settings().failedRecordsKey())
            .of(against.chain());
    Map<String, Long> taken = new TreeMap<>();
    long all = 0;
    long hidden = 0;
    if (open.isPresent()) {
      Dataset<Row> kinds = open.get().withColumn("hidden", col("original").isNull());
      for (Row row : kinds.groupBy("store", "retryable", "hidden").count().collectAsList()) {
        long records = row.getLong(3);
        all += records;
        if (row.getBoolean(2)) {
          hidden += records;
        } else if (request.all() || row.getBoolean(1)) {
          taken.merge(row.getString(0), records, Long::sum);
        }
      }
    }
    Optional<RegisteredPath> path =
        taken.containsKey(OfflinePhase.STORE)
            ? Optional.of(retried.path(environment, target))
            : Optional.empty();
    Optional<RowPipeline> pipeline = path.map(p -> p.compile(environment.session()));
    Places places = places(retried, target, taken, against);
    List<Plan.OnlineTarget> online = online(target, places, taken, retried, against);
    RetryPlan plan =
        new RetryPlan(
            RetryPlan.SCHEMA,
            environment.clock().instant(),
            request,
            against.chain().run(),
            against.chain().retries(),
            retried.branch(),
            retried.group(),
            against.table(),
            all,
            taken,
            path.map(p -> RetriedRun.steps(p.migrations().migrations())).orElse(List.of()),
            online,
            retried.staleCheck(),
            writes(target, online, taken),
            warnings(retried, taken, all, hidden),
            refusals(places, pipeline),
            fingerprint(request, target, path, against, online));
    return new PreparedRetry(
        plan,
        target,
        open.map(o -> o.where(col("original").isNotNull()))
            .map(o -> request.all() ? o : o.where(col("retryable"))),
        pipeline.map(
            p -> new RowFates(environment.session(), p, retried.changed(path.orElseThrow()))),
        places.stores(),
        path.map(p -> SensitiveColumns.of(environment.catalog(), p))
            .orElseGet(() -> Masking.of(target)));
  }

  /** All stores of the run where rows may enter the target, else those that refused a record. */
  private Places places(
      RetriedRun retried, VersionedGroup target, Map<String, Long> taken, Against against) {
    Set<String> names = new LinkedHashSet<>();
    for (Plan.OnlineTarget store : retried.online()) {
      if (taken.containsKey(OfflinePhase.STORE) || taken.containsKey(store.store())) {
        names.add(store.store());
      }
    }
    taken.keySet().stream().filter(name -> !name.equals(OfflinePhase.STORE)).forEach(names::add);
    List<OnlineStoreDefinition> stores =
        names.stream()
            .map(environment.catalog()::onlineStore)
            .filter(HistoryPhase::servesRecords)
            .toList();
    return new PlacePlanner(environment.catalog())
        .plan(
            stores,
            target,
            retried.inPlace(),
            retried.branch(),
            against.online().isEmpty() ? retried.online() : against.online());
  }

  private List<Plan.OnlineTarget> online(
      VersionedGroup target,
      Places places,
      Map<String, Long> taken,
      RetriedRun retried,
      Against against) {
    long most = taken.values().stream().mapToLong(Long::longValue).sum();
    return new OnlineDescriber(
            environment.catalog(),
            environment.session(),
            new HistoryPhase(
                environment.catalog(),
                environment.session(),
                environment.warehouse(),
                environment.clock()),
            new StoreClearing(
                environment.catalog(), environment.session(), environment.warehouse()))
        .describe(
            new OnlineDescriber.Subject(
                target,
                places,
                Optional.of(most),
                WriteMode.APPEND,
                retried.staleCheck(),
                Optional.empty()),
            against.online());
  }

  private List<String> writes(
      VersionedGroup target, List<Plan.OnlineTarget> online, Map<String, Long> taken) {
    Warehouse warehouse = environment.warehouse();
    List<String> writes = new ArrayList<>();
    if (taken.containsKey(OfflinePhase.STORE)) {
      writes.add(
          "where rows are to be added, a shallow clone of what the branch shows, with them: "
              + warehouse.table(target.group(), target.version().text(), "RUN"));
      writes.add("and one commit that moves the branch there");
    }
    for (Plan.OnlineTarget store : online) {
      writes.add(
          "online store %s (%s): the records that are tried, into %s"
              .formatted(store.store(), store.type(), store.place()));
    }
    writes.add("records that fail again, if any: " + warehouse.failedRecords("RUN"));
    writes.add("what became of each: " + warehouse.settledRecords("RUN"));
    writes.add("a line of the ledger, and the run's plan, progress and report");
    return writes;
  }

  private static List<String> warnings(
      RetriedRun retried, Map<String, Long> taken, long open, long hidden) {
    List<String> warnings = new ArrayList<>();
    if (hidden > 0) {
      warnings.add(
          "%d failed records cannot be retried: their sensitive values are masked, and not sealed by the run.failed-records-key of now; give the key that they were sealed by, or migrate again"
              .formatted(hidden));
    }
    long others = open - hidden - taken.values().stream().mapToLong(Long::longValue).sum();
    if (others > 0) {
      warnings.add(
          "%d failed records are left alone, since trying them again cannot help unless something was corrected; --all takes them as well"
              .formatted(others));
    }
    if (taken.containsKey(OfflinePhase.STORE)) {
      retried.online().stream()
          .filter(Plan.OnlineTarget::history)
          .forEach(
              store ->
                  warnings.add(
                      "the offline store behind %s does not get the rows that enter; publish --to %s adds them"
                          .formatted(store.store(), store.store())));
    }
    return warnings;
  }

  private static List<String> refusals(Places places, Optional<RowPipeline> pipeline) {
    List<String> refusals = new ArrayList<>(places.refusals());
    pipeline
        .flatMap(RowPipeline::notRowLocal)
        .ifPresent(
            why ->
                refusals.add(
                    "rows that failed cannot be migrated without the others, since the migration is not row-local: %s; migrate again"
                        .formatted(why)));
    return refusals;
  }

  private static Fingerprint fingerprint(
      RetryRequest request,
      VersionedGroup target,
      Optional<RegisteredPath> path,
      Against against,
      List<Plan.OnlineTarget> online) {
    Map<String, String> parts = new TreeMap<>();
    parts.put("records", String.join(" ", against.chain().runs()) + " all=" + request.all());
    parts.put(
        "target",
        "%s@v%d %s"
            .formatted(
                against.table().path(),
                against.table().version(),
                against.table().featureVersion()));
    parts.put("definition", Fingerprint.text(target));
    if (path.isPresent()) {
      parts.put(
          "migrations",
          String.join(
              " ",
              path.get().migrations().migrations().stream()
                  .map(m -> m.id() + "=" + m.checksum())
                  .toList()));
      parts.put(
          "contract",
          String.join(
              "\n", target.rules().stream().map(r -> r.name() + ": " + r.expression()).toList()));
      parts.put("filter", path.get().filterQuery().map(String::strip).orElse(""));
    }
    parts.put("tie-rule", TieRule.VERSION);
    parts.put("online", Fingerprint.text(online));
    return Fingerprint.of(parts);
  }
}
