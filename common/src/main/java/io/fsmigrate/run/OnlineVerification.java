package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.verify.DifferenceTable;
import io.fsmigrate.verify.OnlineVerdict;
import io.fsmigrate.verify.RecordComparison.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Compares online stores with the newest rows of a table, bucket by bucket: the same buckets as
 * those in which a run writes them. A wave of buckets is on record when it has been read, so that a
 * verification that is taken up does not read it again.
 */
final class OnlineVerification {
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
  private final BucketReading reading;
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
    this.reading = BucketReading.of(environment.session(), prepared, target);
  }

  /** Compares one store; that it is unavailable is part of the result. */
  OnlineVerdict execute(OnlineStoreDefinition definition, VerifyPlan.OnlineSide side) {
    Map<String, Map<String, Long>> done = new LinkedHashMap<>(progress.done(definition.name()));
    if (side.outage().isPresent()) {
      return verdict(side, done, OptionalLong.empty(), side.outage());
    }
    try {
      for (List<Integer> wave : BucketReading.waves(side.buckets())) {
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
        reading.run(definition, table.newest(side.buckets()), each, BucketRepair.none(), wave);
    BucketReading.requireRead(read);
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
