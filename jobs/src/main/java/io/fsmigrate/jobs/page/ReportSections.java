package io.fsmigrate.jobs.page;

import io.fsmigrate.run.FailureSummary;
import io.fsmigrate.run.NextStep;
import io.fsmigrate.run.RunReport;
import io.fsmigrate.run.Verification;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a report says, one section for each question that is asked of it. */
final class ReportSections {
  /** In the order in which rows meet them; what is not named here comes after. */
  private static final List<String> ORDER =
      List.of(
          "cleared",
          "skipped",
          "read",
          "filtered",
          "newest",
          "superseded",
          "failed",
          "accepted",
          "written",
          "submitted",
          "stale",
          "unchanged");

  private static final Set<String> OF_THE_PROGRAM = Set.of("expected", "unexplained");

  private final Html html;
  private final Table table;
  private final RunReport report;
  private final String program;

  ReportSections(Html html, RunReport report, String program) {
    this.html = html;
    this.table = new Table(html);
    this.report = report;
    this.program = program;
  }

  void write() {
    section("How to continue", !report.next().isEmpty(), this::next);
    section("Rows and records", true, this::counters);
    ThroughputChart chart = new ThroughputChart(report.throughput());
    section("Throughput", chart.hasSomething(), () -> throughput(chart));
    section("Failures by reason", report.failures().records() > 0, this::failures);
    report
        .verification()
        .ifPresent(found -> section("Verification", true, () -> verification(found)));
    section("Calls to stores", !report.calls().isEmpty(), this::calls);
    section("What is served", !report.serving().isEmpty(), this::serving);
    RunFacts facts = new RunFacts(html, report);
    section("The run", true, facts::write);
    section(
        "Settings",
        !report.settings().run().isEmpty() || !report.settings().stores().isEmpty(),
        facts::writeSettings);
  }

  private void section(String title, boolean wanted, Runnable content) {
    if (wanted) {
      html.in(
          "section",
          Html.PLAIN,
          () -> {
            html.text("h2", Html.PLAIN, title);
            content.run();
          });
    }
  }

  private void next() {
    html.in(
        "ul",
        Html.of("steps"),
        () -> {
          for (NextStep step : report.next()) {
            html.in(
                "li",
                Html.PLAIN,
                () -> {
                  html.text("span", Html.PLAIN, step.why());
                  html.text(
                      "code",
                      List.of("class", "command", "tabindex", "0"),
                      program + " " + step.command());
                });
          }
        });
  }

  private void counters() {
    Map<String, Map<String, Long>> stores = new LinkedHashMap<>();
    if (!report.offline().isEmpty()) {
      stores.put("offline", report.offline());
    }
    stores.putAll(report.online());
    if (stores.isEmpty()) {
      html.text("p", Html.of("quiet"), "Nothing was counted.");
      return;
    }
    stores.forEach(
        (store, counters) -> {
          html.text("h3", Html.PLAIN, store);
          numbers(store, counters);
        });
  }

  private void numbers(String store, Map<String, Long> counters) {
    Set<String> names = new LinkedHashSet<>(ORDER);
    names.addAll(counters.keySet());
    html.in(
        "dl",
        Html.of("numbers"),
        () -> {
          for (String name : names) {
            if (counters.containsKey(name) && !OF_THE_PROGRAM.contains(name)) {
              html.in(
                  "div",
                  Html.PLAIN,
                  () -> {
                    html.text("dt", Html.PLAIN, name);
                    html.text(
                        "dd",
                        List.of("class", "number", "data-number", store + "/" + name),
                        Numbers.grouped(counters.get(name)));
                  });
            }
          }
        });
  }

  private void throughput(ThroughputChart chart) {
    if (report.throughput().resumed()) {
      html.text(
          "p",
          Html.of("quiet"),
          "The run was resumed: these are the samples of its last process, which begins with what was done before.");
    }
    chart.write(html);
  }

  private void failures() {
    FailureSummary failures = report.failures();
    if (failures.looked() < failures.records()) {
      html.text(
          "p",
          Html.of("quiet"),
          "Counted from %s of %s failed records."
              .formatted(Numbers.grouped(failures.looked()), Numbers.grouped(failures.records())));
    }
    table.write(
        "Failures by reason",
        List.of("Store", "Code", "Reason", "Records"),
        1,
        () -> {
          for (int i = 0; i < failures.causes().size(); i++) {
            FailureSummary.Cause cause = failures.causes().get(i);
            String key = "failures/" + i;
            table.row(
                cause.store(),
                () -> {
                  table.code(cause.code());
                  html.text("td", Html.of("words"), cause.reason().orElse("all other reasons"));
                  table.number(key, cause.records());
                });
          }
        });
  }

  private void verification(Verification found) {
    html.in(
        "p",
        Html.of("status"),
        () -> {
          html.in(
              "span",
              List.of("class", "badge " + (found.same() ? "good" : "bad"), "id", "verdict"),
              () -> {
                html.text("span", List.of("aria-hidden", "true"), found.same() ? "✓" : "×");
                html.text("span", Html.PLAIN, found.same() ? "nothing differs" : "differences");
              });
          html.text("span", Html.PLAIN, "by run " + found.run());
        });
    table.write(
        "Verification",
        List.of("Store", "Rows are in", "Compared", "Missing", "Extra", "Different"),
        4,
        () -> {
          for (Verification.Compared store : found.stores()) {
            table.row(
                store.store(),
                () -> {
                  table.text(store.rows().orElse("–"));
                  String key = "verify/" + store.store() + "/";
                  table.number(key + "compared", store.compared());
                  table.number(key + "missing", store.missing());
                  table.number(key + "extra", store.extra());
                  table.number(key + "different", store.different());
                });
          }
        });
  }

  private void calls() {
    List<String> columns = List.of("calls", "throttled", "in-flight", "concurrency");
    table.write(
        "Calls to stores",
        List.of("Store", "Calls", "Throttled", "Most in flight", "Allowed at the end"),
        4,
        () ->
            report
                .calls()
                .forEach(
                    (store, counters) ->
                        table.row(
                            store,
                            () -> {
                              for (String column : columns) {
                                if (counters.containsKey(column)) {
                                  table.number(
                                      "calls/" + store + "/" + column, counters.get(column));
                                } else {
                                  table.nothing();
                                }
                              }
                            })));
  }

  private void serving() {
    table.write(
        "What is served",
        List.of("Store", "Served", "From", "Written to"),
        0,
        () -> {
          for (RunReport.Serving store : report.serving()) {
            table.row(
                store.store(),
                () -> {
                  table.text(
                      store.served().orElse("nothing yet")
                          + (store.moved() ? ", from now on" : ""));
                  table.text(store.place().orElse("–"));
                  table.text(store.writtenTo());
                });
          }
        });
  }
}
