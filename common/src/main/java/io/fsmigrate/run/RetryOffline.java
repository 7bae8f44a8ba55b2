package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.offline.transform.RowFates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings rows that failed on the way to the target's table into it: what is accepted now and not
 * there goes to a clone of the table that the branch shows, which then shows the clone.
 *
 * <p>Everything is one unit, and each of its traces (the rows, the records that failed again, the
 * outcomes, the progress) is left once whoever repeats it.
 */
final class RetryOffline {
  private static final String UNIT = "all";

  /** Rows of one file. */
  private static final long FILE_ROWS = 500_000;

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final PreparedRetry prepared;
  private final String run;
  private final LeaseKeeper lease;
  private final RunTable table;
  private final FailedRecords failedRecords;
  private final SettledRecords settled;

  RetryOffline(
      RunEnvironment environment,
      BranchStore branches,
      PreparedRetry prepared,
      LeaseKeeper lease,
      FailedRecords failedRecords,
      SettledRecords settled) {
    this.environment = environment;
    this.branches = branches;
    this.prepared = prepared;
    this.run = lease.held().run();
    this.lease = lease;
    this.failedRecords = failedRecords;
    this.settled = settled;
    this.table =
        new RunTable(
            environment.session(),
            environment
                .warehouse()
                .table(prepared.plan().group(), prepared.target().version().text(), run),
            environment.catalog().settings().tableRetentionDays());
  }

  /**
   * Does it unless it is done.
   *
   * @param rows that failed, with the columns of failed records
   * @param fates of them
   * @return the counters
   * @throws io.fsmigrate.error.FsMigrateException SUMS_DO_NOT_ADD_UP
   */
  Map<String, Long> execute(Dataset<Row> rows, Dataset<Row> fates) {
    UnitProgress progress = environment.progress(lease);
    Map<String, Long> done = progress.done(OfflinePhase.STORE).get(UNIT);
    if (done != null) {
      tell(RunEvent.Kind.SKIPPED);
    }
    Map<String, Long> counted = new LinkedHashMap<>(done == null ? settle(rows, fates) : done);
    long written = writtenByLog();
    new RetrySums()
        .offline(
            counted,
            prepared.plan().offline(),
            written,
            failedRecords.kept(OfflinePhase.STORE),
            settled.kept(OfflinePhase.STORE))
        .require();
    if (done == null) {
      progress.record(OfflinePhase.STORE, Map.of(UNIT, counted));
      tell(RunEvent.Kind.RECORDED);
    }
    return counted;
  }

  private Map<String, Long> settle(Dataset<Row> rows, Dataset<Row> fates) {
    Dataset<Row> accepted = accepted(fates);
    RowsThere table =
        new RowsThere(environment.session(), prepared.target(), prepared.plan().table());
    try (KeptRows there = new KeptRows(table.among(accepted, prepared.plan().offline()))) {
      return settle(rows, fates, there.rows());
    }
  }

  private Map<String, Long> settle(Dataset<Row> rows, Dataset<Row> fates, Dataset<Row> there) {
    Map<String, Long> counted = counted(fates, there.count());
    if (counted.get(Counters.WRITTEN) > 0) {
      append(
          accepted(fates).join(sent(there), new String[] {"id"}, "left_anti"),
          counted.get(Counters.WRITTEN));
    }
    tell(RunEvent.Kind.OFFLINE_WRITTEN);
    if (counted.get(Counters.FAILED) > 0) {
      failedRecords.append(
          failedRecords.again(
              fates.where(col("fate").equalTo(RowFates.FAILED)).withColumn("retryable", lit(false)),
              rows),
          OfflinePhase.STORE,
          run + "/offline/failed");
    }
    settled.append(outcomes(rows, fates, there), OfflinePhase.STORE, run + "/offline/settled");
    return counted;
  }

  private Dataset<Row> outcomes(Dataset<Row> rows, Dataset<Row> fates, Dataset<Row> there) {
    Column outcome =
        when(col("fate").equalTo(RowFates.FAILED), lit(SettledRecords.FAILED))
            .when(col("there"), lit(Counters.UNCHANGED))
            .when(col("fate").equalTo(RowFates.ACCEPTED), lit(Counters.WRITTEN))
            // Also what a step has taken away.
            .otherwise(lit(Counters.FILTERED));
    return rows.select("id")
        .join(fates.select("id", "fate"), new String[] {"id"}, "left")
        .join(sent(there.withColumn("there", lit(true))), new String[] {"id"}, "left")
        .select(col("id"), lit(OfflinePhase.STORE).as("store"), outcome.as("outcome"));
  }

  private Dataset<Row> sent(Dataset<Row> there) {
    return RowsThere.sent(there, prepared.plan().offline());
  }

  /** {@code id} and {@code row} of those that satisfy the contract. */
  static Dataset<Row> accepted(Dataset<Row> fates) {
    return fates.where(col("fate").equalTo(RowFates.ACCEPTED)).select("id", "row");
  }

  private Map<String, Long> counted(Dataset<Row> fates, long unchanged) {
    Map<String, Long> byFate = new LinkedHashMap<>();
    for (Row row : fates.groupBy("fate").agg(count(lit(1))).collectAsList()) {
      byFate.put(row.getString(0), row.getLong(1));
    }
    long accepted = byFate.getOrDefault(RowFates.ACCEPTED, 0L);
    long failed = byFate.getOrDefault(RowFates.FAILED, 0L);
    long filtered = byFate.getOrDefault(RowFates.FILTERED, 0L);
    long gone = prepared.plan().offline() - accepted - failed - filtered;
    if (gone > 0 && prepared.fates().orElseThrow().mayDropRows()) {
      filtered += gone;
    }
    Map<String, Long> counted = new LinkedHashMap<>();
    counted.put(Counters.RETRIED, prepared.plan().offline());
    counted.put(Counters.WRITTEN, accepted - unchanged);
    counted.put(Counters.UNCHANGED, unchanged);
    counted.put(Counters.FILTERED, filtered);
    counted.put(Counters.FAILED, failed);
    return counted;
  }

  private void append(Dataset<Row> rows, long number) {
    TablePointer shown = prepared.plan().table();
    table.cloneFrom(shown.path(), shown.version());
    Column[] features =
        prepared.target().schema().names().stream()
            .map(name -> col("row").getField(name).as(name))
            .toArray(Column[]::new);
    table.append(
        rows.select(features).coalesce((int) (number / FILE_ROWS + 1)), run + "/" + UNIT, run);
  }

  /** Lets the branch show what was added; empty where nothing was. */
  Optional<String> publish() {
    return table.exists()
        ? Optional.of(
            new Publication(lease.fenced(branches)).publish(prepared.plan(), run, shown()))
        : Optional.empty();
  }

  /** What the branch shows once it is published. */
  TablePointer shown() {
    List<TableCommit> commits = table.commitsAfter(-1);
    return commits.isEmpty()
        ? prepared.plan().table()
        : new TablePointer(
            table.location(),
            commits.get(commits.size() - 1).version(),
            prepared.target().version());
  }

  /** Commits of the clone's source carry other names, if any. */
  private long writtenByLog() {
    return table.commitsAfter(-1).stream()
        .filter(commit -> commit.userMetadata().filter(run::equals).isPresent())
        .mapToLong(TableCommit::rows)
        .sum();
  }

  private void tell(RunEvent.Kind kind) {
    environment
        .listener()
        .on(new RunEvent(kind, run, OfflinePhase.STORE, List.of(UNIT), prepared.plan().offline()));
  }
}
