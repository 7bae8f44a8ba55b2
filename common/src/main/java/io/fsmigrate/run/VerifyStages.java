package io.fsmigrate.run;

import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.verify.DifferenceTable;
import io.fsmigrate.verify.DifferingRow;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.OnlineVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The stages of one verification: tables, online stores, and the repair that was asked for. */
final class VerifyStages {
  /** Differing rows that a report shows of each store. */
  private static final int EXAMPLES = 10;

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final PreparedVerification prepared;
  private final VerifyPlan plan;
  private final RunTally tally;
  private final LeaseKeeper lease;
  private final String run;
  private final DifferenceTable differences;

  VerifyStages(
      RunEnvironment environment,
      BranchStore branches,
      PreparedVerification prepared,
      RunTally tally,
      LeaseKeeper lease) {
    this.environment = environment;
    this.branches = branches;
    this.prepared = prepared;
    this.plan = prepared.plan();
    this.tally = tally;
    this.lease = lease;
    this.run = tally.run();
    this.differences =
        new DifferenceTable(
            environment.session(),
            new RunTable(
                environment.session(),
                environment.warehouse().differences(run),
                environment.catalog().settings().tableRetentionDays()),
            prepared.schema());
  }

  /** How a verification ends: what could not be looked at comes before what was found. */
  private record End(RunState state, ExitCode exitCode) {
    static End of(long differences, boolean outage) {
      if (outage) {
        return new End(RunState.FAILED, ExitCode.UNAVAILABLE);
      }
      return differences > 0
          ? new End(RunState.FINISHED_WITH_DIFFERENCES, ExitCode.DIFFERENCES)
          : new End(RunState.FINISHED, ExitCode.OK);
    }
  }

  VerifyReport execute(RepairApproval approval) {
    environment
        .listener()
        .on(
            new RunEvent(
                RunEvent.Kind.STARTED,
                run,
                OfflineComparison.STORE,
                List.of(),
                plan.rows().orElse(0L)));
    Optional<PreparedRun> migration = prepared.migration().map(this::staged);
    Optional<OfflineVerification> offline =
        migration.map(m -> new OfflineVerification(environment, prepared, m, lease, differences));
    Optional<OfflineVerification.Outcome> tables = offline.map(this::compare);
    List<OnlineVerdict> stores =
        prepared.stores().isEmpty()
            ? List.of()
            : compare(new OnlineVerification(environment, prepared, lease, differences));
    Optional<RepairReport> repair = repair(approval, offline, tables, stores);
    migration.ifPresent(m -> m.source().release());
    return report(tables, stores, repair);
  }

  private PreparedRun staged(PreparedRun migration) {
    String directory = environment.warehouse().directory(plan.run().orElse(run));
    return tally.timed(
        "source", () -> migration.staged(directory, environment.catalog().settings()));
  }

  private OfflineVerification.Outcome compare(OfflineVerification verification) {
    OfflineVerification.Outcome outcome =
        tally.timed(OfflineComparison.STORE, verification::execute);
    tally.count(OfflineComparison.STORE, outcome.expected());
    tally.count(
        OfflineComparison.STORE,
        Map.of(
            "missing", outcome.verdict().missing(),
            "extra", outcome.verdict().extra(),
            "different", outcome.verdict().different()));
    return outcome;
  }

  private List<OnlineVerdict> compare(OnlineVerification verification) {
    environment.listener().on(new RunEvent(RunEvent.Kind.SERVING, run, "", List.of(), 0));
    List<OnlineVerdict> verdicts = new ArrayList<>();
    for (int i = 0; i < prepared.stores().size(); i++) {
      OnlineStoreDefinition store = prepared.stores().get(i);
      VerifyPlan.OnlineSide side = plan.online().get(i);
      OnlineVerdict verdict = tally.timed(store.name(), () -> verification.execute(store, side));
      tally.count(
          store.name(),
          Map.of(
              "missing", verdict.missing(),
              "different", verdict.different(),
              "newer", verdict.newer()));
      verdicts.add(verdict);
    }
    return verdicts;
  }

  private Optional<RepairReport> repair(
      RepairApproval approval,
      Optional<OfflineVerification> offline,
      Optional<OfflineVerification.Outcome> tables,
      List<OnlineVerdict> stores) {
    // What could not be looked at to its end is not known well enough to be repaired.
    if (plan.request().repair().isEmpty()
        || stores.stream().anyMatch(store -> store.outage().isPresent())) {
      return Optional.empty();
    }
    Repair repair = new Repair(environment, branches, prepared, lease);
    Optional<OfflineVerdict> found = tables.map(OfflineVerification.Outcome::verdict);
    List<String> changes = repair.changes(found, stores);
    if (changes.isEmpty() || !approval.isGiven(plan.address(), changes)) {
      return changes.isEmpty() ? Optional.empty() : Optional.of(RepairReport.notDone(changes));
    }
    return Optional.of(tally.timed("repair", () -> repair.execute(changes, offline, found)));
  }

  private VerifyReport report(
      Optional<OfflineVerification.Outcome> offline,
      List<OnlineVerdict> online,
      Optional<RepairReport> repair) {
    long found =
        offline.map(o -> o.verdict().differences()).orElse(0L)
            + online.stream().mapToLong(OnlineVerdict::differences).sum();
    long left = repair.filter(RepairReport::done).map(RepairReport::left).orElse(found);
    End end = End.of(left, online.stream().anyMatch(store -> store.outage().isPresent()));
    List<DifferingRow> examples =
        Stream.concat(Stream.of(OfflineComparison.STORE), online.stream().map(OnlineVerdict::store))
            .flatMap(store -> differences.sample(store, EXAMPLES).stream())
            .toList();
    return new VerifyReport(
        VerifyReport.SCHEMA,
        run,
        end.state(),
        end.exitCode().code(),
        plan.run(),
        plan.source(),
        plan.address(),
        plan.table(),
        plan.migration()
            .map(m -> m.path().stream().map(Plan.PathStep::id).toList())
            .orElse(List.of()),
        offline.map(OfflineVerification.Outcome::expected).orElse(Map.of()),
        offline.map(OfflineVerification.Outcome::verdict),
        online,
        examples,
        examples.isEmpty()
            ? Optional.empty()
            : Optional.of(environment.warehouse().differences(run)),
        repair,
        plan.notes(),
        tally.record().startedAt(),
        environment.clock().instant(),
        tally.timings(),
        plan.fingerprint().hash(),
        environment.programVersion());
  }
}
