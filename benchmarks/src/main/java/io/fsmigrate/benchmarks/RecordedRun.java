package io.fsmigrate.benchmarks;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.CatalogLoader;
import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.MigrateRequest;
import io.fsmigrate.run.Migrator;
import io.fsmigrate.run.Planner;
import io.fsmigrate.run.RunEnvironment;
import io.fsmigrate.run.RunEvent;
import io.fsmigrate.run.RunOptions;
import io.fsmigrate.run.RunSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** A migration into a new warehouse whose progress is recorded, or is not. */
final class RecordedRun implements Contender {
  private final SparkSession session;
  private final Source source;
  private final Path conf;
  private final Path directory;
  private final Path warehouse;
  private final Map<String, String> settings;
  private final boolean records;
  private final AtomicInteger recorded = new AtomicInteger();

  /**
   * @param settings over those of {@code conf}
   */
  RecordedRun(
      SparkSession spark,
      Source source,
      Path conf,
      Path directory,
      Map<String, String> settings,
      boolean records) {
    this.session = RunSession.of(spark);
    this.source = source;
    this.conf = conf;
    this.directory = directory;
    this.warehouse = directory.resolve("warehouse");
    this.settings = settings;
    this.records = records;
  }

  @Override
  public String name() {
    return records ? "recorded" : "not recorded";
  }

  /** Commits of progress in the last run. */
  int recordings() {
    return recorded.get();
  }

  @Override
  public void run() {
    recorded.set(0);
    Map<String, String> all = new HashMap<>(settings);
    all.put("warehouse", warehouse.toString());
    Catalog catalog = CatalogLoader.load(Optional.of(conf), all, Map.of());
    Clock clock = Clock.systemUTC();
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    BranchStore branches = new BranchStore(catalog.warehouse(), hadoop, clock);
    RunEnvironment environment =
        new RunEnvironment(
            catalog,
            new Ledger(catalog.warehouse(), hadoop, clock),
            session,
            clock,
            event -> {
              if (event.kind() == RunEvent.Kind.RECORDED) {
                recorded.incrementAndGet();
              }
            },
            "benchmark",
            records);
    SparkSession.setActiveSession(session);
    MigrateRequest request =
        MigrateRequest.builder(source.address(directory), "account_activity@2.0.0")
            .onlineStores(Optional.of(List.of()))
            .build();
    int exitCode =
        new Migrator(environment, branches)
            .run(
                new Planner(catalog, branches, session, clock).plan(request),
                RunOptions.of(catalog.settings()))
            .exitCode();
    if (exitCode != 0) {
      throw new IllegalStateException("The migration returned " + exitCode);
    }
  }

  @Override
  public void cleanUp() throws IOException {
    Trees.delete(warehouse);
  }
}
