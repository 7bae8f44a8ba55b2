package io.fsmigrate.run;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.RunTable;
import io.fsmigrate.offline.TableCommit;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.transform.FailedRowCatcher;
import io.fsmigrate.offline.transform.RowCounts;
import io.fsmigrate.offline.transform.RowPipeline;
import io.fsmigrate.state.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(OfflinePhase.class);
  private static final String ADDED = "added";

  /** The observation of a group's rows. */
  private static final String ROWS = "rows";

  /** The observation of a source that leaves out rows. */
  private static final String SOURCE = "source";

  /** A quarter of the columns may be read for the sake of failed rows alone. */
  private static final double LEAST_SHARE_READ = 0.75;

  /** Of failed rows in a group; some hundred thousand small ones. */
  private static final long MOST_CAUGHT_BYTES = 64L << 20;

  private final PreparedRun prepared;
  private final String run;
  private final RunTable table;
  private final FailedRecords failedRecords;
  private final UnitProgress progress;
  private final RunSettings settings;
  private final MaxFailures maxFailures;
  private final LeaseKeeper lease;
  private final RunListener listener;
  private final Json json = new Json();
  private final Map<String, Map<String, Long>> done = new ConcurrentHashMap<>();
  private final Map<String, Long> unreadable = new ConcurrentHashMap<>();
  private final boolean catching;

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
    this.progress = progress;
    this.settings = settings;
    this.maxFailures = maxFailures;
    this.lease = lease;
    this.listener = listener;
    this.catching = catchesFailedRows(prepared);
  }

  /**
   * Whether failed rows are caught while the others are written, or found by a second reading of
   * the units that have some. A failed record has its whole original, so to catch it every column
   * must be read; that does not pay where a migration leaves many unread. And a query that shuffles
   * may run a task twice: what is caught in it would count twice.
   */
  private static boolean catchesFailedRows(PreparedRun prepared) {
    RowPipeline pipeline = prepared.pipeline();
    return pipeline.notRowLocal().isEmpty()
        && !prepared.source().leavesOutRows()
        && prepared.plan().target().strategy() != Plan.Strategy.APPEND_TO_CLONE
        && pipeline.shareOfColumnsRead() >= LEAST_SHARE_READ;
  }

  /** What the commit of a group says about itself. */
  private record GroupMark(String run, List<String> units) {}

  /**
   * Does the units that are not done.
   *
   * @return the counters of all units, summed
   * @throws FsMigrateException TOO_MANY_FAILURES, SUMS_DO_NOT_ADD_UP, STORE_UNAVAILABLE
   */
  Map<String, Long> execute() {
    done.putAll(progress.done(STORE));
    if (!done.isEmpty()) {
      emit(RunEvent.Kind.SKIPPED, List.copyOf(done.keySet()), ready(Counters.READ));
    }
    requireFewFailures(mostRows());
    if (prepared.units().stream().anyMatch(unit -> !done.containsKey(unit.id()))) {
      // What an earlier process is about to commit would be there twice. Once all units are done,
      // the table's version must stay the one that the branch shows.
      table.raiseFence(lease.held().token());
    }
    try (RowMeter meter = new RowMeter(prepared.session());
        UnitSizedTasks tasks = new UnitSizedTasks(prepared.session(), prepared.units())) {
      adopt(meter);
      List<InputUnit> open =
          prepared.units().stream().filter(unit -> !done.containsKey(unit.id())).toList();
      List<List<InputUnit>> groups = groups(open);
      runAll(groups, meter);
    }
    requireFewFailures(OptionalLong.of(ready(Counters.READ)));
    Map<String, Long> counted = Counters.sum(done.values());
    new Sums(false)
        .offline(counted, everythingRead(), writtenByLog(), failedRecords.kept(STORE))
        .require();
    counted.put(Counters.WRITTEN, writtenByLog());
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
    return Counters.sum(done.values());
  }

  private long ready(String counter) {
    return Counters.get(Counters.sum(done.values()), counter);
  }

  private boolean everythingRead() {
    return prepared.plan().request().filterQuery().isEmpty() && prepared.rows().isPresent();
  }

  /** The clone's own commit carries no mark, so its rows do not count as written by this run. */
  private long writtenByLog() {
    return table.commitsAfter(-1).stream()
        .filter(commit -> mark(commit).isPresent())
        .mapToLong(TableCommit::rows)
        .sum();
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

  private void runAll(List<List<InputUnit>> groups, RowMeter meter) {
    GroupWorkers workers = new GroupWorkers(prepared.session(), run, settings.concurrentGroups());
    try {
      workers.run(
          () -> createTable(groups.size()),
          groups,
          (group, created) -> write(group, meter, created),
          () -> requireFewFailures(mostRows()));
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private RuntimeException failure(Throwable cause) {
    return DiskFullErrors.is(cause)
        ? DiskFullErrors.error(table.location(), run, cause)
        : RunErrors.failure(
            prepared.plan().source().location(), prepared.pipeline(), prepared.masking(), cause);
  }

  /**
   * Writes a group, or else what can be written of it: units that fail together may do so for their
   * size, and are tried again in halves and at last in small tasks. A file that cannot be read is
   * named, and left out where that was asked for.
   */
  private void write(List<InputUnit> group, RowMeter meter, Future<Void> created)
      throws InterruptedException, ExecutionException {
    try {
      writeTogether(group, meter, created);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Spark's and Delta's checked exceptions are declared nowhere.
      writeInParts(group, meter, created, e);
    }
  }

  private void writeInParts(
      List<InputUnit> group, RowMeter meter, Future<Void> created, Exception failure)
      throws InterruptedException, ExecutionException {
    // What was committed must not be written again, whatever went wrong after that.
    if (lease.loss().isPresent() || isCommitted(group)) {
      throw new ExecutionException(failure);
    }
    Optional<String> file = StubbornGroup.unreadableFile(failure);
    if (file.isPresent()) {
      List<InputUnit> others = leaveOut(file.get(), group, failure);
      if (!others.isEmpty()) {
        write(others, meter, created);
      }
    } else if (!StubbornGroup.isWorthAnotherTry(failure(failure))) {
      throw new ExecutionException(failure);
    } else if (group.size() > 1) {
      LOG.warn("{}: tried again in halves", UnitPacking.together(group).id(), failure);
      for (List<InputUnit> half : StubbornGroup.halves(group)) {
        write(half, meter, created);
      }
    } else {
      LOG.warn("{}: tried again in small tasks", group.get(0).id(), failure);
      // One at a time: a setting that is put back must be that of the run.
      synchronized (unreadable) {
        try (UnitSizedTasks tasks = UnitSizedTasks.small(prepared.session(), group)) {
          writeTogether(group, meter, created);
        }
      }
    }
  }

  private boolean isCommitted(List<InputUnit> group) {
    List<String> ids = group.stream().map(InputUnit::id).toList();
    return table.commitsAfter(-1).stream()
        .flatMap(commit -> mark(commit).stream())
        .anyMatch(mark -> mark.units().stream().anyMatch(ids::contains));
  }

  /** The group without the file; what had nothing else is done. */
  private List<InputUnit> leaveOut(String file, List<InputUnit> group, Throwable failure) {
    StubbornGroup.Without without = StubbornGroup.without(file, group);
    if (!prepared.plan().request().skipUnreadable() || without.left().isEmpty()) {
      throw RunErrors.unreadableFile(file, UnitPacking.together(group).id(), run, failure);
    }
    LOG.warn("{}: left out, because it cannot be read", file, failure);
    without.left().forEach((unit, rows) -> unreadable.merge(unit, rows, Long::sum));
    List<String> open = without.units().stream().map(InputUnit::id).toList();
    Map<String, Map<String, Long>> lost = new LinkedHashMap<>();
    without.left().keySet().stream()
        .filter(unit -> !open.contains(unit))
        .forEach(unit -> lost.put(unit, withUnreadable(List.of(unit), new LinkedHashMap<>())));
    progress.record(STORE, lost);
    done.putAll(lost);
    return without.units();
  }

  /** Rows that the statistics promise and nobody can read. */
  private Map<String, Long> withUnreadable(List<String> units, Map<String, Long> counted) {
    long rows = units.stream().mapToLong(unit -> unreadable.getOrDefault(unit, 0L)).sum();
    if (units.stream().anyMatch(unreadable::containsKey)) {
      counted.merge(Counters.EXPECTED, rows, Long::sum);
      counted.put(Counters.UNREADABLE, rows);
    }
    return counted;
  }

  private void writeTogether(List<InputUnit> group, RowMeter meter, Future<Void> created)
      throws InterruptedException, ExecutionException {
    Query query = query(group, meter);
    created.get();
    lease.require();
    List<String> ids = group.stream().map(InputUnit::id).toList();
    table.append(query.rows(), run + "/" + query.tag(), json.compact(new GroupMark(run, ids)));
    emit(RunEvent.Kind.OFFLINE_WRITTEN, ids, 0);
    finish(group, query, meter.await(query.tag()));
  }

  /**
   * The one query that reads a group and gives the rows to write.
   *
   * @param tag the same units give the same tag, in whichever process
   */
  private record Query(
      String tag, InputUnit units, Dataset<Row> rows, Optional<FailedRowCatcher> catcher) {}

  private Query query(List<InputUnit> group, RowMeter meter) {
    InputUnit together = UnitPacking.together(group);
    String tag = together.id();
    meter.expect(tag);
    Dataset<Row> source = prepared.source().read(together, RowMeter.name(tag, SOURCE));
    String observation = RowMeter.name(tag, ROWS);
    Optional<FailedRowCatcher> catcher =
        catching
            ? Optional.of(
                FailedRowCatcher.register(
                    prepared.session().sparkContext(),
                    MOST_CAUGHT_BYTES,
                    group.stream().mapToLong(UnitGroups::tasks).sum()))
            : Optional.empty();
    RowPipeline pipeline = prepared.pipeline();
    Dataset<Row> rows =
        catcher
            .map(c -> pipeline.accepted(source, observation, c))
            .orElseGet(() -> pipeline.accepted(source, observation));
    if (prepared.plan().target().strategy() == Plan.Strategy.APPEND_TO_CLONE) {
      rows = withoutThoseThere(rows, tag);
    }
    return new Query(tag, together, rows, catcher);
  }

  /** Records a group whose rows are in the table: failed records first, then the progress. */
  private void finish(List<InputUnit> group, Query query, RowMeter.Measured measured) {
    RowCounts counts = prepared.pipeline().counts(measured.observed(), ROWS);
    Map<String, Long> counted =
        counters(
            query.units(),
            counts,
            measured.scanned().getOrDefault(ROWS + "/0", 0L),
            leftOut(measured.observed()));
    withUnreadable(group.stream().map(InputUnit::id).toList(), counted);
    Row added = measured.observed().get(ADDED);
    if (added != null) {
      counted.put(Counters.UNCHANGED, counts.accepted() - added.getLong(added.fieldIndex(ADDED)));
    }
    if (counts.failed() > 0) {
      failedRecords.append(
          failedRecords.ofUnit(failed(query, counts), query.units().id()),
          STORE,
          run + "/" + query.tag() + "/failed");
    }
    Map<String, Map<String, Long>> counters = new LinkedHashMap<>();
    group.forEach(unit -> counters.put(unit.id(), Map.of()));
    counters.put(group.get(0).id(), counted);
    progress.record(STORE, counters);
    done.putAll(counters);
    emit(
        RunEvent.Kind.RECORDED,
        List.copyOf(counters.keySet()),
        Counters.get(counted, Counters.READ));
  }

  /** Those that were caught on the way, or else by a second reading. */
  private Dataset<Row> failed(Query query, RowCounts counts) {
    RowPipeline pipeline = prepared.pipeline();
    return query
        .catcher()
        .flatMap(catcher -> pipeline.failed(catcher, counts))
        .map(rows -> prepared.session().createDataFrame(rows, RowPipeline.FAILED_SCHEMA))
        .orElseGet(() -> pipeline.failed(prepared.source().read(query.units())));
  }

  /** Rows that the source read and kept back; what it does not count, it must deliver. */
  private long leftOut(Map<String, Row> observed) {
    if (!prepared.source().leavesOutRows()) {
      return 0;
    }
    Row row = observed.get(SOURCE);
    return row == null ? 0 : row.getLong(row.fieldIndex(OfflineSource.LEFT_OUT));
  }

  private Map<String, Long> counters(InputUnit units, RowCounts counts, long read, long leftOut) {
    boolean limited = prepared.plan().request().filterQuery().isPresent();
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put(Counters.EXPECTED, units.rows());
    counters.put(Counters.READ, read);
    // Without a filter query every row delivered must enter; with one, the rest is what it left
    // out.
    long byQuery = limited ? read - leftOut - counts.entered() : 0;
    counters.put(Counters.FILTERED, counts.filtered() + leftOut + byQuery);
    counters.put(Counters.FAILED, counts.failed());
    counters.put(Counters.ACCEPTED, counts.accepted());
    counters.put(Counters.UNEXPLAINED, counts.unexplained());
    return counters;
  }

  /** Leaves out rows that equal one of the target's in every feature. */
  private Dataset<Row> withoutThoseThere(Dataset<Row> rows, String tag) {
    Plan.Target target = prepared.plan().target();
    Dataset<Row> there =
        DeltaSource.open(
                prepared.session(),
                target.current().orElseThrow().path(),
                Optional.of(target.current().orElseThrow().version()))
            .readAll();
    return NewRows.of(rows, there).observe(RowMeter.name(tag, ADDED), count(lit(1)).as(ADDED));
  }

  /**
   * Takes up groups that an earlier process wrote without recording them: their rows are in the
   * table, only their counts are missing, and maybe their failed records.
   */
  private void adopt(RowMeter meter) {
    for (TableCommit commit : table.commitsAfter(-1)) {
      List<String> ids = mark(commit).map(GroupMark::units).orElse(List.of());
      if (ids.isEmpty() || done.keySet().containsAll(ids)) {
        continue;
      }
      List<InputUnit> group =
          prepared.units().stream().filter(unit -> ids.contains(unit.id())).toList();
      countAgain(group, meter);
    }
  }

  private void countAgain(List<InputUnit> group, RowMeter meter) {
    Query query = query(group, meter);
    try {
      query.rows().write().format("noop").mode("overwrite").save();
    } catch (Exception e) {
      // Spark declares the failure of a job nowhere, and in Scala it is a checked exception.
      Optional<String> file = StubbornGroup.unreadableFile(e);
      if (file.isEmpty()) {
        throw failure(e);
      }
      // It was left out by the process that wrote the group, too.
      List<InputUnit> others = leaveOut(file.get(), group, e);
      if (!others.isEmpty()) {
        countAgain(others, meter);
      }
      return;
    }
    finish(group, query, meter.await(query.tag()));
  }

  private Optional<GroupMark> mark(TableCommit commit) {
    return commit
        .userMetadata()
        .filter(text -> text.startsWith("{"))
        .map(text -> json.read(table.location(), text, new TypeReference<GroupMark>() {}))
        .filter(mark -> run.equals(mark.run()));
  }

  private OptionalLong mostRows() {
    return prepared.rows().map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private void requireFewFailures(OptionalLong rows) {
    long failed = ready(Counters.FAILED);
    if (failed > 0 && maxFailures.isExceededFor(failed, rows)) {
      throw RunErrors.tooManyFailures(run, failed, maxFailures.toString());
    }
  }

  private void emit(RunEvent.Kind kind, List<String> units, long rows) {
    listener.on(new RunEvent(kind, run, STORE, units, rows));
  }
}
