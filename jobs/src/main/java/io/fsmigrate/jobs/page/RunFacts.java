package io.fsmigrate.jobs.page;

import io.fsmigrate.run.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run is, where its parts are, and how it was configured. */
final class RunFacts {
  private final Html html;
  private final Table table;
  private final RunReport report;

  RunFacts(Html html, RunReport report) {
    this.html = html;
    this.table = new Table(html);
    this.report = report;
  }

  void write() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Run", report.run());
    facts.put("Command", report.command());
    facts.put("From", report.source());
    facts.put("To", report.target());
    facts.put(
        "Migration path",
        report.path().isEmpty() ? "none, rows as they are" : String.join(", then ", report.path()));
    facts.put("Started", report.startedAt().toString());
    facts.put("Ended", report.endedAt().toString());
    facts.put("Exit code", Integer.toString(report.exitCode()));
    report.branchCommit().ifPresent(commit -> facts.put("Branch moved by", commit));
    report
        .table()
        .ifPresent(t -> facts.put("Table", "%s, version %d".formatted(t.path(), t.version())));
    report.failedRecords().ifPresent(where -> facts.put("Failed records", where));
    facts.put("Fingerprint", report.fingerprint());
    facts.put("Program", "fs-migrate " + report.programVersion());
    values("The run", facts);
    if (!report.timingsMillis().isEmpty()) {
      html.text("h3", Html.PLAIN, "Time by stage");
      List<Map.Entry<String, Long>> stages = new ArrayList<>(report.timingsMillis().entrySet());
      table.write(
          "Time by stage",
          List.of("Stage", "Milliseconds"),
          1,
          () ->
              stages.forEach(
                  stage ->
                      table.row(
                          stage.getKey(),
                          () -> table.number("millis/" + stage.getKey(), stage.getValue()))));
    }
  }

  void writeSettings() {
    html.text("h3", Html.PLAIN, "run");
    values("Settings of runs", report.settings().run());
    report
        .settings()
        .stores()
        .forEach(
            (store, settings) -> {
              html.text("h3", Html.PLAIN, "online-stores." + store);
              values("Settings of " + store, settings);
            });
  }

  private void values(String label, Map<String, String> values) {
    html.in(
        "dl",
        List.of("class", "facts", "aria-label", label),
        () ->
            values.forEach(
                (key, value) ->
                    html.in(
                        "div",
                        Html.PLAIN,
                        () -> {
                          html.text("dt", Html.PLAIN, key);
                          html.text("dd", Html.PLAIN, value);
                        })));
  }
}
