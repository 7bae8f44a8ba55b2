package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.PreparedRetry;
import io.fsmigrate.run.Retrier;
import io.fsmigrate.run.RetryPlan;
import io.fsmigrate.run.RetryRequest;
import io.fsmigrate.run.RunOptions;
import io.fsmigrate.run.RunReport;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fs-migrate retry}: the failed records of a run, once more. */
@Command(
    name = "retry",
    description = {
      "Try the failed records of a run again, with the definitions and migrations of now: those that",
      "a store refused and may take now, or all of them. Reads neither the source nor the rows of",
      "the target. Each record is settled once: a retry that is repeated does nothing. Exit code 3",
      "when some records failed again."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf retry latest --dry-run",
      "  fs-migrate --conf my.conf retry 20261121T003000Z-a1b2c3",
      "  fs-migrate --conf my.conf retry 20261121T003000Z-a1b2c3 --all",
      "  fs-migrate --conf my.conf retry --resume-from latest"
    })
final class RetryCommand implements Callable<Integer> {
  private final Engine engine;
  private final Output output;
  private final RunProcess process;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run, a retry of it, or latest.")
  private Optional<String> run = Optional.empty();

  @Option(
      names = "--all",
      description = {
        "Also those that cannot become good by themselves: for when a definition, a migration or",
        "a store was corrected."
      })
  private boolean all;

  // No limit of failures: what is taken has failed before, and may well do so again.
  @Mixin private final WriterTuning tuning = new WriterTuning();

  @Option(names = "--dry-run", description = "Show what would be done, without doing it.")
  private boolean dryRun;

  @Mixin private final ResumeOption resume = new ResumeOption();

  @Option(
      names = {"-y", "--yes"},
      description = "Accepted as in other commands; nothing that readers see is removed.")
  private boolean yes;

  @Mixin private final ReportOption report = new ReportOption();

  private RetryCommand(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
    this.process = new RunProcess(engine, output);
  }

  static CommandLine create(Engine engine, Output output) {
    return new CommandLine(new RetryCommand(engine, output));
  }

  @Override
  public Integer call() {
    if (resume.isGiven() && (run.isPresent() || all || dryRun)) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume-from goes on with what that run was asked: leave RUN, --all and --dry-run out");
    }
    RunOptions how = tuning.over(engine.workspace().catalog().settings());
    ReportFile saved = report.open(engine, output);
    if (resume.isGiven()) {
      return process.told(saved.of(() -> resume(how, saved)));
    }
    PreparedRetry prepared = engine.retryPlanner().plan(request());
    RetryPlan plan = prepared.plan();
    if (dryRun || plan.records() == 0) {
      output.result(
          RetryPlan.SCHEMA,
          plan,
          (shown, out) -> RetryPlanText.print(shown, output.sameProgram(), out));
      boolean refused = dryRun && !plan.refusals().isEmpty();
      return (refused ? ExitCode.REFUSED : ExitCode.OK).code();
    }
    try (RunProgress progress = process.progress(Retrier.COMMAND)) {
      return process.told(saved.of(() -> retrier(progress, saved).run(prepared, how)));
    }
  }

  private RetryRequest request() {
    String wanted =
        run.orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "RUN is needed, such as latest; see fs-migrate runs list"));
    return new RetryRequest(RunsCommand.find(engine.ledger(), wanted).id(), all);
  }

  private RunReport resume(RunOptions how, ReportFile saved) {
    String retry = resume.run(process, Retrier.COMMAND);
    try (RunProgress progress = process.progress(Retrier.COMMAND)) {
      Retrier retrier = retrier(progress, saved);
      RetryPlan planned = retrier.planOf(retry);
      return retrier.resume(retry, planned, engine.retryPlanner().replan(planned), how);
    }
  }

  private Retrier retrier(RunProgress progress, ReportFile saved) {
    Retrier retrier = engine.retrier(RunProcess.listener(progress, saved));
    process.guard(retrier::interrupt);
    return retrier;
  }
}
