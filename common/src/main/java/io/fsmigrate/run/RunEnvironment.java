package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.Masking;
import java.time.Clock;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What runs work with, whichever command they are of.
 *
 * @param session see {@link RunSession}
 * @param listener is told what happens
 * @param programVersion for the ledger
 */
public record RunEnvironment(
    Catalog catalog,
    Ledger ledger,
    SparkSession session,
    Clock clock,
    RunListener listener,
    String programVersion) {
  Warehouse warehouse() {
    return new Warehouse(catalog.warehouse());
  }

  Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  /**
   * Those of a run, for one that is about to write: a place where they can be kept comes first.
   *
   * @param masking of what is sensitive in them
   * @throws io.fsmigrate.error.FsMigrateException NOT_WRITABLE
   */
  FailedRecords failedRecords(String run, Masking masking) {
    warehouse().requireFailedRecordsWritable(hadoop(), run);
    return new FailedRecords(
        session,
        warehouse(),
        run,
        catalog.settings().tableRetentionDays(),
        clock,
        new RowProtection(masking, catalog.settings().failedRecordsKey()));
  }

  /** What became of the records that a retry tries. */
  SettledRecords settledRecords(String run) {
    return new SettledRecords(session, warehouse(), run, catalog.settings().tableRetentionDays());
  }

  /** That of a run. */
  UnitProgress progress(String run) {
    return new UnitProgress(warehouse().root(), run, hadoop(), clock);
  }
}
