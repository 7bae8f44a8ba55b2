package io.fsmigrate.run;

import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.OnlineVerdict;
import io.fsmigrate.verify.RecordComparison.Result;
import io.fsmigrate.verify.Remaining;
import io.fsmigrate.verify.RepairRows;
import io.fsmigrate.verify.RowVerdict;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes what was compared as it should be: a table of the verification that starts as a shallow
 * clone of the one that the branch shows and replaces it in one commit, then records of online
 * stores. What was done by an earlier process of the same run is not done again.
 */
final class Repair {
  private static final String REPAIRED = "repaired";

  private final RunEnvironment environment;
  private final BranchStore branches;
  private final PreparedVerification prepared;
  private final String run;
  private final LeaseKeeper lease;
  private final Set<RowVerdict> kinds;

  Repair(
      RunEnvironment environment,
      BranchStore branches,
      PreparedVerification prepared,
      LeaseKeeper lease) {
    this.environment = environment;
    this.branches = branches;
    this.prepared = prepared;
    this.run = lease.held().run();
    this.lease = lease;
    this.kinds = EnumSet.copyOf(prepared.plan().request().repair());
  }

  /** What would be done, in words; empty where there is nothing of what is to be repaired. */
  List<String> changes(Optional<OfflineVerdict> offline, List<OnlineVerdict> online) {
    List<String> changes = new ArrayList<>();
    offline.ifPresent(
        found -> {
          add(changes, RowVerdict.MISSING, found.missing(), "rows are added to the table");
          add(changes, RowVerdict.DIFFERENT, found.different(), "rows of the table are replaced");
          add(changes, RowVerdict.EXTRA, found.extra(), "rows are removed from the table");
        });
    for (OnlineVerdict store : online) {
      String to = "records are written to online store " + store.store();
      add(changes, RowVerdict.MISSING, store.missing(), "missing " + to);
      add(changes, RowVerdict.DIFFERENT, store.different(), "different " + to);
    }
    return changes;
  }

  private void add(List<String> changes, RowVerdict kind, long count, String what) {
    if (kinds.contains(kind) && count > 0) {
      changes.add(String.format(Locale.ROOT, "%,d %s", count, what));
    }
  }

  /**
   * Does it, and compares again.
   *
   * @throws FsMigrateException TARGET_MOVED where the branch shows another table by now; what an
   *     online store cannot do
   */
  RepairReport execute(
      List<String> changes, Optional<OfflineVerification> offline, Optional<OfflineVerdict> found) {
    Map<String, Remaining> remaining = new LinkedHashMap<>();
    Optional<TablePointer> table = Optional.empty();
    Optional<String> commit = Optional.empty();
    if (found.map(this::isTableToBeRepaired).orElse(false)) {
      OfflineVerification verification = offline.orElseThrow();
      TablePointer pointer = write(verification.repair(kinds));
      commit = Optional.of(publish(pointer));
      environment.listener().on(new RunEvent(RunEvent.Kind.REF_MOVED, run, "", List.of(), 0));
      remaining.put(OfflineComparison.STORE, verification.remaining(pointer));
      table = Optional.of(pointer);
    } else {
      found.ifPresent(
          left ->
              remaining.put(
                  OfflineComparison.STORE,
                  new Remaining(left.missing(), left.different(), left.extra())));
    }
    Map<String, Map<String, Long>> written = new LinkedHashMap<>();
    boolean keptRecords = false;
    if (!prepared.stores().isEmpty()) {
      OnlineRepair online =
          new OnlineRepair(environment, prepared, lease, table.orElse(prepared.plan().table()));
      for (int i = 0; i < prepared.stores().size(); i++) {
        OnlineRepair.Repaired repaired =
            write(online, prepared.stores().get(i), prepared.plan().online().get(i));
        written.put(prepared.stores().get(i).name(), repaired.counters());
        remaining.put(prepared.stores().get(i).name(), repaired.remaining());
        keptRecords |= repaired.keptRecords();
      }
    }
    return new RepairReport(
        changes,
        true,
        table,
        commit,
        written,
        keptRecords ? Optional.of(environment.warehouse().failedRecords(run)) : Optional.empty(),
        remaining);
  }

  private boolean isTableToBeRepaired(OfflineVerdict found) {
    return (kinds.contains(RowVerdict.MISSING) && found.missing() > 0)
        || (kinds.contains(RowVerdict.DIFFERENT) && found.different() > 0)
        || (kinds.contains(RowVerdict.EXTRA) && found.extra() > 0);
  }

  /** Two commits of a table that nobody sees yet: the keys go, then their rows come. */
  private TablePointer write(RepairRows rows) {
    VerifyPlan plan = prepared.plan();
    RunTable table =
        new RunTable(
            environment.session(),
            environment.warehouse().table(plan.group(), plan.table().featureVersion().text(), run),
            environment.catalog().settings().tableRetentionDays());
    table.cloneFrom(plan.table().path(), plan.table().version());
    if (table.commitsAfter(-1).stream().noneMatch(Repair::isRepaired)) {
      lease.confirm();
      table.deleteKeys(rows.keys());
      table.append(rows.rows(), run + "/repair", REPAIRED);
    }
    // Not the last commit, which may be one of an earlier process that came late.
    TableCommit repaired =
        table.commitsAfter(-1).stream().filter(Repair::isRepaired).findFirst().orElseThrow();
    return new TablePointer(table.location(), repaired.version(), plan.table().featureVersion());
  }

  private static boolean isRepaired(TableCommit commit) {
    return commit.userMetadata().equals(Optional.of(REPAIRED));
  }

  private String publish(TablePointer pointer) {
    VerifyPlan plan = prepared.plan();
    while (true) {
      BranchCommit head = branches.head(plan.branch()).orElseThrow();
      TablePointer shown = head.tables().get(plan.group());
      if (pointer.equals(shown)) {
        return head.id();
      }
      if (!plan.table().equals(shown)) {
        throw RunErrors.targetMoved(plan.address());
      }
      try {
        return lease
            .fenced(branches)
            .commit(
                plan.branch(),
                Optional.of(head.id()),
                System.getProperty("user.name", "unknown"),
                "repair %s".formatted(plan.address()),
                Map.of("run", run, "fingerprint", plan.fingerprint().hash()),
                Map.of(plan.group(), pointer),
                Set.of())
            .id();
      } catch (FsMigrateException e) {
        // Another feature group of the branch moved in between: look again.
        if (!e.code().equals("REF_MOVED")) {
          throw e;
        }
      }
    }
  }

  private OnlineRepair.Repaired write(
      OnlineRepair online, OnlineStoreDefinition definition, VerifyPlan.OnlineSide side) {
    OnlineStore store = OnlineStores.of(definition);
    store.check(
        prepared.target(), !RunSession.isLocal(environment.session()) && !store.writesFromDriver());
    store.prepare(prepared.target());
    lease.confirm();
    Fence fence =
        lease.fence(
            environment.warehouse().root(), prepared.plan().branch(), prepared.plan().group());
    boolean fenced = store.raiseFence(fence);
    int others = environment.session().sparkContext().getExecutorMemoryStatus().size() - 1;
    WriteContext context =
        new WriteContext(
            run,
            environment.catalog().settings().maxWorkers(),
            Math.max(1, others),
            StaleCheck.NONE,
            store.confirm(prepared.target(), store.plan(prepared.target())),
            fenced ? fence : Fence.NONE);
    Set<Result> wanted = new HashSet<>();
    if (kinds.contains(RowVerdict.MISSING)) {
      wanted.add(Result.MISSING);
    }
    if (kinds.contains(RowVerdict.DIFFERENT)) {
      wanted.add(Result.DIFFERENT);
    }
    return online.execute(
        definition,
        side,
        new BucketRepair(
            wanted,
            context,
            environment.catalog().settings().batchSize(),
            new LeaseTicket(
                environment.warehouse().root(),
                prepared.plan().branch(),
                prepared.plan().group(),
                lease.held(),
                environment.hadoop())));
  }
}
