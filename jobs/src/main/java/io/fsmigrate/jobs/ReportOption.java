package io.fsmigrate.jobs;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command saves the report of the run that it makes. */
final class ReportOption {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Save the report: as a page if FILE ends in .html, otherwise as JSON.")
  private Optional<Path> file = Optional.empty();

  /**
   * The file.
   *
   * @throws io.fsmigrate.error.FsMigrateException where it cannot be written, which is not to be
   *     found out only when the run is done
   */
  ReportFile open(Engine engine, Output output) {
    ReportFile report = new ReportFile(file, engine.workspace(), output.sameProgram());
    report.requireWritable();
    return report;
  }
}
