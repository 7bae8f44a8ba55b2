package io.fsmigrate.run;

import static org.apache.spark.sql.functions.col;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.transform.RowFates;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tries the failed records of a run again and settles each: it is written, stale, unchanged,
 * filtered or failed again. A run of its own, which can be resumed.
 */
public final class Retrier {
  /** What the ledger calls its runs. */
  public static final String COMMAND = "retry";

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final RunLifecycle lifecycle;

  /** Runs are made with what is handed over here. */
  public Retrier(RunEnvironment environment, BranchStore branches) {
    this.environment = environment;
    this.branches = branches;
    this.lifecycle = new RunLifecycle(environment);
  }

  /**
   * Runs a plan that was just made and has records to try.
   *
   * @throws FsMigrateException with the exit code to return; whatever it is, the ledger has it
   */
  public RunReport run(PreparedRetry prepared, RunOptions options) {
    return lifecycle.start(
        job(prepared.plan()),
        (tally, lease) -> {
          requireStillOpen(prepared.plan());
          return stages(prepared, options, tally, lease);
        });
  }

  /**
   * The saved plan of a run.
   *
   * @throws FsMigrateException UNKNOWN_RUN, RUN_OF_OTHER_COMMAND, PLAN_UNREADABLE
   */
  public RetryPlan planOf(String run) {
    return lifecycle.planOf(run, COMMAND, RetryPlan.class);
  }

  /**
   * Takes up a run where an earlier process left it.
   *
   * @param prepared the run's own plan, made again with {@link RetryPlanner#replan}
   * @param planned the run's plan as it was saved
   * @throws FsMigrateException as {@link Migrator#resume}
   */
  public RunReport resume(
      String run, RetryPlan planned, PreparedRetry prepared, RunOptions options) {
    return lifecycle.resume(
        run,
        job(prepared.plan()),
        planned.fingerprint(),
        (tally, lease) -> stages(prepared, options, tally.resumed(), lease));
  }

  /** See {@link RunLifecycle#interrupt}. */
  public boolean interrupt() {
    return lifecycle.interrupt();
  }

  private static RunLifecycle.Job job(RetryPlan plan) {
    return new RunLifecycle.Job(
        COMMAND,
        plan.run(),
        plan.address(),
        plan.branch(),
        plan.group(),
        RunLifecycle.Guard.TARGET,
        plan.fingerprint(),
        plan.refusals(),
        plan);
  }

  /** The lock is ours now; until it was, another retry may have settled the same records. */
  private void requireStillOpen(RetryPlan plan) {
    if (!RetryChain.of(environment.ledger(), plan.run()).retries().equals(plan.retries())) {
      throw RetryErrors.retriedMeanwhile(plan.run());
    }
  }

  private RunReport stages(
      PreparedRetry prepared, RunOptions options, RunTally tally, LeaseKeeper lease) {
    String run = tally.run();
    RetryPlan plan = prepared.plan();
    RunEnvironment watched = environment.telling(tally.throughput());
    tally.outline(
        new RunTally.Outline(
            plan.path().stream().map(Plan.PathStep::id).toList(),
            EffectiveSettings.of(environment.catalog().settings(), options, prepared.stores())
                .without("max-failures")));
    tally.published(new RunTally.Published(Optional.empty(), plan.table()));
    watched.listener().on(new RunEvent(RunEvent.Kind.RETRYING, run, "", List.of(), plan.records()));
    FailedRecords failedRecords = environment.failedRecords(lease, prepared.masking());
    SettledRecords settled = environment.settledRecords(run);
    try (KeptRows all = new KeptRows(prepared.taken().orElseThrow())) {
      Dataset<Row> rows = all.rows().where(col("store").equalTo(OfflinePhase.STORE));
      Optional<RowFates> fates = prepared.fates();
      RetryOffline offline =
          new RetryOffline(watched, branches, prepared, lease, failedRecords, settled);
      Stages stages = new Stages(watched, prepared, options, tally, lease, failedRecords, settled);
      if (fates.isEmpty()) {
        return report(
            watched,
            tally,
            Map.of(),
            stages.online(all.rows(), Optional.empty(), 0),
            Optional.empty(),
            plan.table());
      }
      try (KeptRows followed = told(prepared, () -> new KeptRows(fates.get().of(rows)))) {
        Map<String, Long> counted = offline(prepared, offline, rows, followed.rows(), tally);
        Optional<String> commit = tally.timed("branch", offline::publish);
        commit.ifPresent(
            moved ->
                watched
                    .listener()
                    .on(new RunEvent(RunEvent.Kind.REF_MOVED, run, "", List.of(), 0)));
        Map<String, Map<String, Long>> online =
            stages.online(
                all.rows(),
                Optional.of(RetryOffline.accepted(followed.rows())),
                Counters.get(counted, Counters.WRITTEN)
                    + Counters.get(counted, Counters.UNCHANGED));
        return report(watched, tally, counted, online, commit, offline.shown());
      }
    }
  }

  private static Map<String, Long> offline(
      PreparedRetry prepared,
      RetryOffline offline,
      Dataset<Row> taken,
      Dataset<Row> fates,
      RunTally tally) {
    Dataset<Row> rows = taken.where(col("store").equalTo(OfflinePhase.STORE));
    return told(
        prepared,
        () -> tally.counted(OfflinePhase.STORE, () -> offline.execute(rows, fates), Map::of));
  }

  /** Says what is outside of the program, without sensitive values, when a step fails there. */
  private static <T> T told(PreparedRetry prepared, Supplier<T> work) {
    try {
      return work.get();
    } catch (FsMigrateException e) {
      throw e;
    } catch (Exception e) {
      // Spark declares the failure of a job nowhere, and in Scala it is a checked exception.
      throw RunErrors.failure(
          "failed records of " + prepared.plan().run(),
          prepared.fates().orElseThrow().pipeline(),
          prepared.masking(),
          e);
    }
  }

  /** What the stores have to know of the run. */
  private static final class Stages {
    private final RunEnvironment environment;
    private final PreparedRetry prepared;
    private final RunOptions options;
    private final RunTally tally;
    private final LeaseKeeper lease;
    private final FailedRecords failedRecords;
    private final SettledRecords settled;

    Stages(
        RunEnvironment environment,
        PreparedRetry prepared,
        RunOptions options,
        RunTally tally,
        LeaseKeeper lease,
        FailedRecords failedRecords,
        SettledRecords settled) {
      this.environment = environment;
      this.prepared = prepared;
      this.options = options;
      this.tally = tally;
      this.lease = lease;
      this.failedRecords = failedRecords;
      this.settled = settled;
    }

    /** Store by store; one that is away does not keep the others from their records. */
    private Map<String, Map<String, Long>> online(
        Dataset<Row> taken, Optional<Dataset<Row>> accepted, long rows) {
      Map<String, Map<String, Long>> online = new LinkedHashMap<>();
      List<FsMigrateException> outages = new ArrayList<>();
      for (OnlineStoreDefinition definition : prepared.stores()) {
        StoreUnits store =
            new StoreUnits(
                definition,
                prepared.plan().online().stream()
                    .filter(planned -> planned.store().equals(definition.name()))
                    .findFirst()
                    .orElseThrow());
        RetryStore work =
            new RetryStore(environment, prepared, store, lease, failedRecords, settled, options);
        try {
          tally.counted(
              store.name(),
              () -> {
                work.execute(taken, accepted, rows);
                return store.counted();
              },
              store::counted);
        } catch (FsMigrateException e) {
          outages.add(ServingPhase.outage(e, tally.run()));
        }
        online.put(store.name(), store.counted());
      }
      if (!outages.isEmpty()) {
        throw RunErrors.storesFailed(outages);
      }
      return online;
    }
  }

  private RunReport report(
      RunEnvironment watched,
      RunTally tally,
      Map<String, Long> offline,
      Map<String, Map<String, Long>> online,
      Optional<String> commit,
      TablePointer shown) {
    WorkDone done = new WorkDone(offline, online, List.of(), commit, Optional.of(shown));
    return watched.reports().finished(tally, done, environment.clock().instant());
  }
}
