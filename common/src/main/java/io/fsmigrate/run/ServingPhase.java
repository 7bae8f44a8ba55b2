package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the published table into the stores that serve it: its history where a store takes that,
 * and the newest records. A store that is unavailable, or lets us in no more, does not keep the
 * others from having theirs; it is told of when all have had their turn, and is what a resumed run
 * goes on with.
 */
final class ServingPhase {
  private static final Logger LOG = LoggerFactory.getLogger(ServingPhase.class);

  private final SparkSession session;
  private final Clock clock;
  private final RunListener listener;
  private final HistoryPhase history;
  private final StoreClearing clearing;

  /**
   * What is to be served.
   *
   * @param table what the branch shows
   * @param failedOffline rows of the run that failed before
   */
  record Work(
      PreparedRun prepared,
      TablePointer table,
      FailedRecords failedRecords,
      UnitProgress progress,
      RunOptions options,
      long failedOffline) {}

  ServingPhase(
      Catalog catalog,
      SparkSession session,
      Warehouse warehouse,
      Clock clock,
      RunListener listener) {
    this.session = session;
    this.clock = clock;
    this.listener = listener;
    this.history = new HistoryPhase(catalog, session, warehouse, clock);
    this.clearing = new StoreClearing(catalog, session, warehouse);
  }

  /**
   * Serves all of them.
   *
   * @return the counters of each stage, by its name
   * @throws FsMigrateException of the store, where one is unavailable; naming all, where several
   *     are; at once, where anything else ends the run
   */
  Map<String, Map<String, Long>> execute(Work work, RunTally tally) {
    Map<String, Map<String, Long>> online = new LinkedHashMap<>();
    List<FsMigrateException> outages = new ArrayList<>();
    for (OnlineStoreDefinition store : work.prepared().stores()) {
      try {
        serve(store, work, tally, online);
      } catch (FsMigrateException e) {
        FsMigrateException outage =
            switch (e.exitCode()) {
              case UNAVAILABLE -> e;
              case USAGE, REFUSED -> RunErrors.refusedWhileServing(tally.run(), e);
              default -> throw e;
            };
        LOG.warn("{}; the other online stores have their turn", outage.getMessage());
        outages.add(outage);
      }
    }
    if (!outages.isEmpty()) {
      throw RunErrors.storesUnavailable(outages);
    }
    return online;
  }

  private void serve(
      OnlineStoreDefinition store,
      Work work,
      RunTally tally,
      Map<String, Map<String, Long>> online) {
    String name = store.name();
    String historyName = HistoryPhase.name(name);
    long start = clock.millis();
    Optional<Map<String, Long>> added =
        history.execute(store, work.prepared().target(), work.table(), tally.run(), listener);
    added.ifPresent(
        counted -> {
          tally.took(historyName, clock.millis() - start);
          tally.count(historyName, counted);
          online.put(historyName, counted);
        });
    if (!HistoryPhase.servesRecords(store)) {
      return;
    }
    Plan plan = work.prepared().plan();
    OnlinePhase phase =
        new OnlinePhase(
            session,
            work.prepared().target(),
            work.table(),
            tally.run(),
            work.failedRecords(),
            work.progress(),
            work.options().batchSize(),
            work.options().maxWorkers(),
            work.options().maxFailures(),
            work.failedOffline() + failed(online),
            plan.request().staleCheck(),
            listener);
    Plan.OnlineTarget planned = plan.online(name).orElseThrow();
    online.put(
        name, tally.counted(name, () -> phase.execute(store, planned, clearing), phase::counted));
  }

  /** Records that the stores have refused. */
  static long failed(Map<String, Map<String, Long>> online) {
    return online.values().stream().mapToLong(c -> Counters.get(c, Counters.FAILED)).sum();
  }
}
