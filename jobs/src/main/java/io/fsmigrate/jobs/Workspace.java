package io.fsmigrate.jobs;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.CatalogLoader;
import io.fsmigrate.run.FailedRecordList;
import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.RunReports;
import io.fsmigrate.run.ServingHistory;
import io.fsmigrate.run.ServingSwitch;
import io.fsmigrate.run.Verifications;
import io.fsmigrate.run.Warehouse;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * What the configuration names: the catalog, and the state of its warehouse. Opened when a command
 * first asks, so that help and usage errors touch no file.
 */
final class Workspace {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;
  private Optional<Catalog> catalog = Optional.empty();
  private Optional<Configuration> hadoop = Optional.empty();

  /**
   * @param environment the variables that the configuration may refer to
   */
  Workspace(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  /**
   * The catalog of the configuration, read once.
   *
   * @throws io.fsmigrate.error.FsMigrateException exit code 2, with what is wrong in it
   */
  Catalog catalog() {
    if (catalog.isEmpty()) {
      catalog = Optional.of(CatalogLoader.load(options.conf(), options.settings(), environment));
    }
    return catalog.get();
  }

  /** The branches of the warehouse. */
  BranchStore branches() {
    return new BranchStore(catalog().warehouse(), hadoop(), clock);
  }

  /** The runs of the warehouse. */
  Ledger ledger() {
    return new Ledger(catalog().warehouse(), hadoop(), clock);
  }

  /** What runs of the warehouse have reported. */
  Verifications verifications() {
    return new Verifications(ledger(), catalog().warehouse(), hadoop());
  }

  RunReports reports() {
    return new RunReports(catalog().warehouse(), hadoop());
  }

  /** What online stores were told to serve. */
  ServingHistory servingHistory() {
    return new ServingHistory(catalog().warehouse(), hadoop(), clock);
  }

  /** Moves the pointers of online stores. */
  ServingSwitch servingSwitch() {
    return new ServingSwitch(catalog(), ledger(), servingHistory(), hadoop(), clock);
  }

  /** The failed records of runs. */
  FailedRecordList failedRecords() {
    return new FailedRecordList(ledger(), new Warehouse(catalog().warehouse()), hadoop());
  }

  /** Access to file systems, from the Hadoop configuration on the class path; read once. */
  Configuration hadoop() {
    if (hadoop.isEmpty()) {
      hadoop = Optional.of(new Configuration());
    }
    return hadoop.get();
  }

  /** Who is at work, for commits. */
  String user() {
    return System.getProperty("user.name", "unknown");
  }
}
