package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.Masking;
import io.fsmigrate.offline.RunTable;
import java.time.Clock;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What runs work with, whichever command they are of.
 *
 * @param session see {@link RunSession}
 * @param listener is told what happens
 * @param programVersion for the ledger
 * @param recordsProgress false only to measure what recording costs: such a run cannot be resumed
 */
public record RunEnvironment(
    Catalog catalog,
    Ledger ledger,
    SparkSession session,
    Clock clock,
    RunListener listener,
    String programVersion,
    boolean recordsProgress) {
  /** Progress is recorded. */
  public RunEnvironment(
      Catalog catalog,
      Ledger ledger,
      SparkSession session,
      Clock clock,
      RunListener listener,
      String programVersion) {
    this(catalog, ledger, session, clock, listener, programVersion, true);
  }

  Warehouse warehouse() {
    return new Warehouse(catalog.warehouse());
  }

  Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  Duration lease() {
    return Duration.ofSeconds(catalog.settings().leaseSeconds());
  }

  /** The same, with another one who is told what happens. */
  RunEnvironment telling(RunListener another) {
    RunListener both =
        event -> {
          another.on(event);
          listener.on(event);
        };
    return new RunEnvironment(
        catalog, ledger, session, clock, both, programVersion, recordsProgress);
  }

  RunReports reports() {
    return new RunReports(catalog.warehouse(), hadoop());
  }

  /**
   * Those of the run that holds the lease, for one that is about to write: a place where they can
   * be kept comes first.
   *
   * @param masking of what is sensitive in them
   * @throws io.fsmigrate.error.FsMigrateException NOT_WRITABLE
   */
  FailedRecords failedRecords(LeaseKeeper lease, Masking masking) {
    warehouse().requireFailedRecordsWritable(hadoop(), lease.held().run());
    return new FailedRecords(
        session,
        warehouse(),
        lease,
        catalog.settings().tableRetentionDays(),
        clock,
        new RowProtection(masking, catalog.settings().failedRecordsKey()));
  }

  /** Ends what another process may still be about to keep of a run's failed records. */
  void shutOutEarlierHolder(LeaseKeeper lease) {
    new RunTable(
            session,
            warehouse().failedRecords(lease.held().run()),
            catalog.settings().tableRetentionDays())
        .raiseFence(lease.held().token());
  }

  /** What became of the records that a retry tries. */
  SettledRecords settledRecords(String run) {
    return new SettledRecords(session, warehouse(), run, catalog.settings().tableRetentionDays());
  }

  /** The branches of the warehouse. */
  BranchStore branches() {
    return new BranchStore(warehouse().root(), hadoop(), clock);
  }

  /**
   * That of the run that holds the lease, which nobody else can record any more.
   *
   * @throws io.fsmigrate.error.FsMigrateException PROGRESS_FOREIGN, RUN_TAKEN_OVER
   */
  UnitProgress progress(LeaseKeeper lease) {
    UnitProgress progress =
        new UnitProgress(
            warehouse().root(), lease.held().run(), hadoop(), clock, lease.held().token());
    if (!recordsProgress) {
      return progress.withoutRecording();
    }
    progress.take();
    return progress;
  }
}
