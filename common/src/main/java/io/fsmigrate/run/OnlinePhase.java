package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteStrategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Brings the newest row of each record identifier of a table into one online store, bucket by
 * bucket.
 *
 * <p>A bucket is a hash bucket of the record identifier, and the partition of the same number of
 * one shuffle: a resumed run computes and writes just the buckets that are missing. A bucket's
 * failed records are kept before the bucket is recorded as done.
 */
final class OnlinePhase {
  /** The unit that comes before all buckets. */
  private static final String CLEARED = "cleared";

  private final SparkSession session;
  private final VersionedGroup target;
  private final TablePointer table;
  private final String run;
  private final FailedRecords failedRecords;
  private final UnitProgress progress;
  private final int batchSize;
  private final int maxWorkers;
  private final MaxFailures maxFailures;
  private final long failedElsewhere;
  private final StaleCheck staleCheck;
  private final RunListener listener;
  private final Map<String, Map<String, Long>> done = new ConcurrentHashMap<>();

  /**
   * @param failedElsewhere records of the run that have failed before, offline and in other stores
   */
  OnlinePhase(
      SparkSession session,
      VersionedGroup target,
      TablePointer table,
      String run,
      FailedRecords failedRecords,
      UnitProgress progress,
      int batchSize,
      int maxWorkers,
      MaxFailures maxFailures,
      long failedElsewhere,
      StaleCheck staleCheck,
      RunListener listener) {
    this.session = session;
    this.target = target;
    this.table = table;
    this.run = run;
    this.failedRecords = failedRecords;
    this.progress = progress;
    this.batchSize = batchSize;
    this.maxWorkers = maxWorkers;
    this.maxFailures = maxFailures;
    this.failedElsewhere = failedElsewhere;
    this.staleCheck = staleCheck;
    this.listener = listener;
  }

  /**
   * Writes the buckets that are not done.
   *
   * @param planned how many there are, how they are written, and whether what is there goes first
   * @param clearing removes that
   * @return the counters of all buckets, summed
   * @throws FsMigrateException when the store stays unavailable, too many records fail, or the sums
   *     do not hold
   */
  Map<String, Long> execute(
      OnlineStoreDefinition definition, Plan.OnlineTarget planned, StoreClearing clearing) {
    int buckets = planned.units();
    String name = definition.name();
    done.putAll(progress.done(name));
    if (!done.isEmpty()) {
      long rows = Counters.get(Counters.sum(done.values()), Counters.NEWEST);
      listener.on(new RunEvent(RunEvent.Kind.SKIPPED, run, name, List.copyOf(done.keySet()), rows));
    }
    SparkSession own = bucketSession(buckets);
    // Delta makes frames in the active session, whichever it was opened with.
    SparkSession.setActiveSession(own);
    try {
      return execute(definition, planned, clearing, own);
    } finally {
      SparkSession.setActiveSession(session);
    }
  }

  /** The counters of the buckets that are done so far, summed. */
  Map<String, Long> counted() {
    return Counters.sum(done.values());
  }

  private Map<String, Long> execute(
      OnlineStoreDefinition definition,
      Plan.OnlineTarget planned,
      StoreClearing clearing,
      SparkSession own) {
    int buckets = planned.units();
    DeltaSource source = DeltaSource.open(own, table.path(), Optional.of(table.version()));
    long tableRows = source.snapshot().rows().orElseThrow();
    List<Integer> open =
        IntStream.range(0, buckets).boxed().filter(b -> !done.containsKey(unit(b))).toList();
    if (!open.isEmpty()) {
      OnlineStore store = OnlineStores.of(definition);
      boolean fromDriver = !RunSession.isLocal(session) && store.writesFromDriver();
      store.check(target, !RunSession.isLocal(session) && !fromDriver);
      store.prepare(target);
      if (planned.clears().isPresent() && !done.containsKey(CLEARED)) {
        clear(definition.name(), store, clearing);
      }
      BucketTask task =
          new BucketTask(
              definition,
              withoutRules(),
              context(store.confirm(target, planned.strategy())),
              batchSize);
      JavaRDD<Row> newest = NewestRecords.of(source.readAll(), target);
      Buckets work =
          fromDriver
              ? (some, results) -> runOnDriver(newest, task, some, results)
              : (some, results) -> runOnWorkers(own, newest, task, some, results);
      write(own, definition, work, waves(open, store.limitsCalls()), tableRows);
    }
    Map<String, Long> counted = counted();
    requireFewFailures(definition.name(), Counters.get(counted, Counters.NEWEST));
    new Sums(true).online(definition.name(), counted, tableRows).require();
    return counted;
  }

  /**
   * On record before the first bucket is written, so that none is removed by who resumes the run.
   */
  private void clear(String name, OnlineStore store, StoreClearing clearing) {
    long cleared = clearing.clear(name, store, target, run);
    Map<String, Map<String, Long>> unit = Map.of(CLEARED, Map.of(Counters.CLEARED, cleared));
    progress.record(name, unit);
    done.putAll(unit);
  }

  private WriteContext context(WriteStrategy strategy) {
    // The driver has a block manager as well; it runs no tasks unless it is alone.
    int others = session.sparkContext().getExecutorMemoryStatus().size() - 1;
    return new WriteContext(run, maxWorkers, Math.max(1, others), staleCheck, strategy);
  }

  static String unit(int bucket) {
    return String.format(java.util.Locale.ROOT, "b%04d", bucket);
  }

  /** A session in which the partitions of one shuffle are the buckets. */
  private SparkSession bucketSession(int buckets) {
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) session).cloneSession();
    own.conf().set("spark.sql.adaptive.enabled", "false");
    own.conf().set("spark.sql.shuffle.partitions", Integer.toString(buckets));
    return own;
  }

  private void write(
      SparkSession own,
      OnlineStoreDefinition definition,
      Buckets work,
      List<List<Integer>> waves,
      long tableRows) {
    BlockingQueue<BucketResult> results = new LinkedBlockingQueue<>();
    String jobs = "%s/%s/%s".formatted(run, definition.name(), UUID.randomUUID());
    CompletableFuture<Void> job =
        CompletableFuture.runAsync(
            () -> {
              SparkSession.setActiveSession(own);
              own.sparkContext().setJobGroup(jobs, "online store " + definition.name(), false);
              waves.forEach(wave -> work.write(wave, results));
            },
            body -> {
              Thread thread = new Thread(body, "fs-migrate-" + definition.name());
              thread.setDaemon(true);
              thread.start();
            });
    try {
      while (!job.isDone() || !results.isEmpty()) {
        BucketResult first = results.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        List<BucketResult> ready = new ArrayList<>(List.of(first));
        results.drainTo(ready);
        record(definition.name(), ready);
        // How many records there are is known at the end; there cannot be more of them than rows.
        requireFewFailures(definition.name(), tableRows);
      }
      job.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between buckets", e);
    } catch (ExecutionException e) {
      throw RunErrors.failure(definition.name(), e);
    } finally {
      // Buckets still at work must not be written beside those of a process that takes the run up.
      own.sparkContext().cancelJobGroupAndFutureJobs(jobs, "the run has ended");
      job.exceptionally(failure -> null).join();
    }
  }

  /**
   * Where a task has one call to its store in flight, fewer workers than cores means fewer tasks at
   * once; the shuffle before them is done only once.
   */
  private List<List<Integer>> waves(List<Integer> open, boolean limitsCalls) {
    int slots = session.sparkContext().defaultParallelism();
    if (limitsCalls || maxWorkers >= slots) {
      return List.of(open);
    }
    List<List<Integer>> waves = new ArrayList<>();
    for (int from = 0; from < open.size(); from += maxWorkers) {
      waves.add(open.subList(from, Math.min(open.size(), from + maxWorkers)));
    }
    return waves;
  }

  /** How buckets are written; each one's result is put into the queue as it ends. */
  private interface Buckets {
    void write(List<Integer> buckets, BlockingQueue<BucketResult> results);
  }

  /** For a store that only the driver's machine has: one bucket's records are here at a time. */
  private static void runOnDriver(
      JavaRDD<Row> newest,
      BucketTask task,
      List<Integer> buckets,
      BlockingQueue<BucketResult> results) {
    for (int bucket : buckets) {
      List<Row> rows = newest.collectPartitions(new int[] {bucket})[0];
      results.add(task.write(bucket, CollectionConverters.asScala(rows.iterator())));
    }
  }

  private static void runOnWorkers(
      SparkSession own,
      JavaRDD<Row> newest,
      BucketTask task,
      List<Integer> buckets,
      BlockingQueue<BucketResult> results) {
    own.sparkContext()
        .runJob(
            newest.rdd(),
            task,
            CollectionConverters.asScala(new ArrayList<Object>(buckets)).toSeq(),
            new AbstractFunction2<Object, BucketResult, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object index, BucketResult result) {
                results.add(result);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(BucketResult.class));
  }

  private void requireFewFailures(String store, long records) {
    long failed = Counters.get(counted(), Counters.FAILED);
    long held = maxFailures.held(failed, failedElsewhere);
    if (failed > 0 && maxFailures.isExceededFor(held, OptionalLong.of(records))) {
      throw RunErrors.tooManyFailuresOnline(
          run, store, failed, held - failed, maxFailures.toString());
    }
  }

  /** Keeps the failed records of these buckets, then records the buckets as done. */
  private void record(String store, List<BucketResult> ready) {
    List<String> units = ready.stream().map(r -> unit(r.bucket())).toList();
    listener.on(
        new RunEvent(
            RunEvent.Kind.ONLINE_WRITTEN,
            run,
            store,
            units,
            ready.stream().mapToLong(BucketResult::newest).sum()));
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    for (BucketResult result : ready) {
      if (!result.failures().isEmpty()) {
        keep(store, result);
      }
      counters.put(unit(result.bucket()), counters(result));
    }
    progress.record(store, counters);
    done.putAll(counters);
    listener.on(
        new RunEvent(
            RunEvent.Kind.RECORDED,
            run,
            store,
            units,
            ready.stream().mapToLong(BucketResult::newest).sum()));
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

  private void keep(String store, BucketResult result) {
    List<Row> failures = new ArrayList<>();
    for (BucketResult.Failure failure : result.failures()) {
      failures.add(
          RowFactory.create(
              failure.code(), failure.reason(), failure.retryable(), failure.record()));
    }
    StructType schema =
        StructType.fromDDL("code string, reason string, retryable boolean")
            .add("record", StructType.fromDDL(target.schema().ddl()));
    String unit = unit(result.bucket());
    failedRecords.append(
        failedRecords.ofBucket(session.createDataFrame(failures, schema), store, unit),
        store,
        "%s/%s/%s".formatted(run, store, unit));
  }

  /** Rules are for the offline side, and their optional parts do not serialise. */
  private VersionedGroup withoutRules() {
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
