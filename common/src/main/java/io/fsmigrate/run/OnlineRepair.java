package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.verify.RecordComparison.Result;
import io.fsmigrate.verify.Remaining;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * Writes to online stores what they lack, wave by wave. A wave is on record when it was written,
 * with what the store refused of it, so that a verification that is taken up does not write it
 * again.
 */
final class OnlineRepair {
  /** What its progress is called beside that of the comparison. */
  private static final String PROGRESS = ".repair";

  private final RunEnvironment environment;
  private final VersionedGroup target;
  private final ServedTable table;
  private final String run;
  private final UnitProgress progress;
  private final FailedRecords failedRecords;
  private final BucketReading reading;

  /**
   * @param shown the table whose newest rows the stores should have
   */
  OnlineRepair(
      RunEnvironment environment,
      PreparedVerification prepared,
      LeaseKeeper lease,
      TablePointer shown) {
    this.environment = environment;
    this.target = OnlinePhase.withoutRules(prepared.target());
    this.table = new ServedTable(environment.session(), target, shown);
    this.run = lease.held().run();
    this.progress = environment.progress(lease);
    this.failedRecords = environment.failedRecords(lease, Masking.of(prepared.target()));
    this.reading = BucketReading.of(environment.session(), prepared, target);
  }

  /**
   * What a repair of a store did.
   *
   * @param counters of all the processes that worked on it
   * @param keptRecords whether there are failed records of the store, be they of a process that
   *     ended before it counted them
   */
  record Repaired(Map<String, Long> counters, Remaining remaining, boolean keptRecords) {}

  /**
   * Writes what is not as it should be, and reads the buckets once more.
   *
   * @param repair what is written, and how
   * @throws io.fsmigrate.error.FsMigrateException where the store is unavailable or refuses the
   *     writer
   */
  Repaired execute(
      OnlineStoreDefinition definition, VerifyPlan.OnlineSide side, BucketRepair repair) {
    JavaRDD<Row> newest = table.newest(side.buckets());
    String store = side.store();
    List<List<Integer>> waves = BucketReading.waves(side.buckets());
    Map<String, Map<String, Long>> done = new LinkedHashMap<>(progress.done(store + PROGRESS));
    for (List<Integer> wave : waves) {
      List<Integer> open =
          wave.stream().filter(bucket -> !done.containsKey(StoreUnits.unit(bucket))).toList();
      if (!open.isEmpty()) {
        List<ReadBucket> read = reading.run(definition, newest, 0, repair, open);
        done.putAll(record(store, read.stream().filter(b -> b.failure() == null).toList()));
        BucketReading.requireRead(read);
      }
    }
    List<Integer> all = waves.stream().flatMap(List::stream).toList();
    return new Repaired(
        Counters.sum(done.values()),
        remaining(definition, reading.run(definition, newest, 0, BucketRepair.none(), all)),
        failedRecords.kept(store) > 0);
  }

  /** Keeps what was refused, then records the buckets. */
  private Map<String, Map<String, Long>> record(String store, List<ReadBucket> written) {
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    if (written.isEmpty()) {
      return counters;
    }
    for (ReadBucket bucket : written) {
      String unit = StoreUnits.unit(bucket.bucket());
      if (!bucket.refused().isEmpty()) {
        failedRecords.keep(store, unit, target, bucket.refused());
      }
      counters.put(unit, bucket.counters());
    }
    progress.record(store + PROGRESS, counters);
    environment
        .listener()
        .on(
            new RunEvent(
                RunEvent.Kind.ONLINE_WRITTEN,
                run,
                store,
                new ArrayList<>(counters.keySet()),
                Counters.get(Counters.sum(counters.values()), BucketRepair.WRITTEN)));
    return counters;
  }

  private Remaining remaining(OnlineStoreDefinition definition, List<ReadBucket> read) {
    BucketReading.requireRead(read);
    Map<String, Long> found = Counters.sum(read.stream().map(ReadBucket::counters).toList());
    long missing = Counters.get(found, ReadBucket.counter(Result.MISSING));
    OptionalLong stored = OnlineStores.of(definition).count(target);
    long wanted = Counters.get(found, ReadBucket.RECORDS) - missing;
    return new Remaining(
        missing,
        Counters.get(found, ReadBucket.counter(Result.DIFFERENT)),
        stored.isPresent() ? Math.max(0, stored.getAsLong() - wanted) : 0);
  }
}
