package io.fsmigrate.run;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import java.io.IOException;
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

  /** What the work has told of itself, with what was seen on the way. */
  RunReport complete(RunReport done, RunTally tally) {
    return complete(done, tally.throughput().samples(), tally.outline().settings());
  }

  private RunReport complete(RunReport done, Throughput samples, RunReport.Settings settings) {
    return done.with(samples, failures(done), settings);
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
    RunReport report =
        new RunReport(
            run.id(),
            run.command(),
            run.state(),
            run.exitCode().orElse(0),
            run.source(),
            run.target(),
            outline.path(),
            offline,
            counters,
            List.of(),
            published.flatMap(RunTally.Published::commit),
            published.map(RunTally.Published::table),
            failed(run.counters()) == 0
                ? Optional.empty()
                : Optional.of(warehouse.failedRecords(run.id())),
            run.startedAt(),
            run.endedAt().orElse(run.startedAt()),
            run.timingsMillis(),
            run.fingerprint(),
            run.programVersion(),
            run.message());
    return complete(report, samples, outline.settings());
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

  private static long failed(Map<String, Long> counters) {
    return counters.entrySet().stream()
        .filter(counter -> counter.getKey().endsWith("." + Counters.FAILED))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private FailureSummary failures(RunReport report) {
    long records =
        Counters.get(report.offline(), Counters.FAILED)
            + report.online().values().stream()
                .mapToLong(store -> Counters.get(store, Counters.FAILED))
                .sum();
    if (records == 0) {
      return FailureSummary.NONE;
    }
    FailureCauses causes = new FailureCauses();
    try {
      new FailedRecordReader(hadoop)
          .readCauses(
              warehouse.failedRecords(report.run()),
              MOST_LOOKED_AT,
              record ->
                  causes.add(
                      record.path("store").asText(),
                      record.path("code").asText(),
                      record.path("reason").asText()));
    } catch (RuntimeException e) {
      // The report is worth having without it; how many were looked at tells that it lacks.
      LOG.warn("Causes of failed records of {} are not known: {}", report.run(), e.toString());
    }
    return causes.summary(records);
  }
}
