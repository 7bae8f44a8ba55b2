package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
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

  /** The same, with another one who is told what happens. */
  RunEnvironment telling(RunListener another) {
    RunListener both =
        event -> {
          another.on(event);
          listener.on(event);
        };
    return new RunEnvironment(catalog, ledger, session, clock, both, programVersion);
  }

  RunReports reports() {
    return new RunReports(catalog.warehouse(), hadoop());
  }

  /** Those of a run. */
  FailedRecords failedRecords(String run) {
    return new FailedRecords(
        session, warehouse(), run, catalog.settings().tableRetentionDays(), clock);
  }

  /** That of a run. */
  UnitProgress progress(String run) {
    return new UnitProgress(warehouse().root(), run, hadoop(), clock);
  }
}
