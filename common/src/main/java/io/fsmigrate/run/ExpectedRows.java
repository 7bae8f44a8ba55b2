package io.fsmigrate.run;

import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.InputUnit;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.transform.RowCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows that a migration should have written: those it accepts, through its path again. */
final class ExpectedRows {
  private static final String ROWS = "rows";
  private static final String SOURCE = "source";

  private final PreparedRun prepared;

  /**
   * @param prepared with its source staged
   */
  ExpectedRows(PreparedRun prepared) {
    this.prepared = prepared;
  }

  /**
   * The rows.
   *
   * @param tag of the query that reads them, see {@link RowMeter}
   */
  Dataset<Row> rows(String tag) {
    InputUnit all = UnitPacking.together(prepared.units());
    Dataset<Row> source = prepared.source().read(all, RowMeter.name(tag, SOURCE));
    Dataset<Row> accepted = prepared.pipeline().accepted(source, RowMeter.name(tag, ROWS));
    Plan.Target target = prepared.plan().target();
    if (target.strategy() != Plan.Strategy.APPEND_TO_CLONE) {
      return accepted;
    }
    Dataset<Row> there =
        DeltaSource.open(
                prepared.session(),
                target.current().orElseThrow().path(),
                Optional.of(target.current().orElseThrow().version()))
            .readAll();
    return there.unionByName(NewRows.of(accepted, there));
  }

  /** What became of the rows of the source, as the query counted it. */
  Map<String, Long> counts(RowMeter.Measured measured) {
    RowCounts counts = prepared.pipeline().counts(measured.observed(), ROWS);
    long read = measured.scanned().getOrDefault(ROWS + "/0", counts.entered());
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put(Counters.READ, read);
    counters.put(Counters.FILTERED, Math.max(0, read - counts.failed() - counts.accepted()));
    counters.put(Counters.FAILED, counts.failed());
    counters.put(Counters.ACCEPTED, counts.accepted());
    return counters;
  }
}
