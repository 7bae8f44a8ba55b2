package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.verify.DifferenceTable;
import io.fsmigrate.verify.OnlineVerdict;
import io.fsmigrate.verify.RecordComparison;
import io.fsmigrate.verify.RecordComparison.Result;
import io.fsmigrate.verify.Remaining;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Compares online stores with the newest rows of a table, bucket by bucket: the same buckets as
 * those in which a run writes them. A wave of buckets is on record when it has been read, so that a
 * verification that is taken up does not read it again.
 */
final class OnlineVerification {
  /** Buckets that are read and recorded together; fixed, so that a wave is the same for all. */
  private static final int WAVE = 32;

  /** Identifiers handed to a store at once; a store cuts them to what one call takes. */
  private static final int BATCH = 500;

  /** Differing records of a bucket that are kept where there is room at all. */
  private static final int LEAST_KEPT = 1_000;

  private static final String KEPT = "kept";

  private final RunEnvironment environment;
  private final PreparedVerification prepared;
  private final String run;
  private final UnitProgress progress;
  private final DifferenceTable differences;
  private final ServedTable table;
  private final RecordLayout layout;
  private final RecordComparison comparison;
  private final VersionedGroup target;

  OnlineVerification(
      RunEnvironment environment,
      PreparedVerification prepared,
      LeaseKeeper lease,
      DifferenceTable differences) {
    this.environment = environment;
    this.prepared = prepared;
    this.run = lease.held().run();
    this.progress = environment.progress(lease);
    this.differences = differences;
    this.target = OnlinePhase.withoutRules(prepared.target());
    this.table = new ServedTable(environment.session(), target, prepared.plan().table());
    this.layout = RecordLayout.of(target);
    this.comparison = RecordComparison.of(prepared.schema());
  }

  /** Compares one store; that it is unavailable is part of the result. */
  OnlineVerdict execute(OnlineStoreDefinition definition, VerifyPlan.OnlineSide side) {
    Map<String, Map<String, Long>> done = new LinkedHashMap<>(progress.done(definition.name()));
    if (side.outage().isPresent()) {
      return verdict(side, done, OptionalLong.empty(), side.outage());
    }
    try {
      for (List<Integer> wave : waves(side.buckets())) {
        if (wave.stream().allMatch(bucket -> done.containsKey(StoreUnits.unit(bucket)))) {
          tell(RunEvent.Kind.SKIPPED, side.store(), wave, 0);
        } else {
          done.putAll(read(definition, side, wave, done));
        }
      }
      OptionalLong stored = OnlineStores.of(definition).count(target);
      return verdict(side, done, stored, Optional.empty());
    } catch (FsMigrateException e) {
      if (e.exitCode() != ExitCode.UNAVAILABLE) {
        throw e;
      }
      return verdict(side, done, OptionalLong.empty(), Optional.of(e.getMessage()));
    }
  }

  /** What the progress of repairs is called beside that of comparisons. */
  private static final String REPAIR = ".repair";

  /** What a repair of a store did, in all the processes that worked on it. */
  record Repaired(Map<String, Long> counters, Remaining remaining) {}

  /**
   * Writes what is not as it should be, and reads the buckets once more. A wave that was repaired is
   * on record with what the store refused of it, and is not written by who takes the run up.
   *
   * @param repairedTable what the store should serve
   * @param repair what is written, and how
   * @param failedRecords take what the store refuses
   * @throws FsMigrateException where the store is unavailable or refuses the writer
   */
  Repaired repair(
      OnlineStoreDefinition definition,
      VerifyPlan.OnlineSide side,
      ServedTable repairedTable,
      BucketRepair repair,
      FailedRecords failedRecords) {
    List<Integer> buckets = new ArrayList<>();
    waves(side.buckets()).forEach(buckets::addAll);
    JavaRDD<Row> newest = repairedTable.newest(side.buckets());
    Map<String, Map<String, Long>> done = new LinkedHashMap<>(progress.done(side.store() + REPAIR));
    for (List<Integer> wave : waves(side.buckets())) {
      List<Integer> open =
          wave.stream().filter(bucket -> !done.containsKey(StoreUnits.unit(bucket))).toList();
      if (!open.isEmpty()) {
        List<ReadBucket> read = run(definition, newest, task(definition, 0, repair), open);
        done.putAll(repaired(side.store(), read, failedRecords));
        counted(read);
      }
    }
    Map<String, Long> again =
        counted(run(definition, newest, task(definition, 0, BucketRepair.none()), buckets));
    long missing = Counters.get(again, ReadBucket.counter(Result.MISSING));
    OptionalLong stored = OnlineStores.of(definition).count(target);
    long wanted = Counters.get(again, ReadBucket.RECORDS) - missing;
    return new Repaired(
        Counters.sum(done.values()),
        new Remaining(
            missing,
            Counters.get(again, ReadBucket.counter(Result.DIFFERENT)),
            stored.isPresent() ? Math.max(0, stored.getAsLong() - wanted) : 0));
  }

  /** Keeps what was refused, then records the buckets that were read to their end. */
  private Map<String, Map<String, Long>> repaired(
      String store, List<ReadBucket> read, FailedRecords failedRecords) {
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    for (ReadBucket bucket : read) {
      if (bucket.failure() == null) {
        String unit = StoreUnits.unit(bucket.bucket());
        if (!bucket.refused().isEmpty()) {
          failedRecords.keep(store, unit, target, bucket.refused());
        }
        counters.put(unit, bucket.counters());
      }
    }
    if (!counters.isEmpty()) {
      progress.record(store + REPAIR, counters);
      List<Integer> ended =
          read.stream().filter(b -> b.failure() == null).map(ReadBucket::bucket).toList();
      Map<String, Long> counted = Counters.sum(counters.values());
      tell(RunEvent.Kind.ONLINE_WRITTEN, store, ended, Counters.get(counted, BucketRepair.WRITTEN));
    }
    return counters;
  }

  ServedTable served(TablePointer pointer) {
    return new ServedTable(environment.session(), target, pointer);
  }

  private ReadBucketTask task(OnlineStoreDefinition definition, int room, BucketRepair repair) {
    return new ReadBucketTask(
        definition,
        target,
        comparison,
        layout.id(),
        prepared.plan().request().sample(),
        BATCH,
        room,
        repair);
  }

  private static Map<String, Long> counted(List<ReadBucket> read) {
    for (ReadBucket bucket : read) {
      if (bucket.failure() != null) {
        throw bucket.failure().exception();
      }
    }
    return Counters.sum(read.stream().map(ReadBucket::counters).toList());
  }

  private static List<List<Integer>> waves(int buckets) {
    List<List<Integer>> waves = new ArrayList<>();
    for (int from = 0; from < buckets; from += WAVE) {
      List<Integer> wave = new ArrayList<>();
      for (int bucket = from; bucket < Math.min(buckets, from + WAVE); bucket++) {
        wave.add(bucket);
      }
      waves.add(wave);
    }
    return waves;
  }

  private Map<String, Map<String, Long>> read(
      OnlineStoreDefinition definition,
      VerifyPlan.OnlineSide side,
      List<Integer> wave,
      Map<String, Map<String, Long>> done) {
    long kept = Counters.get(Counters.sum(done.values()), KEPT);
    int room = (int) Math.max(0, prepared.plan().request().maxDifferences() - kept);
    // All of a wave come to the driver, each with both of its records.
    int each = Math.min(room, Math.max(LEAST_KEPT, room / wave.size()));
    List<ReadBucket> read =
        run(
            definition,
            table.newest(side.buckets()),
            task(definition, each, BucketRepair.none()),
            wave);
    counted(read);
    List<ReadBucket.Difference> found =
        read.stream().flatMap(bucket -> bucket.differences().stream()).limit(room).toList();
    if (!found.isEmpty()) {
      differences.append(
          found.stream().map(this::row).toList(),
          side.store(),
          "%s/%s/%d".formatted(run, side.store(), wave.get(0)));
    }
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    read.forEach(
        bucket -> counters.put(StoreUnits.unit(bucket.bucket()), new TreeMap<>(bucket.counters())));
    counters.get(StoreUnits.unit(wave.get(0))).put(KEPT, (long) found.size());
    progress.record(side.store(), counters);
    tell(
        RunEvent.Kind.RECORDED,
        side.store(),
        wave,
        Counters.get(Counters.sum(counters.values()), ReadBucket.RECORDS));
    return counters;
  }

  private DifferenceTable.Record row(ReadBucket.Difference difference) {
    return new DifferenceTable.Record(
        ReadBucket.counter(difference.kind()),
        difference.features(),
        Optional.of(difference.expected().values()),
        Optional.ofNullable(difference.stored()).map(stored -> stored.values()));
  }

  private List<ReadBucket> run(
      OnlineStoreDefinition definition,
      JavaRDD<Row> newest,
      ReadBucketTask task,
      List<Integer> wave) {
    SparkSession session = environment.session();
    OnlineStore online = OnlineStores.of(definition);
    if (!RunSession.isLocal(session) && online.writesFromDriver()) {
      List<ReadBucket> read = new ArrayList<>();
      for (int bucket : wave) {
        List<Row> rows = newest.collectPartitions(new int[] {bucket})[0];
        read.add(task.read(bucket, CollectionConverters.asScala(rows.iterator())));
      }
      return read;
    }
    ConcurrentLinkedQueue<ReadBucket> read = new ConcurrentLinkedQueue<>();
    session
        .sparkContext()
        .runJob(
            newest.rdd(),
            task,
            CollectionConverters.asScala(new ArrayList<Object>(wave)).toSeq(),
            new AbstractFunction2<Object, ReadBucket, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object index, ReadBucket bucket) {
                read.add(bucket);
                return BoxedUnit.UNIT;
              }
            },
            ClassTag$.MODULE$.apply(ReadBucket.class));
    return List.copyOf(read);
  }

  private OnlineVerdict verdict(
      VerifyPlan.OnlineSide side,
      Map<String, Map<String, Long>> done,
      OptionalLong stored,
      Optional<String> outage) {
    Map<String, Long> counted = Counters.sum(done.values());
    long records = Counters.get(counted, ReadBucket.RECORDS);
    long missing = Counters.get(counted, ReadBucket.counter(Result.MISSING));
    boolean all = Counters.get(counted, ReadBucket.LOOKED) == records && outage.isEmpty();
    Map<String, Long> features = new LinkedHashMap<>();
    for (int i = 0; i < layout.names().size(); i++) {
      long differing = Counters.get(counted, ReadBucket.differing(i));
      if (differing > 0) {
        features.put(layout.names().get(i), differing);
      }
    }
    return new OnlineVerdict(
        side.store(),
        side.place(),
        records,
        Counters.get(counted, ReadBucket.LOOKED),
        Counters.get(counted, ReadBucket.counter(Result.SAME)),
        missing,
        Counters.get(counted, ReadBucket.counter(Result.DIFFERENT)),
        Counters.get(counted, ReadBucket.counter(Result.NEWER)),
        all && stored.isPresent()
            ? Optional.of(Math.max(0, stored.getAsLong() - (records - missing)))
            : Optional.empty(),
        features,
        outage);
  }

  private void tell(RunEvent.Kind kind, String store, List<Integer> buckets, long rows) {
    environment
        .listener()
        .on(new RunEvent(kind, run, store, buckets.stream().map(StoreUnits::unit).toList(), rows));
  }
}
