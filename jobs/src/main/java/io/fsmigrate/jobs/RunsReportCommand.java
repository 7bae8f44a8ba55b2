package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.jobs.page.ReportPage;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate runs report}: what a run did, as text, as JSON or as a page. */
@Command(
    name = "report",
    description = {
      "Show the report of a run that has ended, well or not, or write it to a file: as JSON, or",
      "as one HTML page that needs no network."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf runs report latest",
      "  fs-migrate --conf my.conf runs report latest --html report.html"
    })
final class RunsReportCommand implements Callable<Integer> {
  private final Workspace workspace;
  private final Output output;

  @Parameters(paramLabel = "RUN", description = "The run, or latest.")
  private String id;

  @Option(names = "--html", paramLabel = "FILE", description = "Write it to this file as a page.")
  private Optional<Path> page = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write it to this file as JSON.")
  private Optional<Path> json = Optional.empty();

  private RunsReportCommand(Workspace workspace, Output output) {
    this.workspace = workspace;
    this.output = output;
  }

  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new RunsReportCommand(workspace, output));
  }

  @Override
  public Integer call() {
    RunRecord run = RunsCommand.find(workspace.ledger(), id);
    RunReport ended = workspace.reports().of(run);
    RunReport report = workspace.verifications().of(run.id()).map(ended::verified).orElse(ended);
    String program = output.sameProgram();
    page.ifPresent(file -> Documents.writeText(file, ReportPage.of(report, program)));
    json.ifPresent(file -> Documents.write(file, report));
    output.result(
        RunReport.SCHEMA,
        report,
        (done, out) -> {
          if (page.isEmpty() && json.isEmpty()) {
            ReportText.printEnded(done, program, out);
          } else {
            page.ifPresent(out::println);
            json.ifPresent(out::println);
          }
        });
    return ExitCode.OK.code();
  }
}
