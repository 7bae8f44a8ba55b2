package io.fsmigrate.jobs;

import io.fsmigrate.jobs.page.ReportPage;
import io.fsmigrate.run.RunEvent;
import io.fsmigrate.run.RunListener;
import io.fsmigrate.run.RunReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The file that a run's report is wanted in, whether the run ends well or not. */
final class ReportFile implements RunListener {
  private final Optional<Path> file;
  private final Workspace workspace;
  private final String program;
  private volatile Optional<String> ended = Optional.empty();

  /**
   * @param file none where no report is wanted
   * @param program how a command that goes on begins
   */
  ReportFile(Optional<Path> file, Workspace workspace, String program) {
    this.file = file;
    this.workspace = workspace;
    this.program = program;
  }

  /** Says at once what would be found out only when the run is done. */
  void requireWritable() {
    file.ifPresent(Documents::requireWritable);
  }

  @Override
  public void on(RunEvent event) {
    if (event.kind() == RunEvent.Kind.ENDED) {
      ended = Optional.of(event.run());
    }
  }

  /** Does the work, and writes its report; also that of a run that failed. */
  RunReport of(Supplier<RunReport> work) {
    try {
      RunReport report = work.get();
      file.ifPresent(to -> write(to, report, program));
      return report;
    } catch (RuntimeException e) {
      saveReportOfFailed(e);
      throw e;
    }
  }

  private void saveReportOfFailed(RuntimeException failure) {
    try {
      ended
          .flatMap(run -> workspace.ledger().find(run))
          .ifPresent(run -> file.ifPresent(to -> write(to, workspace.reports().of(run), program)));
    } catch (RuntimeException e) {
      // Why the run failed is what has to be told.
      failure.addSuppressed(e);
    }
  }

  /** As a page where the file's name says so, otherwise as JSON. */
  static void write(Path file, RunReport report, String program) {
    if (isPage(file)) {
      Documents.writeText(file, ReportPage.of(report, program));
    } else {
      Documents.write(file, report);
    }
  }

  private static boolean isPage(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".html") || name.endsWith(".htm");
  }
}
