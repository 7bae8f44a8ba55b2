package io.fsmigrate.run;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.max;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordKey;
import io.fsmigrate.online.Served;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.online.sagemaker.SageMakerOnlineStore;
import io.fsmigrate.sagemaker.WriteEstimate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Says what a resolved request would do to its online stores. Writes nothing. */
final class OnlineDescriber {
  private static final int MAX_BUCKETS = 4096;

  /** Where a source does not tell how many rows it has: few enough for small ones. */
  private static final int BUCKETS_OF_UNKNOWN = 64;

  /** Records of which one is looked up by {@link StaleCheck#SAMPLE}. */
  private static final int SAMPLE = 100;

  private final HistoryPhase history;
  private final StoreClearing clearing;
  private final Catalog catalog;
  private final SparkSession session;

  OnlineDescriber(
      Catalog catalog, SparkSession session, HistoryPhase history, StoreClearing clearing) {
    this.history = history;
    this.clearing = clearing;
    this.catalog = catalog;
    this.session = session;
  }

  List<Plan.OnlineTarget> describe(
      ResolvedRequest resolved, Plan.Target target, Optional<Plan> earlier) {
    boolean append = target.strategy() == Plan.Strategy.APPEND_TO_CLONE;
    Optional<Long> rows =
        resolved
            .source()
            .snapshot()
            .rows()
            .map(n -> n + (append ? target.currentRows().orElse(0L) : 0L));
    List<Plan.OnlineTarget> targets = new ArrayList<>();
    for (OnlineStoreDefinition definition : resolved.places().stores()) {
      targets.add(
          earlier
              .flatMap(plan -> plan.online(definition.name()))
              // Settings may say another place by now, which the fingerprint tells.
              .map(planned -> planned.at(OnlineStores.of(definition).place(resolved.target())))
              .orElseGet(() -> describe(resolved, definition, rows)));
    }
    return targets;
  }

  private Plan.OnlineTarget describe(
      ResolvedRequest resolved, OnlineStoreDefinition definition, Optional<Long> rows) {
    VersionedGroup target = resolved.target();
    OnlineStore store = OnlineStores.of(definition);
    Optional<Served> served =
        Optional.ofNullable(resolved.places().served().get(definition.name()));
    boolean takesHistory = history.isWanted(definition, target);
    if (!HistoryPhase.servesRecords(definition)) {
      return new Plan.OnlineTarget(
          definition.name(),
          definition.type(),
          0,
          takesHistory,
          store.place(target),
          definition.inPlace(),
          served,
          store.plan(target),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
    // First: whoever plans wants to hear at once that a store is away, for which a check may wait.
    WriteStrategy strategy = store.plan(target);
    if (resolved.places().refusals().isEmpty()) {
      // Of a place that is not to be written, there is nothing to find out.
      store.check(target, !RunSession.isLocal(session) && !store.writesFromDriver());
    }
    return new Plan.OnlineTarget(
        definition.name(),
        definition.type(),
        rows.map(this::buckets).orElse(BUCKETS_OF_UNKNOWN),
        takesHistory,
        store.place(target),
        definition.inPlace(),
        served,
        strategy,
        clears(resolved, store),
        rows.flatMap(n -> estimate(resolved, store, strategy, n)),
        stale(resolved, store));
  }

  private int buckets(long records) {
    long wanted = records / Math.max(1, catalog.settings().onlineBucketRows()) + 1;
    return (int) Math.min(MAX_BUCKETS, wanted);
  }

  private Optional<Plan.Clearing> clears(ResolvedRequest resolved, OnlineStore store) {
    return resolved.request().mode() == WriteMode.REPLACE
        ? Optional.of(clearing.plan(store, resolved.target()))
        : Optional.empty();
  }

  /** Of at most one record for each row; how many there are, only a scan tells. */
  private Optional<WriteEstimate> estimate(
      ResolvedRequest resolved, OnlineStore store, WriteStrategy strategy, long rows) {
    if (!(store instanceof SageMakerOnlineStore sageMaker)) {
      return Optional.empty();
    }
    boolean looksFirst =
        strategy.mode() == WriteStrategy.Mode.UPDATE
            || resolved.request().staleCheck() == StaleCheck.EXACT;
    double share =
        looksFirst ? 1 : resolved.request().staleCheck() == StaleCheck.SAMPLE ? 1.0 / SAMPLE : 0;
    return Optional.of(
        sageMaker.estimate(
            resolved.target(),
            rows,
            share,
            catalog.settings().maxWorkers(),
            catalog.sageMaker().limits(),
            catalog.sageMaker().prices()));
  }

  /** Scans the source for the newest event time of each record, or of a hundredth of them. */
  private Optional<StaleCounts> stale(ResolvedRequest resolved, OnlineStore store) {
    StaleCheck check = resolved.request().staleCheck();
    if (check == StaleCheck.NONE || !resolved.source().isStaged()) {
      return Optional.empty();
    }
    VersionedGroup target = resolved.target();
    Column id = column(target.recordIdentifier());
    Dataset<Row> newest =
        resolved
            .pipeline()
            .accepted(
                resolved.source().read(UnitPacking.single(resolved.source().slices()).get(0)),
                "stale")
            .groupBy(id.as("id"))
            .agg(max(column(target.eventTime())).as("at"));
    if (check == StaleCheck.SAMPLE) {
      newest = newest.where(abs(hash(col("id"))).mod(SAMPLE).equalTo(0));
    }
    Iterator<Row> rows = newest.toLocalIterator();
    return store.staleAmong(
        target,
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return rows.hasNext();
          }

          @Override
          public RecordKey next() {
            Row row = rows.next();
            return new RecordKey(row.get(0), row.get(1));
          }
        });
  }

  private static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
