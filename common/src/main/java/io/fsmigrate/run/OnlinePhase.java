package io.fsmigrate.run;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteContext;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Brings the newest row of each record identifier of a table into online stores, bucket by bucket
 * and side by side: a bucket is read once for all of them.
 *
 * <p>A bucket is a hash bucket of the record identifier, and the partition of the same number of
 * one shuffle: a resumed run computes and writes just the buckets that are missing, in each store
 * those that it lacks. A bucket's failed records are kept before the bucket is recorded as done. A
 * store that is unavailable, or lets us in no more, is taken out and the others go on without it.
 */
final class OnlinePhase {
  private final SparkSession session;
  private final VersionedGroup target;
  private final ServedTable table;
  private final String run;
  private final LeaseKeeper lease;
  private final LeaseTicket ticket;
  private final FailedRecords failedRecords;
  private final UnitProgress progress;
  private final RunOptions options;
  private final long failedElsewhere;
  private final StaleCheck staleCheck;
  private final RunListener listener;
  private final List<StoreUnits> stores;

  /**
   * @param ticket of the same lease, for tasks
   * @param failedElsewhere records of the run that have failed before, offline and in other stores
   * @param stores with the same number of buckets each
   */
  OnlinePhase(
      SparkSession session,
      VersionedGroup target,
      ServedTable table,
      LeaseKeeper lease,
      LeaseTicket ticket,
      FailedRecords failedRecords,
      UnitProgress progress,
      RunOptions options,
      long failedElsewhere,
      StaleCheck staleCheck,
      RunListener listener,
      List<StoreUnits> stores) {
    this.session = session;
    this.target = target;
    this.table = table;
    this.run = lease.held().run();
    this.lease = lease;
    this.ticket = ticket;
    this.failedRecords = failedRecords;
    this.progress = progress;
    this.options = options;
    this.failedElsewhere = failedElsewhere;
    this.staleCheck = staleCheck;
    this.listener = listener;
    this.stores = List.copyOf(stores);
  }

  /**
   * Writes the buckets that are not done. Afterwards each store has been written, or taken out with
   * the reason.
   *
   * @throws FsMigrateException when too many records fail, the sums do not hold, or the buckets
   *     cannot be read
   */
  void execute(StoreClearing clearing) {
    lease.require();
    for (StoreUnits store : stores) {
      store.done(progress.done(store.name()));
      if (!store.done().isEmpty()) {
        long rows = Counters.get(store.counted(), Counters.NEWEST);
        tell(RunEvent.Kind.SKIPPED, store.name(), List.copyOf(store.done().keySet()), rows);
      }
    }
    prepare(clearing);
    while (stores.stream().anyMatch(StoreUnits::isWanting)) {
      write(stores.stream().filter(StoreUnits::isWanting).toList());
    }
    for (StoreUnits store : stores) {
      if (store.outage().isEmpty()) {
        Map<String, Long> counted = store.counted();
        requireFewFailures(store, Counters.get(counted, Counters.NEWEST));
        new Sums(true).online(store.name(), counted, table.rows()).require();
      }
    }
  }

  /**
   * Side by side: each waits for its store. That a store was emptied is on record before its first
   * bucket is written, so that none is removed by who resumes the run.
   */
  private void prepare(StoreClearing clearing) {
    Map<StoreUnits, CompletableFuture<OptionalLong>> prepared = new LinkedHashMap<>();
    for (StoreUnits store : stores) {
      if (store.isWanting()) {
        prepared.put(
            store,
            CompletableFuture.supplyAsync(
                () -> prepare(store, clearing), body -> start(store.name(), body)));
      }
    }
    prepared.values().forEach(each -> each.handle((cleared, failure) -> cleared).join());
    prepared.forEach(
        (store, end) -> {
          try {
            end.get()
                .ifPresent(
                    records -> {
                      Map<String, Map<String, Long>> unit = StoreUnits.cleared(records);
                      progress.record(store.name(), unit);
                      store.done(unit);
                    });
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while stores were prepared", e);
          } catch (ExecutionException e) {
            takeOut(store, RunErrors.failure(store.name(), e));
          }
        });
  }

  private OptionalLong prepare(StoreUnits store, StoreClearing clearing) {
    SparkSession.setActiveSession(session);
    OnlineStore online = OnlineStores.of(store.definition());
    online.check(target, !RunSession.isLocal(session) && !fromDriver(online));
    online.prepare(target);
    if (online.raiseFence(ticket.fence())) {
      store.fencedBy(ticket.fence());
    }
    OptionalLong cleared =
        store.isToBeCleared()
            ? OptionalLong.of(clearing.clear(store.name(), online, target, run))
            : OptionalLong.empty();
    store.writesBy(online.confirm(target, store.planned().strategy()));
    return cleared;
  }

  private boolean fromDriver(OnlineStore online) {
    return !RunSession.isLocal(session) && online.writesFromDriver();
  }

  /** Goes on without a store that cannot be written now; anything else ends the run. */
  private void takeOut(StoreUnits store, RuntimeException failure) {
    if (!(failure instanceof FsMigrateException known)) {
      throw failure;
    }
    store.end(ServingPhase.outage(known, run));
  }

  /** Writes to these stores until they have everything or one of them is taken out. */
  private void write(List<StoreUnits> wanting) {
    lease.require();
    List<StoreWork> work =
        wanting.stream().map(s -> new StoreWork(s.definition(), context(s), s.open())).toList();
    List<OnlineStore> online =
        wanting.stream().map(store -> OnlineStores.of(store.definition())).toList();
    BitSet open = new BitSet();
    work.forEach(store -> open.or(store.open()));
    boolean limitCalls = online.stream().allMatch(OnlineStore::limitsCalls);
    new BucketJob(
            table.newest(wanting.get(0).planned().units()),
            new BucketTask(work, withoutRules(target), options.batchSize(), ticket),
            online.stream().anyMatch(this::fromDriver),
            run,
            wanting.stream().map(StoreUnits::name).collect(Collectors.joining(", ")))
        .run(waves(open.stream().boxed().toList(), limitCalls), ready -> settle(wanting, ready));
  }

  private WriteContext context(StoreUnits store) {
    // The driver has a block manager as well; it runs no tasks unless it is alone.
    int others = session.sparkContext().getExecutorMemoryStatus().size() - 1;
    return new WriteContext(
        run,
        options.maxWorkers(),
        Math.max(1, others),
        staleCheck,
        store.strategy(),
        store.fence());
  }

  /** Whether all stores go on. */
  private boolean settle(List<StoreUnits> wanting, List<BucketOutcome> ready) {
    lease.require();
    for (StoreUnits store : wanting) {
      List<BucketResult> results =
          ready.stream()
              .flatMap(outcome -> outcome.results().stream())
              .filter(result -> result.store().equals(store.name()))
              .toList();
      if (!results.isEmpty()) {
        record(store, results);
        // How many records there are is known at the end; there cannot be more of them than rows.
        requireFewFailures(store, table.rows());
      }
    }
    for (StoreUnits store : wanting) {
      ready.stream()
          .flatMap(outcome -> outcome.failures().stream())
          .filter(failure -> failure.store().equals(store.name()))
          .findFirst()
          .filter(failure -> store.outage().isEmpty())
          .ifPresent(failure -> takeOut(store, failure.exception()));
    }
    return wanting.stream().allMatch(store -> store.outage().isEmpty());
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, "fs-migrate-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Where a task has one call to its store in flight, fewer workers than cores means fewer tasks at
   * once; the shuffle before them is done only once.
   */
  private List<List<Integer>> waves(List<Integer> open, boolean limitsCalls) {
    int slots = session.sparkContext().defaultParallelism();
    if (limitsCalls || options.maxWorkers() >= slots) {
      return List.of(open);
    }
    List<List<Integer>> waves = new ArrayList<>();
    for (int from = 0; from < open.size(); from += options.maxWorkers()) {
      waves.add(open.subList(from, Math.min(open.size(), from + options.maxWorkers())));
    }
    return waves;
  }

  private void requireFewFailures(StoreUnits store, long records) {
    long failed = failed(store);
    long elsewhere =
        failedElsewhere
            + stores.stream().filter(s -> s != store).mapToLong(OnlinePhase::failed).sum();
    long held = options.maxFailures().held(failed, elsewhere);
    MaxFailures allowed = options.maxFailures();
    if (failed > 0 && allowed.isExceededFor(held, OptionalLong.of(records))) {
      throw RunErrors.tooManyFailuresOnline(
          run, store.name(), failed, held - failed, allowed.toString());
    }
  }

  private static long failed(StoreUnits store) {
    return Counters.get(store.counted(), Counters.FAILED);
  }

  /** Keeps the failed records of these buckets, then records the buckets as done. */
  private void record(StoreUnits store, List<BucketResult> ready) {
    List<String> units = ready.stream().map(r -> StoreUnits.unit(r.bucket())).toList();
    long records = ready.stream().mapToLong(BucketResult::newest).sum();
    tell(RunEvent.Kind.ONLINE_WRITTEN, store.name(), units, records);
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    for (BucketResult result : ready) {
      if (!result.failures().isEmpty()) {
        failedRecords.keep(
            store.name(), StoreUnits.unit(result.bucket()), target, result.failures());
      }
      counters.put(StoreUnits.unit(result.bucket()), counters(result));
    }
    progress.record(store.name(), counters);
    store.done(counters);
    tell(RunEvent.Kind.RECORDED, store.name(), units, records);
  }

  private void tell(RunEvent.Kind kind, String store, List<String> units, long rows) {
    listener.on(new RunEvent(kind, run, store, units, rows));
  }

  private static Map<String, Long> counters(BucketResult result) {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put(Counters.NEWEST, result.newest());
    counters.put(Counters.SUPERSEDED, result.superseded());
    counters.put(Counters.WRITTEN, result.written());
    counters.put(Counters.STALE, result.stale());
    if (result.submitted() > 0) {
      counters.put(Counters.SUBMITTED, result.submitted());
    }
    counters.put(Counters.FAILED, (long) result.failures().size());
    return counters;
  }

  /** Rules are for the offline side, and their optional parts do not serialise. */
  static VersionedGroup withoutRules(VersionedGroup target) {
    return new VersionedGroup(
        target.group(),
        target.version(),
        target.schema(),
        target.recordIdentifier(),
        target.eventTime(),
        List.of(),
        target.onlineStores());
  }
}
