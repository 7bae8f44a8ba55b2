package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.RunTable;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Writes one group of units at a time and leaves its traces, in this order: a commit of the run's
 * table that names its units, the failed records, and the progress.
 */
final class GroupWriter {
  private final String run;
  private final GroupQueries queries;
  private final RunTable table;
  private final GroupMarks marks;
  private final FailedRecords failedRecords;
  private final OfflineUnits units;
  private final LeaseKeeper lease;
  private final RunListener listener;

  GroupWriter(
      String run,
      GroupQueries queries,
      RunTable table,
      GroupMarks marks,
      FailedRecords failedRecords,
      OfflineUnits units,
      LeaseKeeper lease,
      RunListener listener) {
    this.run = run;
    this.queries = queries;
    this.table = table;
    this.marks = marks;
    this.failedRecords = failedRecords;
    this.units = units;
    this.lease = lease;
    this.listener = listener;
  }

  /**
   * Brings the rows of a group into the table, in one commit, and records them.
   *
   * @param created done once the table is there
   * @throws ExecutionException where the table could not be made
   */
  void write(List<InputUnit> group, Future<Void> created)
      throws InterruptedException, ExecutionException {
    GroupQueries.Query query = queries.of(group);
    created.get();
    lease.require();
    List<String> ids = OfflineUnits.ids(group);
    table.append(query.rows(), run + "/" + query.tag(), marks.of(ids));
    emit(RunEvent.Kind.OFFLINE_WRITTEN, ids, 0);
    record(group, query);
  }

  /**
   * Records a group whose rows are in the table: failed records first, then the progress.
   *
   * @param query of the group, which has run
   */
  void record(List<InputUnit> group, GroupQueries.Query query) {
    GroupQueries.Counted counted = queries.counted(query);
    if (counted.rows().failed() > 0) {
      failedRecords.append(
          failedRecords.ofUnit(queries.failed(query, counted.rows()), query.units().id()),
          OfflinePhase.STORE,
          run + "/" + query.tag() + "/failed");
    }
    units.record(group, counted.counters());
    emit(
        RunEvent.Kind.RECORDED,
        OfflineUnits.ids(group),
        Counters.get(counted.counters(), Counters.READ));
  }

  private void emit(RunEvent.Kind kind, List<String> ids, long rows) {
    listener.on(new RunEvent(kind, run, OfflinePhase.STORE, ids, rows));
  }
}
