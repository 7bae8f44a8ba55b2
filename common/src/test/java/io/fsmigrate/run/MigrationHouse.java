package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.CatalogLoader;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationRegistry;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.verify.RowVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A warehouse of its own with one feature group, {@code visits}, and what it takes to migrate. */
final class MigrationHouse {
  private static final Pattern UNIT = Pattern.compile("u\\d{4}");

  private static final String CONF =
      """
      fs-migrate {
        warehouse = warehouse
        online-stores.online { type = sqlite, path = online.db }
        online-stores.second { type = sqlite, path = second.db }
        feature-groups.visits {
          record-identifier = id
          event-time = at
          versions."1.0.0".features = ["id: string", "at: timestamp", "n: bigint", "x: double"]
          versions."2.0.0" {
            features = ["id: string", "at: timestamp", "n: int", "x: double", "big: boolean"]
            contract = [{ name = positive, rule = "n >= 0", feature = n }]
            online-stores = [online]
          }
        }
        feature-groups.other {
          record-identifier = number
          event-time = at
          versions."1.0.0".features =
            ["number: bigint", "at: timestamp", "n: date", "y: double", "x: double"]
        }
        migrations = [
          { group = visits, from = "1.0.0", to = "2.0.0", steps = [
              { cast { name = n, type = int } }
              { add { name = big, type = boolean, expression = "n >= 1000" } }
          ] }
          { group = visits, from = raw, to = "2.0.0", steps = [
              { cast { name = n, type = int } }
              { add { name = big, type = boolean, expression = "n >= 1000" } }
          ] }
        ]
        run {
          unit-bytes = 1
          group-bytes = 1
          concurrent-groups = 2
          online-bucket-rows = 40
          max-failures = "50%"
          table-retention-days = 30
        }
      }
      """;

  private final Path dir;
  private final SparkSession session;
  private final Clock clock;
  private Catalog catalog;

  MigrationHouse(Path dir, SparkSession spark) {
    this(dir, spark, "", Map.of(), Clock.systemUTC());
  }

  /**
   * @param more configuration that goes over what there is
   */
  MigrationHouse(Path dir, SparkSession spark, String more) {
    this(dir, spark, more, Map.of(), Clock.systemUTC());
  }

  /**
   * @param sets keys and values that count more than those of {@link #CONF}
   */
  MigrationHouse(Path dir, SparkSession spark, Map<String, String> sets, Clock clock) {
    this(dir, spark, "", sets, clock);
  }

  private MigrationHouse(
      Path dir, SparkSession spark, String more, Map<String, String> sets, Clock clock) {
    this.dir = dir;
    this.clock = clock;
    this.session = RunSession.of(spark);
    try {
      Path conf = Files.writeString(dir.resolve("visits.conf"), CONF + more);
      catalog = CatalogLoader.load(Optional.of(conf), sets, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with one more migration, as a jar on the class path would bring it. */
  MigrationHouse with(Migration migration) {
    List<Migration> all = new ArrayList<>(catalog.migrations().migrations());
    all.removeIf(m -> m.id().equals(migration.id()));
    all.add(migration);
    catalog =
        new Catalog(
            catalog.warehouse(),
            catalog.groups(),
            new MigrationRegistry(all),
            catalog.onlineStores(),
            catalog.settings(),
            catalog.sageMaker(),
            catalog.verify());
    return this;
  }

  SparkSession session() {
    return session;
  }

  RunSettings settings() {
    return catalog.settings();
  }

  String warehouse() {
    return catalog.warehouse();
  }

  Path dir() {
    return dir;
  }

  /** Writes rows as Parquet; {@code files} is how many. */
  String parquet(String name, String sql, int files) {
    Path path = dir.resolve(name);
    session.sql(sql).repartition(files).write().mode("overwrite").parquet(path.toString());
    return "parquet:" + path;
  }

  static MigrateRequest request(String source, String target) {
    return request(source, target, WriteMode.APPEND);
  }

  static MigrateRequest request(String source, String target, WriteMode mode) {
    return MigrateRequest.builder(source, target).mode(mode).createBranch(true).build();
  }

  Planner planner() {
    SparkSession.setActiveSession(session);
    return new Planner(catalog, branches(), session, clock);
  }

  Plan plan(MigrateRequest request) {
    return planner().plan(request).plan();
  }

  RunReport migrate(MigrateRequest request) {
    return migrate(request, event -> {});
  }

  RunReport migrate(MigrateRequest request, RunListener listener) {
    PreparedRun prepared = planner().plan(request);
    return migrator(listener).run(prepared, RunOptions.of(catalog.settings()));
  }

  RunReport resume(String run, RunListener listener) {
    Migrator migrator = migrator(listener);
    Plan planned = migrator.planOf(run);
    return migrator.resume(
        run, planned, planner().replan(run, planned), RunOptions.of(catalog.settings()));
  }

  Migrator migrator(RunListener listener) {
    SparkSession.setActiveSession(session);
    return new Migrator(environment(listener), branches());
  }

  PublishPlanner publishPlanner() {
    SparkSession.setActiveSession(session);
    return new PublishPlanner(catalog, branches(), session, clock);
  }

  Publisher publisher(RunListener listener) {
    SparkSession.setActiveSession(session);
    return new Publisher(environment(listener));
  }

  RunReport publish(PublishRequest request, RunListener listener) {
    PreparedPublication prepared = publishPlanner().plan(request);
    return publisher(listener).run(prepared, RunOptions.of(catalog.settings()));
  }

  RunReport resumePublication(String run, RunListener listener) {
    Publisher publisher = publisher(listener);
    PublishPlan planned = publisher.planOf(run);
    return publisher.resume(
        run, planned, publishPlanner().replan(planned), RunOptions.of(catalog.settings()));
  }

  RetryPlanner retryPlanner() {
    SparkSession.setActiveSession(session);
    return new RetryPlanner(environment(event -> {}), branches());
  }

  Retrier retrier(RunListener listener) {
    SparkSession.setActiveSession(session);
    return new Retrier(environment(listener), branches());
  }

  RunReport retry(String run, boolean all, RunListener listener) {
    PreparedRetry prepared = retryPlanner().plan(new RetryRequest(run, all));
    return retrier(listener).run(prepared, RunOptions.of(catalog.settings()));
  }

  RunReport retry(String run) {
    return retry(run, true, event -> {});
  }

  RunReport resumeRetry(String run, RunListener listener) {
    Retrier retrier = retrier(listener);
    RetryPlan planned = retrier.planOf(run);
    return retrier.resume(
        run, planned, retryPlanner().replan(planned), RunOptions.of(catalog.settings()));
  }

  /** What a retry says became of each record, without their ids. */
  List<String> settled(String retry) {
    return text(
        session
            .read()
            .format("delta")
            .load(new Warehouse(catalog.warehouse()).settledRecords(retry))
            .drop("id"));
  }

  FailedRecordList failedRecordList() {
    return new FailedRecordList(ledger(), new Warehouse(catalog.warehouse()), new Configuration());
  }

  Path database() {
    return dir.resolve("online.db");
  }

  static VerifyRequest verification(String run) {
    return verification(Optional.of(run), Map.of(), false, List.of());
  }

  static VerifyRequest verification(
      Optional<String> run,
      Map<String, String> tolerances,
      boolean everyRow,
      List<RowVerdict> repair) {
    return new VerifyRequest(
        run,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        1,
        tolerances,
        everyRow,
        1000,
        repair);
  }

  VerifyPlanner verifyPlanner() {
    SparkSession.setActiveSession(session);
    return new VerifyPlanner(environment(event -> {}), branches());
  }

  Verifier verifier(RunListener listener) {
    SparkSession.setActiveSession(session);
    return new Verifier(environment(listener), branches());
  }

  VerifyReport verify(VerifyRequest request, RunListener listener) {
    PreparedVerification prepared = verifyPlanner().plan(request);
    return verifier(listener).run(prepared, (subject, changes) -> true);
  }

  VerifyReport resumeVerification(String run, RunListener listener) {
    Verifier verifier = verifier(listener);
    VerifyPlan planned = verifier.planOf(run);
    return verifier.resume(
        run, planned, verifyPlanner().replan(run, planned), (subject, changes) -> true);
  }

  /** Changes the visible table of main by SQL, in which TABLE stands for it. */
  void change(String... statements) {
    TablePointer shown = branches().head("main").orElseThrow().tables().get("visits");
    for (String statement : statements) {
      session.sql(statement.replace("TABLE", "delta.`" + shown.path() + "`"));
    }
    long version =
        DeltaSource.open(session, shown.path(), Optional.empty())
            .snapshot()
            .version()
            .orElseThrow();
    show(new TablePointer(shown.path(), version, shown.featureVersion()));
  }

  /** Has main show that table of visits, whatever it shows. */
  void show(TablePointer table) {
    branches()
        .commit(
            "main",
            branches().head("main").map(head -> head.id()),
            "test",
            "changed",
            Map.of(),
            Map.of("visits", table),
            java.util.Set.of());
  }

  ServingSwitch serving() {
    Configuration hadoop = new Configuration();
    return new ServingSwitch(
        catalog, ledger(), new ServingHistory(catalog.warehouse(), hadoop, clock), hadoop, clock);
  }

  private RunEnvironment environment(RunListener listener) {
    return new RunEnvironment(catalog, ledger(), session, clock, listener, "test");
  }

  Ledger ledger() {
    return new Ledger(catalog.warehouse(), new Configuration(), clock);
  }

  BranchStore branches() {
    return new BranchStore(catalog.warehouse(), new Configuration(), clock);
  }

  RunRecord newestRun() {
    return ledger().list(1).get(0);
  }

  /** What readers of a branch see. */
  Dataset<Row> visible(String branch) {
    TablePointer pointer = branches().head(branch).orElseThrow().tables().get("visits");
    return DeltaSource.open(session, pointer.path(), Optional.of(pointer.version())).readAll();
  }

  /** The rows of a frame as sorted text, for comparison of runs. */
  static List<String> text(Dataset<Row> rows) {
    return rows.toJSON().collectAsList().stream().sorted().toList();
  }

  /** The failed records of a run without what differs from run to run. */
  List<String> failed(String run) {
    String table = new Warehouse(catalog.warehouse()).failedRecords(run);
    if (!new RunTable(session, table, 30).exists()) {
      return List.of();
    }
    return text(failedRecords(run).drop("run", "unit", "id", "failed_at"));
  }

  /** The failed records of a run that has some. */
  Dataset<Row> failedRecords(String run) {
    return session
        .read()
        .format("delta")
        .load(new Warehouse(catalog.warehouse()).failedRecords(run));
  }

  List<String> online(String version, List<Object> ids) {
    return online("online", version, ids);
  }

  List<String> online(String store, String version, List<Object> ids) {
    VersionedGroup target =
        catalog.version("visits", new io.fsmigrate.feature.FeatureVersion(version));
    List<OnlineRecord> records = new ArrayList<>();
    OnlineStores.of(catalog.onlineStore(store)).read(target, ids, records::add);
    return records.stream().map(record -> record.values().toString()).sorted().toList();
  }

  /** How often each unit is named by a commit of the run's table. */
  Map<String, Integer> commitsOfUnits(String version, String run) {
    String table = new Warehouse(catalog.warehouse()).table("visits", version, run);
    Map<String, Integer> commits = new TreeMap<>();
    for (TableCommit commit : new RunTable(session, table, 30).commitsAfter(-1)) {
      Matcher unit = UNIT.matcher(commit.userMetadata().orElse(""));
      while (unit.find()) {
        commits.merge(unit.group(), 1, Integer::sum);
      }
    }
    return commits;
  }
}
