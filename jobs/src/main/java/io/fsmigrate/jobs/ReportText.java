package io.fsmigrate.jobs;

import io.fsmigrate.run.NextStep;
import io.fsmigrate.run.Publisher;
import io.fsmigrate.run.Retrier;
import io.fsmigrate.run.RunReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A report as people read it. */
final class ReportText {
  private static final List<String> OFFLINE =
      List.of(
          "skipped",
          "unreadable-files",
          "unreadable",
          "read",
          "filtered",
          "failed",
          "accepted",
          "written",
          "unchanged");
  private static final List<String> RETRIED =
      List.of("retried", "written", "unchanged", "filtered", "failed");
  private static final List<String> ONLINE =
      List.of("cleared", "newest", "superseded", "written", "submitted", "stale", "failed");

  private static final List<String> HISTORY = List.of("read", "written", "unchanged");

  private static final List<String> ONLY_WHERE_COUNTED =
      List.of("cleared", "submitted", "unreadable-files", "unreadable");

  private ReportText() {}

  /**
   * @param program how the next command begins
   */
  static void print(RunReport report, String program, PrintWriter out) {
    out.printf(
        "Run        %s %s in %.1f s%n",
        report.run(), report.state().text(), report.duration().toMillis() / 1000.0);
    boolean onlineOnly = report.offline().isEmpty();
    String did =
        switch (report.command()) {
          case Publisher.COMMAND -> "Published";
          case Retrier.COMMAND -> "Retried";
          default -> "Migrated";
        };
    out.printf("%-10s %s -> %s%n", did, report.source(), report.target());
    report.table().ifPresent(t -> out.printf("Table      %s, version %d%n", t.path(), t.version()));
    out.println();
    if (!onlineOnly) {
      boolean retried = report.offline().containsKey("retried");
      print("offline", retried ? RETRIED : OFFLINE, report.offline(), out);
    }
    Optional.ofNullable(report.offline().get("athena-bytes-scanned"))
        .ifPresent(bytes -> out.printf("Athena     scanned %s%n", PlanText.bytes(bytes)));
    report
        .online()
        .forEach(
            (store, counters) ->
                print(store, counters.containsKey("newest") ? ONLINE : HISTORY, counters, out));
    report
        .calls()
        .forEach(
            (store, counters) ->
                out.printf(
                    "Calls      %s: %,d, %,d throttled, at most %,d in flight%n",
                    store,
                    counters.getOrDefault("calls", 0L),
                    counters.getOrDefault("throttled", 0L),
                    counters.getOrDefault("in-flight", 0L)));
    report.serving().forEach(store -> print(store, program, out));
    report
        .failedRecords()
        .ifPresent(
            where ->
                out.printf(
                    "%nFailed records are in %s%n  %s runs failed %s --to failed.jsonl%n",
                    where, program, report.run()));
  }

  /** The same of a run that has ended some time ago, perhaps not well. */
  static void printEnded(RunReport report, String program, PrintWriter out) {
    print(report, program, out);
    report.message().ifPresent(message -> out.printf("%nMessage    %s%n", message));
    if (!report.failures().causes().isEmpty()) {
      out.println();
      TextTable failures = new TextTable("STORE", "CODE", "RECORDS", "REASON");
      report
          .failures()
          .causes()
          .forEach(
              cause ->
                  failures.add(
                      cause.store(),
                      cause.code(),
                      "%,d".formatted(cause.records()),
                      cause.reason().orElse("all other reasons")));
      failures.print(out, "");
    }
    for (NextStep step : report.next()) {
      out.printf("%nTo %s:%n  %s %s%n", step.why(), program, step.command());
    }
  }

  private static void print(RunReport.Serving store, String program, PrintWriter out) {
    out.printf(
        "Serving    %s: %s%s%n",
        store.store(),
        store
            .served()
            .map(version -> version + " from " + store.place().orElse("?"))
            .orElse("nothing yet"),
        store.moved() ? ", from now on" : "");
    store
        .toServe()
        .ifPresent(
            command ->
                out.printf(
                    "           what was written is in %s; to serve it:%n  %s %s%n",
                    store.writtenTo(), program, command));
  }

  private static void print(
      String name, List<String> order, Map<String, Long> counters, PrintWriter out) {
    out.printf("%-10s", name);
    for (String counter : order) {
      if (ONLY_WHERE_COUNTED.contains(counter) && !counters.containsKey(counter)) {
        continue;
      }
      out.printf(" %s %,d", counter, counters.getOrDefault(counter, 0L));
    }
    out.println();
  }
}
