package io.fsmigrate.run;

import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.offline.DeltaSource;
import io.fsmigrate.offline.RowMeter;
import io.fsmigrate.verify.DifferenceTable;
import io.fsmigrate.verify.OfflineComparison;
import io.fsmigrate.verify.OfflineComparison.Side;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.Remaining;
import io.fsmigrate.verify.RepairRows;
import io.fsmigrate.verify.RowVerdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Compares the rows that should be there with the table that is there. Each side that was added up,
 * and the comparison of rows, are on record, so that a verification that is taken up does not do
 * them again.
 */
final class OfflineVerification {
  private static final String ROWS = "rows";
  private static final String VERDICT = "offline-verdict.json";

  private final RunEnvironment environment;
  private final PreparedVerification prepared;
  private final ExpectedRows expected;
  private final String run;
  private final UnitProgress progress;
  private final DifferenceTable differences;
  private final OfflineComparison comparison;
  private final RunDocuments documents;
  private Optional<Dataset<Row>> actual = Optional.empty();

  /**
   * @param migration with its source staged
   */
  OfflineVerification(
      RunEnvironment environment,
      PreparedVerification prepared,
      PreparedRun migration,
      LeaseKeeper lease,
      DifferenceTable differences) {
    this.environment = environment;
    this.prepared = prepared;
    this.expected = new ExpectedRows(migration);
    this.run = lease.held().run();
    this.progress = environment.progress(lease);
    this.differences = differences;
    this.documents = new RunDocuments(environment.warehouse(), environment.hadoop());
    this.comparison =
        new OfflineComparison(
            environment.session(),
            prepared.schema(),
            environment.warehouse().file(run, "buckets"),
            prepared.plan().buckets(),
            prepared.plan().request().everyRow());
  }

  /**
   * What was found.
   *
   * @param expected what became of the rows of the source
   */
  record Outcome(OfflineVerdict verdict, Map<String, Long> expected) {}

  /** Does what is not done. */
  Outcome execute() {
    Map<String, Map<String, Long>> done =
        new LinkedHashMap<>(progress.done(OfflineComparison.STORE));
    done.keySet().forEach(unit -> tell(RunEvent.Kind.SKIPPED, unit, 0));
    for (Side side : Side.values()) {
      if (!done.containsKey(side.text())) {
        Map<String, Long> counted = addUp(side);
        progress.record(OfflineComparison.STORE, Map.of(side.text(), counted));
        done.put(side.text(), counted);
        tell(RunEvent.Kind.RECORDED, side.text(), Counters.get(counted, Counters.READ));
      }
    }
    if (!done.containsKey(ROWS)) {
      OfflineVerdict verdict = judge();
      documents.write(run, VERDICT, verdict);
      progress.record(
          OfflineComparison.STORE, Map.of(ROWS, Map.of("differences", verdict.differences())));
      tell(RunEvent.Kind.RECORDED, ROWS, 0);
    }
    OfflineVerdict verdict = documents.read(run, VERDICT, OfflineVerdict.class).orElseThrow();
    return new Outcome(verdict, done.get(Side.EXPECTED.text()));
  }

  private Map<String, Long> addUp(Side side) {
    if (side == Side.ACTUAL) {
      return told(
          () -> {
            comparison.addUp(side, actual());
            return Map.of();
          });
    }
    String tag = "verify-" + run;
    return told(
        () -> {
          try (RowMeter meter = new RowMeter(environment.session())) {
            meter.expect(tag);
            comparison.addUp(side, expected.rows(tag));
            return expected.counts(meter.await(tag));
          }
        });
  }

  /** Says what is outside of the program when it fails there. */
  private <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      // Spark declares the failure of a job nowhere, and in Scala it is a checked exception.
      throw failure(e);
    }
  }

  private OfflineVerdict judge() {
    return told(
        () ->
            comparison.judge(
                expected.rows("verify-rows-" + run),
                actual(),
                differences,
                prepared.plan().request().maxDifferences(),
                run + "/" + OfflineComparison.STORE));
  }

  /** What the table must lose and gain. */
  RepairRows repair(Set<RowVerdict> kinds) {
    return comparison.repair(expected.rows("verify-repair-" + run), actual(), kinds);
  }

  /** What is not as it should be in another table, among the buckets that differed. */
  Remaining remaining(TablePointer repaired) {
    return told(() -> comparison.remaining(expected.rows("verify-again-" + run), rows(repaired)));
  }

  /** Opening a table costs a job; its version is the plan's and stays the same. */
  private Dataset<Row> actual() {
    if (actual.isEmpty()) {
      actual = Optional.of(rows(prepared.plan().table()));
    }
    return actual.get();
  }

  private Dataset<Row> rows(TablePointer table) {
    return DeltaSource.open(environment.session(), table.path(), Optional.of(table.version()))
        .readAll();
  }

  private RuntimeException failure(Throwable cause) {
    PreparedRun migration = prepared.migration().orElseThrow();
    return RunErrors.failure(
        migration.plan().source().location(), migration.pipeline(), migration.masking(), cause);
  }

  private void tell(RunEvent.Kind kind, String unit, long rows) {
    environment
        .listener()
        .on(new RunEvent(kind, run, OfflineComparison.STORE, List.of(unit), rows));
  }
}
