package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.transform.RowJson;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/**
 * Writes to one online store what it refused once and what has entered the target since. The driver
 * does it, record by record, so that the store says of each what became of it; there are few.
 *
 * <p>A unit is a hash bucket of the record identifier: its failed records and outcomes are kept
 * before it is recorded as done.
 */
final class RetryStore {
  private static final String RANK = "__fs_rank";

  private final RunEnvironment environment;
  private final PreparedRetry prepared;
  private final StoreUnits store;
  private final String run;
  private final LeaseKeeper lease;
  private final FailedRecords failedRecords;
  private final SettledRecords settled;
  private final RunOptions options;

  RetryStore(
      RunEnvironment environment,
      PreparedRetry prepared,
      StoreUnits store,
      LeaseKeeper lease,
      FailedRecords failedRecords,
      SettledRecords settled,
      RunOptions options) {
    this.environment = environment;
    this.prepared = prepared;
    this.store = store;
    this.run = lease.held().run();
    this.lease = lease;
    this.failedRecords = failedRecords;
    this.settled = settled;
    this.options = options;
  }

  /**
   * Writes the units that are not done.
   *
   * @param taken failed records of every store
   * @param accepted {@code row} of those that are in the target now
   * @param rows how many those are
   * @throws io.fsmigrate.error.FsMigrateException of the store; SUMS_DO_NOT_ADD_UP
   */
  void execute(Dataset<Row> taken, Optional<Dataset<Row>> accepted, long rows) {
    UnitProgress progress = environment.progress(lease);
    store.done(progress.done(store.name()));
    if (!store.open().isEmpty()) {
      Dataset<Row> mine = taken.where(col("store").equalTo(store.name()));
      OnlineStore online = OnlineStores.of(store.definition());
      online.check(target(), false);
      online.prepare(target());
      Fence fence =
          lease.fence(
              environment.warehouse().root(), prepared.plan().branch(), prepared.plan().group());
      if (online.raiseFence(fence)) {
        store.fencedBy(fence);
      }
      store.writesBy(online.confirm(target(), store.planned().strategy()));
      try (KeptRows ranked = new KeptRows(ranked(mine, accepted))) {
        for (int bucket : store.open().stream().toArray()) {
          Map<String, Map<String, Long>> counted =
              Map.of(StoreUnits.unit(bucket), write(bucket, ranked.rows(), mine, online));
          progress.record(store.name(), counted);
          store.done(counted);
          tell(RunEvent.Kind.RECORDED, bucket, counted.values().iterator().next());
        }
      }
    }
    long tried = prepared.plan().taken().getOrDefault(store.name(), 0L);
    new RetrySums()
        .online(store.name(), store.counted(), tried, rows, settled.kept(store.name()))
        .require();
  }

  private VersionedGroup target() {
    return prepared.target();
  }

  /** {@code id} (null of accepted rows), {@code row}, its bucket and its rank in its record. */
  private Dataset<Row> ranked(Dataset<Row> mine, Optional<Dataset<Row>> accepted) {
    StructType features = StructType.fromDDL(target().schema().ddl());
    Dataset<Row> refused =
        mine.select(col("id"), RowJson.read(col("original"), features).as("row"));
    Dataset<Row> all =
        accepted
            .map(
                rows ->
                    rows.select(
                            lit(null).cast("string").as("id"), col("row").cast(features).as("row"))
                        .unionByName(refused))
            .orElse(refused);
    Column identifier = col("row").getField(target().recordIdentifier());
    Column newest = NewestRecords.order(target(), name -> col("row").getField(name)).desc();
    return all.withColumn("bucket", pmod(hash(identifier), lit(store.planned().units())))
        .withColumn(
            RANK,
            row_number().over(Window.partitionBy(identifier).orderBy(newest, col("id").desc())));
  }

  private Map<String, Long> write(
      int bucket, Dataset<Row> ranked, Dataset<Row> mine, OnlineStore online) {
    lease.confirm();
    Bucket work = new Bucket();
    List<Row> rows =
        ranked.where(col("bucket").equalTo(bucket)).select("id", RANK, "row").collectAsList();
    WriteContext context =
        new WriteContext(
            run,
            options.maxWorkers(),
            1,
            prepared.plan().staleCheck(),
            store.strategy(),
            store.fence());
    try (RecordWriter writer = online.open(target(), context)) {
      for (Row row : rows) {
        if (row.getInt(1) > 1) {
          work.superseded(row.getString(0));
        } else {
          Row record = row.getStruct(2);
          writer.write(
              List.of(RecordValues.of(record, record.length())),
              outcome -> work.add(row.getString(0), record, outcome));
        }
      }
      writer.commit();
    }
    tell(RunEvent.Kind.ONLINE_WRITTEN, bucket, work.counted);
    String unit = StoreUnits.unit(bucket);
    String transaction = "%s/%s/%s".formatted(run, store.name(), unit);
    keepFailed(work, mine, unit, transaction + "/failed");
    if (!work.outcomes.isEmpty()) {
      settled.append(
          environment.session().createDataFrame(work.outcomes, SettledRecords.SCHEMA),
          store.name(),
          transaction + "/settled");
    }
    return work.counted;
  }

  /** Records that were failed records before go on as such; others become new ones. */
  private void keepFailed(Bucket work, Dataset<Row> mine, String unit, String transaction) {
    List<Dataset<Row>> failed = new ArrayList<>();
    if (!work.failedAgain.isEmpty()) {
      Dataset<Row> again =
          environment
              .session()
              .createDataFrame(
                  work.failedAgain,
                  StructType.fromDDL("id string, code string, reason string, retryable boolean"))
              .withColumn("feature", lit(null).cast("string"))
              .withColumn("value", lit(null).cast("string"))
              .join(mine.select(col("id"), col("original").as("transformed")), "id");
      failed.add(failedRecords.again(again, mine));
    }
    if (!work.failedNew.isEmpty()) {
      StructType schema =
          StructType.fromDDL("code string, reason string, retryable boolean")
              .add("record", StructType.fromDDL(target().schema().ddl()));
      failed.add(
          failedRecords.ofBucket(
              environment.session().createDataFrame(work.failedNew, schema), store.name(), unit));
    }
    failed.stream()
        .reduce(Dataset::unionByName)
        .ifPresent(records -> failedRecords.append(records, store.name(), transaction));
  }

  private void tell(RunEvent.Kind kind, int bucket, Map<String, Long> counted) {
    environment
        .listener()
        .on(
            new RunEvent(
                kind,
                run,
                store.name(),
                List.of(StoreUnits.unit(bucket)),
                Counters.get(counted, Counters.NEWEST)));
  }

  /** What became of the records of a bucket. */
  private final class Bucket {
    private final Map<String, Long> counted = new LinkedHashMap<>();
    private final List<Row> outcomes = new ArrayList<>();
    private final List<Row> failedAgain = new ArrayList<>();
    private final List<Row> failedNew = new ArrayList<>();

    private void superseded(String id) {
      count(Counters.SUPERSEDED, 1);
      settle(id, Counters.STALE);
    }

    private void add(String id, Row record, WriteOutcome outcome) {
      count(Counters.NEWEST, 1);
      count(Counters.WRITTEN, outcome.written());
      count(Counters.STALE, outcome.stale());
      count(Counters.SUBMITTED, outcome.submitted());
      count(Counters.FAILED, outcome.failed().size());
      for (FailedWrite failed : outcome.failed()) {
        if (id == null) {
          failedNew.add(
              RowFactory.create(failed.code(), failed.reason(), failed.retryable(), record));
        } else {
          failedAgain.add(
              RowFactory.create(id, failed.code(), failed.reason(), failed.retryable()));
        }
      }
      settle(
          id,
          outcome.stale() > 0
              ? Counters.STALE
              : outcome.failed().isEmpty() ? Counters.WRITTEN : SettledRecords.FAILED);
    }

    private void settle(String id, String outcome) {
      if (id != null) {
        outcomes.add(RowFactory.create(id, store.name(), outcome));
      }
    }

    private void count(String counter, long number) {
      if (number > 0) {
        counted.merge(counter, number, Long::sum);
      }
    }
  }
}
