package io.fsmigrate.jobs;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which run a command goes on with instead of making one. */
final class ResumeOption {
  @Option(
      names = "--resume-from",
      paramLabel = "latest|RUN",
      description = "Go on with a run of ${COMMAND-NAME} that did not finish.")
  private Optional<String> run = Optional.empty();

  boolean isGiven() {
    return run.isPresent();
  }

  /**
   * The run to go on with, where one is given.
   *
   * @param command that makes such runs
   * @throws io.fsmigrate.error.FsMigrateException NOTHING_TO_RESUME
   */
  String run(RunProcess process, String command) {
    return process.runToResume(run.orElseThrow(), command, any -> true, Optional.empty());
  }
}
