package io.fsmigrate.run;

import java.util.ArrayList;
import java.util.List;

/**
 * A command that goes on from a run.
 *
 * @param command without the program's name and its own options
 * @param why what it is for
 */
public record NextStep(String command, String why) {
  /** What can be done after a run that has ended so, the most likely first. */
  static List<NextStep> after(RunReport report) {
    String run = report.run();
    List<NextStep> steps = new ArrayList<>();
    boolean failed = report.failures().records() > 0;
    boolean finished =
        report.state() == RunState.FINISHED || report.state() == RunState.FINISHED_WITH_FAILURES;
    if (failed) {
      steps.add(
          new NextStep(
              "runs failed %s --to failed.jsonl".formatted(run), "see what failed and why"));
    }
    if (report.state().resumable() && !finished) {
      steps.add(
          new NextStep(
              "%s --resume-from %s".formatted(report.command(), run),
              report.state() == RunState.STOPPED
                  ? "go on, after a fix or with a higher --max-failures"
                  : "go on where it ended"));
    }
    if (failed && finished) {
      steps.add(new NextStep("retry " + run, "write the failed records again, after a fix"));
    }
    for (RunReport.Serving serving : report.serving()) {
      serving
          .toServe()
          .ifPresent(
              command ->
                  steps.add(
                      new NextStep(command, "let " + serving.store() + " serve what was written")));
    }
    if (finished && !report.command().equals(Retrier.COMMAND)) {
      steps.add(new NextStep("verify " + run, "compare what was written with the source"));
    }
    return List.copyOf(steps);
  }
}
