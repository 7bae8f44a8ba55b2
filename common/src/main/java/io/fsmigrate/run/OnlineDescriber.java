package io.fsmigrate.run;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.max;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.feature.VersionedGroup;
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
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Says what a run would do to its online stores. Writes nothing. */
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

  /**
   * What is to be served.
   *
   * @param places the stores, and where each is written
   * @param rows that the stores will be given, where that is known
   * @param mode whether stores are emptied first
   * @param accepted those rows as they will be, to look up which are stale; empty where they cannot
   *     be read before the run
   */
  record Subject(
      VersionedGroup target,
      Places places,
      Optional<Long> rows,
      WriteMode mode,
      StaleCheck staleCheck,
      Optional<Supplier<Dataset<Row>>> accepted) {}

  /**
   * Each store of the subject.
   *
   * @param earlier what was planned before for a run that is resumed: it holds
   */
  List<Plan.OnlineTarget> describe(Subject subject, List<Plan.OnlineTarget> earlier) {
    List<Plan.OnlineTarget> targets = new ArrayList<>();
    for (OnlineStoreDefinition definition : subject.places().stores()) {
      targets.add(
          earlier.stream()
              .filter(planned -> planned.store().equals(definition.name()))
              .findFirst()
              // Settings may say another place by now, which the fingerprint tells.
              .map(planned -> planned.at(OnlineStores.of(definition).place(subject.target())))
              .orElseGet(() -> describe(subject, definition)));
    }
    return targets;
  }

  private Plan.OnlineTarget describe(Subject subject, OnlineStoreDefinition definition) {
    VersionedGroup target = subject.target();
    OnlineStore store = OnlineStores.of(definition);
    Optional<Served> served = Optional.ofNullable(subject.places().served().get(definition.name()));
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
    if (subject.places().refusals().isEmpty()) {
      // Of a place that is not to be written, there is nothing to find out.
      store.check(target, !RunSession.isLocal(session) && !store.writesFromDriver());
    }
    return new Plan.OnlineTarget(
        definition.name(),
        definition.type(),
        buckets(subject.rows(), catalog.settings()),
        takesHistory,
        store.place(target),
        definition.inPlace(),
        served,
        strategy,
        clears(subject, store),
        subject.rows().flatMap(n -> estimate(subject, store, strategy, n)),
        stale(subject, store));
  }

  /** Into how many buckets that many records go. */
  static int buckets(Optional<Long> records, RunSettings settings) {
    return records
        .map(n -> (int) Math.min(MAX_BUCKETS, n / Math.max(1, settings.onlineBucketRows()) + 1))
        .orElse(BUCKETS_OF_UNKNOWN);
  }

  private Optional<Plan.Clearing> clears(Subject subject, OnlineStore store) {
    return subject.mode() == WriteMode.REPLACE
        ? Optional.of(clearing.plan(store, subject.target()))
        : Optional.empty();
  }

  /** Of at most one record for each row; how many there are, only a scan tells. */
  private Optional<WriteEstimate> estimate(
      Subject subject, OnlineStore store, WriteStrategy strategy, long rows) {
    if (!(store instanceof SageMakerOnlineStore sageMaker)) {
      return Optional.empty();
    }
    boolean looksFirst =
        strategy.mode() == WriteStrategy.Mode.UPDATE || subject.staleCheck() == StaleCheck.EXACT;
    double share = looksFirst ? 1 : subject.staleCheck() == StaleCheck.SAMPLE ? 1.0 / SAMPLE : 0;
    return Optional.of(
        sageMaker.estimate(
            subject.target(),
            rows,
            share,
            catalog.settings().maxWorkers(),
            catalog.sageMaker().limits(),
            catalog.sageMaker().prices()));
  }

  /** Scans the source for the newest event time of each record, or of a hundredth of them. */
  private Optional<StaleCounts> stale(Subject subject, OnlineStore store) {
    StaleCheck check = subject.staleCheck();
    if (check == StaleCheck.NONE || subject.accepted().isEmpty()) {
      return Optional.empty();
    }
    VersionedGroup target = subject.target();
    Column id = column(target.recordIdentifier());
    Dataset<Row> newest =
        subject
            .accepted()
            .get()
            .get()
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
