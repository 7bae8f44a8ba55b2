package io.fsmigrate.run;

import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.RunTable;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.spark.sql.types.StructType;

/**
 * Brings every unit of the source into the table of the run, each once: read, transform, check and
 * write in one pass, groups of units side by side.
 *
 * <p>A group leaves three traces, in this order: a commit of the run's table that names its units,
 * the failed records, and the progress. A process that dies in between is made up for by the next
 * one: units that the table's log names are never written again, only what comes after is.
 */
final class OfflinePhase {
  /** What the offline store is called beside the online stores. */
  static final String STORE = "offline";

  private final PreparedRun prepared;
  private final String run;
  private final RunTable table;
  private final FailedRecords failedRecords;
  private final RunSettings settings;
  private final MaxFailures maxFailures;
  private final LeaseKeeper lease;
  private final RunListener listener;
  private final GroupMarks marks;
  private final OfflineUnits units;

  OfflinePhase(
      PreparedRun prepared,
      String run,
      RunTable table,
      FailedRecords failedRecords,
      UnitProgress progress,
      RunSettings settings,
      MaxFailures maxFailures,
      LeaseKeeper lease,
      RunListener listener) {
    this.prepared = prepared;
    this.run = run;
    this.table = table;
    this.failedRecords = failedRecords;
    this.settings = settings;
    this.maxFailures = maxFailures;
    this.lease = lease;
    this.listener = listener;
    this.marks = new GroupMarks(run, table);
    this.units = new OfflineUnits(progress);
  }

  /**
   * Does the units that are not done.
   *
   * @return the counters of all units, summed
   * @throws FsMigrateException TOO_MANY_FAILURES, SUMS_DO_NOT_ADD_UP, STORE_UNAVAILABLE
   */
  Map<String, Long> execute() {
    units.takeUp();
    List<String> done = List.copyOf(units.done());
    if (!done.isEmpty()) {
      listener.on(
          new RunEvent(RunEvent.Kind.SKIPPED, run, STORE, done, units.counted(Counters.READ)));
    }
    requireFewFailures(mostRows());
    if (!units.open(prepared.units()).isEmpty()) {
      // What an earlier process is about to commit would be there twice. Once all units are done,
      // the table's version must stay the one that the branch shows.
      table.raiseFence(lease.held().token());
    }
    try (RowMeter meter = new RowMeter(prepared.session());
        UnitSizedTasks tasks = new UnitSizedTasks(prepared.session(), prepared.units())) {
      GroupAttempts attempts = attempts(meter);
      adopt(attempts);
      writeAll(groups(units.open(prepared.units())), attempts);
    }
    requireFewFailures(OptionalLong.of(units.counted(Counters.READ)));
    Map<String, Long> counted = units.counted();
    long written = marks.rows();
    new Sums(false)
        .offline(counted, everythingRead(), written, failedRecords.kept(STORE))
        .require();
    counted.put(Counters.WRITTEN, written);
    if (prepared.rows().isPresent()) {
      counted.put(
          Counters.SKIPPED,
          Counters.get(counted, Counters.EXPECTED)
              - Counters.get(counted, Counters.UNREADABLE)
              - Counters.get(counted, Counters.READ));
    }
    return counted;
  }

  /** The counters of the units that are done so far, summed. */
  Map<String, Long> counted() {
    return units.counted();
  }

  private boolean everythingRead() {
    return prepared.plan().request().filterQuery().isEmpty() && prepared.rows().isPresent();
  }

  private GroupAttempts attempts(RowMeter meter) {
    GroupQueries queries = new GroupQueries(prepared, meter);
    GroupWriter writer =
        new GroupWriter(run, queries, table, marks, failedRecords, units, lease, listener);
    return new GroupAttempts(prepared, run, table, queries, writer, marks, units, lease);
  }

  /**
   * Takes up groups that an earlier process wrote without recording them: their rows are in the
   * table, only their counts are missing, and maybe their failed records.
   */
  private void adopt(GroupAttempts attempts) {
    for (List<String> ids : marks.written()) {
      if (!units.done().containsAll(ids)) {
        attempts.countAgain(
            prepared.units().stream().filter(unit -> ids.contains(unit.id())).toList());
      }
    }
  }

  private void createTable(int groups) {
    Plan.Target target = prepared.plan().target();
    if (target.strategy() == Plan.Strategy.APPEND_TO_CLONE) {
      table.cloneFrom(
          target.current().orElseThrow().path(), target.current().orElseThrow().version());
    } else if (groups != 1) {
      // Groups side by side must not race to make it; a single one makes it with its rows.
      table.create(StructType.fromDDL(prepared.target().schema().ddl()));
    }
  }

  /** Rows that are held against the target's rows must be so all at once. */
  private List<List<InputUnit>> groups(List<InputUnit> open) {
    if (prepared.plan().target().strategy() == Plan.Strategy.APPEND_TO_CLONE) {
      return open.isEmpty() ? List.of() : List.of(open);
    }
    int cores = prepared.session().sparkContext().defaultParallelism();
    return new UnitGroups(settings.groupBytes(), 2 * cores).pack(open);
  }

  private void writeAll(List<List<InputUnit>> groups, GroupAttempts attempts) {
    GroupWorkers workers = new GroupWorkers(prepared.session(), run, settings.concurrentGroups());
    try {
      workers.run(
          () -> createTable(groups.size()),
          groups,
          attempts::write,
          () -> requireFewFailures(mostRows()));
    } catch (ExecutionException e) {
      throw attempts.failure(e.getCause());
    }
  }

  private OptionalLong mostRows() {
    return prepared.rows().map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private void requireFewFailures(OptionalLong rows) {
    long failed = units.counted(Counters.FAILED);
    if (failed > 0 && maxFailures.isExceededFor(failed, rows)) {
      throw RunErrors.tooManyFailures(run, failed, maxFailures.toString());
    }
  }
}
