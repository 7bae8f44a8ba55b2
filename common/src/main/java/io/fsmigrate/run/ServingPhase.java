package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.StaleCheck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the published table into the stores that serve it: its history where a store takes that,
 * then the newest records, into all stores side by side, and at last the pointers. A store that is
 * unavailable, or lets us in no more, does not keep the others from having theirs; it is told of at
 * the end, and is what a resumed run goes on with.
 */
final class ServingPhase {
  private static final Logger LOG = LoggerFactory.getLogger(ServingPhase.class);

  private final String warehouse;
  private final SparkSession session;
  private final Clock clock;
  private final RunListener listener;
  private final HistoryPhase history;
  private final StoreClearing clearing;
  private final ServingPointers pointers;

  /**
   * What is to be served.
   *
   * @param online what was planned for each of the stores
   * @param table what the branch shows
   * @param branch that shows it
   * @param inPlace whether the place of the version that was served was wanted
   * @param lease of the run
   * @param failedOffline rows of the run that failed before
   */
  record Work(
      VersionedGroup target,
      List<OnlineStoreDefinition> stores,
      List<Plan.OnlineTarget> online,
      StaleCheck staleCheck,
      String branch,
      boolean inPlace,
      TablePointer table,
      FailedRecords failedRecords,
      UnitProgress progress,
      LeaseKeeper lease,
      RunOptions options,
      long failedOffline) {
    private Plan.OnlineTarget planned(OnlineStoreDefinition store) {
      return online.stream()
          .filter(target -> target.store().equals(store.name()))
          .findFirst()
          .orElseThrow();
    }
  }

  ServingPhase(RunEnvironment environment) {
    this.warehouse = environment.warehouse().root();
    this.session = environment.session();
    this.clock = environment.clock();
    this.listener = environment.listener();
    this.history = new HistoryPhase(environment.catalog(), session, environment.warehouse(), clock);
    this.clearing = new StoreClearing(environment.catalog(), session, environment.warehouse());
    this.pointers =
        ServingPointers.of(environment.catalog().warehouse(), environment.hadoop(), clock);
  }

  /**
   * What was done.
   *
   * @param counters of each stage, by its name
   * @param serving what each store serves now
   */
  record Outcome(Map<String, Map<String, Long>> counters, List<RunReport.Serving> serving) {
    /** Records that the stores have refused. */
    long failed() {
      return ServingPhase.failed(counters);
    }
  }

  /**
   * Serves all of them, and lets readers have what is theirs when all are written.
   *
   * @throws FsMigrateException of the store, where one is unavailable; naming all, where several
   *     are; at once, where anything else ends the run
   */
  Outcome execute(Work work, RunTally tally) {
    Map<String, Map<String, Long>> online = new LinkedHashMap<>();
    List<FsMigrateException> outages = new ArrayList<>();
    List<StoreUnits> stores = new ArrayList<>();
    for (OnlineStoreDefinition store : work.stores()) {
      try {
        addHistory(store, work, tally, online);
        if (HistoryPhase.servesRecords(store)) {
          stores.add(new StoreUnits(store, work.planned(store)));
        }
      } catch (FsMigrateException e) {
        outages.add(outage(e, tally.run()));
      }
    }
    ServedTable table = new ServedTable(session, work.target(), work.table());
    for (List<StoreUnits> together : passes(stores)) {
      serve(together, table, work, tally, online, outages);
    }
    if (!outages.isEmpty()) {
      throw RunErrors.storesFailed(outages);
    }
    return new Outcome(
        online,
        tally.timed(
            "serving",
            () ->
                pointers.execute(
                    new ServingPointers.Written(
                        work.target(), work.stores(), work.online(), work.branch(), work.inPlace()),
                    tally.run())));
  }

  /** Those that cannot wait for another store within a bucket have their turn alone, and first. */
  private static List<List<StoreUnits>> passes(List<StoreUnits> stores) {
    Map<Integer, List<StoreUnits>> together = new TreeMap<>();
    List<List<StoreUnits>> passes = new ArrayList<>();
    for (StoreUnits store : stores) {
      if (OnlineStores.of(store.definition()).keepsWritersOut()) {
        passes.add(List.of(store));
      } else {
        together.computeIfAbsent(store.planned().units(), any -> new ArrayList<>()).add(store);
      }
    }
    passes.addAll(together.values());
    return passes;
  }

  private void addHistory(
      OnlineStoreDefinition store,
      Work work,
      RunTally tally,
      Map<String, Map<String, Long>> online) {
    String name = HistoryPhase.name(store.name());
    long start = clock.millis();
    Optional<Map<String, Long>> added =
        history.execute(store, work.target(), work.table(), tally.run(), listener);
    added.ifPresent(
        counted -> {
          tally.took(name, clock.millis() - start);
          tally.count(name, counted);
          online.put(name, counted);
        });
  }

  private void serve(
      List<StoreUnits> together,
      ServedTable table,
      Work work,
      RunTally tally,
      Map<String, Map<String, Long>> online,
      List<FsMigrateException> outages) {
    Map<String, Long> lastUnit = new ConcurrentHashMap<>();
    long start = clock.millis();
    OnlinePhase phase =
        new OnlinePhase(
            session,
            work.target(),
            table,
            work.lease(),
            ticket(work),
            work.failedRecords(),
            work.progress(),
            work.options(),
            work.failedOffline() + failed(online),
            work.staleCheck(),
            event -> {
              lastUnit.put(event.store(), clock.millis());
              listener.on(event);
            },
            together);
    together.forEach(store -> tally.underWay(store.name(), store::counted));
    try {
      phase.execute(clearing);
    } catch (FsMigrateException e) {
      outages.add(outage(e, tally.run()));
    } finally {
      together.forEach(store -> store.outage().ifPresent(outages::add));
      for (StoreUnits store : together) {
        tally.took(store.name(), lastUnit.getOrDefault(store.name(), start) - start);
        tally.count(store.name(), store.counted());
        online.put(store.name(), store.counted());
      }
    }
  }

  private LeaseTicket ticket(Work work) {
    return new LeaseTicket(
        warehouse,
        work.branch(),
        work.target().group(),
        work.lease().held(),
        session.sparkContext().hadoopConfiguration());
  }

  /**
   * What the other stores need not wait for, in words for the end of the run.
   *
   * @throws FsMigrateException the failure itself where it ends the run
   */
  static FsMigrateException outage(FsMigrateException failure, String run) {
    FsMigrateException outage =
        switch (failure.exitCode()) {
          case UNAVAILABLE, DEFECT -> failure;
          case USAGE, REFUSED -> RunErrors.refusedWhileServing(run, failure);
          default -> throw failure;
        };
    LOG.warn("{}; the other online stores go on", outage.getMessage());
    return outage;
  }

  private static long failed(Map<String, Map<String, Long>> online) {
    return online.values().stream().mapToLong(c -> Counters.get(c, Counters.FAILED)).sum();
  }
}
