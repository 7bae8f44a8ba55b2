package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.PreparedVerification;
import io.fsmigrate.run.Verifier;
import io.fsmigrate.run.VerifyPlan;
import io.fsmigrate.run.VerifyReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fs-migrate verify}: what is there against what should be there. */
@Command(
    name = "verify",
    description = {
      "Compare what a migration should have written with what is there: the rows of the source,",
      "through the migration path, with the target's table, and the newest of each record with the",
      "online stores. Changes nothing unless --repair is given, and asks first. Exit code 5 when",
      "there are differences."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf verify latest",
      "  fs-migrate --conf my.conf verify flights@1.0.0 feature/late:flights@2.0.0 --dry-run",
      "  fs-migrate --conf my.conf verify latest --tolerance price=0.001,delay=5s --every-row",
      "  fs-migrate --conf my.conf verify latest --repair missing,different",
      "  fs-migrate --conf my.conf verify --resume-from latest"
    })
final class VerifyCommand implements Callable<Integer> {
  private final Engine engine;
  private final Output output;
  private final RunProcess process;

  @Spec private CommandSpec spec;

  @Mixin private final VerifyOptions options = new VerifyOptions();

  @Option(names = "--dry-run", description = "Show what would be compared, without doing it.")
  private boolean dryRun;

  @Mixin private final ResumeOption resume = new ResumeOption();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before something is repaired (--repair).")
  private boolean yes;

  @Option(names = "--report", paramLabel = "FILE", description = "Save the report as JSON.")
  private Optional<Path> reportFile = Optional.empty();

  private VerifyCommand(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
    this.process = new RunProcess(engine, output);
  }

  static CommandLine create(Engine engine, Output output) {
    return new CommandLine(new VerifyCommand(engine, output));
  }

  @Override
  public Integer call() {
    if (resume.isGiven() && (!options.isEmpty() || dryRun)) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume-from goes on with what that run was asked: leave everything else out but"
              + " --report and --yes");
    }
    reportFile.ifPresent(Documents::requireWritable);
    if (dryRun) {
      VerifyPlan plan = engine.verifyPlanner().plan(options.request(engine)).plan();
      output.result(VerifyPlan.SCHEMA, plan, VerifyPlanText::print);
      return (plan.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED).code();
    }
    VerifyReport report = resume.isGiven() ? resume() : start();
    reportFile.ifPresent(file -> Documents.write(file, report));
    output.result(
        VerifyReport.SCHEMA,
        report,
        (done, out) -> VerifyText.print(done, output.sameProgram(), out));
    return report.exitCode();
  }

  private VerifyReport start() {
    PreparedVerification prepared = engine.verifyPlanner().plan(options.request(engine));
    try (RunProgress progress = process.progress(Verifier.COMMAND)) {
      return verifier(progress).run(prepared, this::isGiven);
    }
  }

  private VerifyReport resume() {
    String run = resume.run(process, Verifier.COMMAND);
    try (RunProgress progress = process.progress(Verifier.COMMAND)) {
      Verifier verifier = verifier(progress);
      VerifyPlan planned = verifier.planOf(run);
      return verifier.resume(
          run, planned, engine.verifyPlanner().replan(run, planned), this::isGiven);
    }
  }

  private boolean isGiven(String subject, List<String> changes) {
    return process.confirmation(yes).isGiven(subject, changes);
  }

  private Verifier verifier(RunProgress progress) {
    Verifier verifier = engine.verifier(RunProcess.listener(progress, event -> {}));
    process.guard(verifier::interrupt);
    return verifier;
  }
}
