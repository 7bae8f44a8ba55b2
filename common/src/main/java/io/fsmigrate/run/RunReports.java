package io.fsmigrate.run;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports of runs, in their directories: made however a run ends, and read without Spark. */
public final class RunReports {
  /** Failed records that are looked at for causes; more would make the end of a run wait. */
  static final long MOST_LOOKED_AT = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(RunReports.class);
  private static final String FILE = "report.json";

  private final Warehouse warehouse;
  private final Configuration hadoop;
  private final Json json = new Json();

  /**
   * @param warehouse a path or URI
   */
  public RunReports(String warehouse, Configuration hadoop) {
    this.warehouse = new Warehouse(warehouse);
    this.hadoop = hadoop;
  }

  /**
   * The report of a run: the one that was saved when it ended, or else what the ledger knows.
   *
   * @throws FsMigrateException RUN_HAS_NO_REPORT while it is running, or was killed
   */
  public RunReport of(RunRecord run) {
    if (run.state() == RunState.RUNNING) {
      throw ReportErrors.noReport(run.id(), run.command());
    }
    // A verification has a report of its own kind.
    boolean ofItsOwn = run.command().equals(Verifier.COMMAND);
    return (ofItsOwn ? Optional.<RunReport>empty() : saved(run.id()))
        .filter(report -> report.state() == run.state())
        .orElseGet(
            () ->
                ended(
                    run,
                    new RunTally.Outline(List.of(), RunReport.Settings.NONE),
                    Optional.empty(),
                    Throughput.NONE));
  }

  private Optional<RunReport> saved(String run) {
    String file = warehouse.file(run, FILE);
    try {
      return warehouse.readText(hadoop, file).map(text -> json.read(file, text, RunReport.class));
    } catch (IOException e) {
      throw ReportErrors.unreadable(file, e);
    }
  }

  /**
   * The report of a run whose work is done.
   *
   * @param at when it was
   */
  RunReport finished(RunTally tally, WorkDone done, Instant at) {
    boolean whole = done.isWhole();
    RunRecord ended =
        tally
            .record()
            .ended(
                whole ? RunState.FINISHED : RunState.FINISHED_WITH_FAILURES,
                at,
                Optional.empty(),
                (whole ? ExitCode.OK : ExitCode.RECORDS_FAILED).code());
    return report(ended, tally.outline(), done, tally.throughput().samples());
  }

  /**
   * Saves the report of a run that was ended before its time. The ledger has its end already: a
   * report that cannot be written as well must not hide why.
   */
  void saveEnded(RunRecord run, RunTally tally) {
    try {
      RunReport report =
          ended(run, tally.outline(), tally.published(), tally.throughput().samples());
      warehouse.writeText(hadoop, warehouse.file(run.id(), FILE), json.pretty(report));
    } catch (IOException | RuntimeException e) {
      LOG.warn("The report of {} could not be written: {}", run.id(), e.toString());
    }
  }

  private RunReport ended(
      RunRecord run,
      RunTally.Outline outline,
      Optional<RunTally.Published> published,
      Throughput samples) {
    Map<String, Map<String, Long>> counters = byStore(run.counters());
    Map<String, Long> offline =
        Optional.ofNullable(counters.remove(OfflinePhase.STORE)).orElse(Map.of());
    WorkDone done =
        new WorkDone(
            offline,
            counters,
            List.of(),
            published.flatMap(RunTally.Published::commit),
            published.map(RunTally.Published::table));
    return report(run, outline, done, samples);
  }

  private RunReport report(
      RunRecord run, RunTally.Outline outline, WorkDone done, Throughput samples) {
    long failed = done.failed();
    return RunReport.of(
        run,
        outline,
        done,
        failed == 0 ? Optional.empty() : Optional.of(warehouse.failedRecords(run.id())),
        failures(run.id(), failed),
        samples);
  }

  /** The ledger has them as {@code store.counter}. */
  private static Map<String, Map<String, Long>> byStore(Map<String, Long> counters) {
    Map<String, Map<String, Long>> stores = new TreeMap<>();
    counters.forEach(
        (name, value) -> {
          int dot = name.lastIndexOf('.');
          stores
              .computeIfAbsent(name.substring(0, Math.max(dot, 0)), any -> new TreeMap<>())
              .put(name.substring(dot + 1), value);
        });
    return stores;
  }

  private FailureSummary failures(String run, long records) {
    if (records == 0) {
      return FailureSummary.NONE;
    }
    FailureCauses causes = new FailureCauses();
    try {
      new FailedRecordReader(hadoop)
          .readCauses(
              warehouse.failedRecords(run),
              MOST_LOOKED_AT,
              record ->
                  causes.add(
                      record.path("store").asText(),
                      record.path("code").asText(),
                      record.path("reason").asText()));
    } catch (RuntimeException e) {
      // The report is worth having without it; how many were looked at tells that it lacks.
      LOG.warn("Causes of failed records of {} are not known: {}", run, e.toString());
    }
    return causes.summary(records);
  }
}
