package io.fsmigrate.jobs;

import io.fsmigrate.run.RunListener;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunReport;
import io.fsmigrate.run.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import sun.misc.Signal;

/** What the commands that make runs have in common: who is told, signals, and which to take up. */
final class RunProcess {
  private final Engine engine;
  private final Output output;

  RunProcess(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
  }

  RunProgress progress(String command) {
    return RunProgress.start(
        engine.session(),
        output.people(),
        engine.workspace().catalog().settings().progressIntervalSeconds(),
        command);
  }

  /** Tells the progress, the report, and whoever else wants to be told. */
  static RunListener listener(RunProgress progress, RunListener report) {
    List<RunListener> listeners = new ArrayList<>(List.of(progress, report));
    ServiceLoader.load(RunListener.class).forEach(listeners::add);
    return event -> listeners.forEach(listener -> listener.on(event));
  }

  /**
   * A signal ends the process; the ledger must not go on saying that the run is at work.
   *
   * @param interrupt says whether there was a run
   */
  void guard(BooleanSupplier interrupt) {
    Runtime runtime = Runtime.getRuntime();
    Interruption interruption =
        new Interruption(
            interrupt,
            runtime::exit,
            runtime::halt,
            Interruption.LIMIT,
            text -> {
              output.people().println(text);
              output.people().flush();
            });
    runtime.addShutdownHook(new Thread(interruption::ending, "fs-migrate-interrupt"));
    for (String name : List.of("INT", "TERM")) {
      Signal.handle(new Signal(name), signal -> interruption.signalled());
    }
  }

  /**
   * The run to take up.
   *
   * @param wanted a run, or {@code latest} for the newest of the command
   * @param among which of them are meant
   * @param what names those for people
   * @throws io.fsmigrate.error.FsMigrateException NOTHING_TO_RESUME
   */
  String runToResume(
      String wanted, String command, Predicate<RunRecord> among, Optional<String> what) {
    if (!wanted.equals("latest")) {
      return wanted;
    }
    return engine.ledger().list(Integer.MAX_VALUE).stream()
        .filter(run -> run.command().equals(command))
        .filter(among)
        // A try that was refused, or given up, is no run to go on with.
        .filter(run -> run.state() != RunState.ABANDONED)
        .findFirst()
        .filter(run -> run.state().resumable())
        .map(RunRecord::id)
        .orElseThrow(() -> JobsErrors.nothingToResume(what));
  }

  /**
   * Shows the report of a run that ended well.
   *
   * @return the exit code
   */
  int told(RunReport report) {
    output.result(
        RunReport.SCHEMA, report, (done, out) -> ReportText.print(done, output.sameProgram(), out));
    return report.exitCode();
  }

  Confirmation confirmation(boolean given) {
    return new Confirmation(
        given,
        Optional.ofNullable(System.console()).map(console -> console::readLine),
        output.people());
  }
}
