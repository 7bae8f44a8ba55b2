package io.fsmigrate.run;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.transform.FailedRowCatcher;
import io.fsmigrate.offline.transform.RowCounts;
import io.fsmigrate.offline.transform.RowPipeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The queries that read groups of units: each gives the rows to write, what was counted on the side
 * while it ran, and the rows that failed in it.
 */
final class GroupQueries {
  /** The observation of rows that are not in the target yet. */
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
  private final RowMeter meter;
  private final boolean catching;

  /**
   * @param meter of the run's session; open as long as queries run
   */
  GroupQueries(PreparedRun prepared, RowMeter meter) {
    this.prepared = prepared;
    this.meter = meter;
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

  /**
   * The one query that reads a group.
   *
   * @param tag the same units give the same tag, in whichever process
   * @param units of the group, as one
   * @param rows those to write
   */
  record Query(String tag, InputUnit units, Dataset<Row> rows, Optional<FailedRowCatcher> catcher) {
    /** Reads the rows for what is counted on the way, and writes none. */
    void run() {
      rows.write().format("noop").mode("overwrite").save();
    }
  }

  /**
   * What a query counted.
   *
   * @param rows by what became of them in the pipeline
   * @param counters of the group
   */
  record Counted(RowCounts rows, Map<String, Long> counters) {}

  /** The query for a group, which has not run yet; it is to run once. */
  Query of(List<InputUnit> group) {
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

  /** What a query that has run counted; waits for Spark's report. */
  Counted counted(Query query) {
    RowMeter.Measured measured = meter.await(query.tag());
    RowCounts rows = prepared.pipeline().counts(measured.observed(), ROWS);
    Map<String, Long> counters =
        counters(
            query.units(),
            rows,
            measured.scanned().getOrDefault(ROWS + "/0", 0L),
            leftOut(measured.observed()));
    Row added = measured.observed().get(ADDED);
    if (added != null) {
      counters.put(Counters.UNCHANGED, rows.accepted() - added.getLong(added.fieldIndex(ADDED)));
    }
    return new Counted(rows, counters);
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

  /**
   * The rows that failed in a query that has run, with {@link RowPipeline#FAILED_SCHEMA}: those
   * that were caught on the way, or else by a second reading.
   */
  Dataset<Row> failed(Query query, RowCounts counts) {
    RowPipeline pipeline = prepared.pipeline();
    return query
        .catcher()
        .flatMap(catcher -> pipeline.failed(catcher, counts))
        .map(rows -> prepared.session().createDataFrame(rows, RowPipeline.FAILED_SCHEMA))
        .orElseGet(() -> pipeline.failed(prepared.source().read(query.units())));
  }
}
