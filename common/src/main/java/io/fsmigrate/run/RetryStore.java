package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.transform.RowFates;
import io.fsmigrate.offline.transform.RowJson;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;

/**
 * Writes to one online store what it refused once and what has entered the target since. The driver
 * does it, unit by unit.
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

  /**
   * {@code id} (null of accepted rows), {@code row} (null of what does not read as it was written),
   * its bucket and its rank in its record.
   */
  private Dataset<Row> ranked(Dataset<Row> mine, Optional<Dataset<Row>> accepted) {
    StructType features = StructType.fromDDL(target().schema().ddl());
    Dataset<Row> read =
        mine.select(col("id"), col("original"), RowJson.read(col("original"), features).as("row"));
    Column readable = RowJson.of(col("row")).eqNullSafe(col("original"));
    Dataset<Row> refused = read.where(readable).select("id", "row");
    Dataset<Row> unreadable =
        read.where(not(readable))
            .select(
                col("id"),
                lit(null).cast(features).as("row"),
                bucket(col("id")).as("bucket"),
                lit(1).as(RANK));
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
    return all.withColumn("bucket", bucket(identifier))
        .withColumn(
            RANK,
            row_number().over(Window.partitionBy(identifier).orderBy(newest, col("id").desc())))
        .unionByName(unreadable);
  }

  private Column bucket(Column of) {
    return pmod(hash(of), lit(store.planned().units()));
  }

  private Map<String, Long> write(
      int bucket, Dataset<Row> ranked, Dataset<Row> mine, OnlineStore online) {
    lease.confirm();
    RetriedBucket work = new RetriedBucket(store.name(), options.batchSize());
    for (Row row :
        ranked.where(col("bucket").equalTo(bucket)).select("id", RANK, "row").collectAsList()) {
      work.take(Optional.ofNullable(row.getString(0)), row.getInt(1), row.getStruct(2));
    }
    WriteContext context =
        new WriteContext(
            run,
            options.maxWorkers(),
            1,
            prepared.plan().staleCheck(),
            store.strategy(),
            store.fence());
    try (RecordWriter writer = online.open(target(), context)) {
      work.write(writer, lease::require);
      writer.commit();
    }
    tell(RunEvent.Kind.ONLINE_WRITTEN, bucket, work.counted());
    String unit = StoreUnits.unit(bucket);
    String transaction = "%s/%s/%s".formatted(run, store.name(), unit);
    keepFailed(work, mine, unit, transaction + "/failed");
    if (!work.outcomes().isEmpty()) {
      settled.append(
          environment.session().createDataFrame(work.outcomes(), SettledRecords.SCHEMA),
          store.name(),
          transaction + "/settled");
    }
    return work.counted();
  }

  /** Records that were failed records before go on as such; others become new ones. */
  private void keepFailed(RetriedBucket work, Dataset<Row> mine, String unit, String transaction) {
    List<Dataset<Row>> failed = new ArrayList<>();
    if (!work.failedAgain().isEmpty()) {
      Dataset<Row> again =
          environment
              .session()
              .createDataFrame(work.failedAgain(), RetriedBucket.FAILED_AGAIN)
              .withColumn("feature", lit(null).cast("string"))
              .withColumn("value", lit(null).cast("string"))
              .join(mine.select("id", "original"), "id")
              .withColumn(
                  "transformed",
                  when(not(col("code").equalTo(RowFates.UNREADABLE)), col("original")))
              .drop("original");
      failed.add(failedRecords.again(again, mine));
    }
    if (!work.failedNew().isEmpty()) {
      StructType schema =
          RetriedBucket.FAILED_NEW.add("record", StructType.fromDDL(target().schema().ddl()));
      failed.add(
          failedRecords.ofBucket(
              environment.session().createDataFrame(work.failedNew(), schema), store.name(), unit));
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
}
