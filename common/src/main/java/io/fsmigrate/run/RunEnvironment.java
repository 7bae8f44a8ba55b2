package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.catalog.Catalog;
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

  /** The branches of the warehouse. */
  BranchStore branches() {
    return new BranchStore(warehouse().root(), hadoop(), clock);
  }

  /** Those of the run that holds the lease. */
  FailedRecords failedRecords(LeaseKeeper lease) {
    return new FailedRecords(
        session, warehouse(), lease, catalog.settings().tableRetentionDays(), clock);
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
