package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.run.PreparedPublication;
import io.fsmigrate.run.PublishPlan;
import io.fsmigrate.run.PublishRequest;
import io.fsmigrate.run.Publisher;
import io.fsmigrate.run.RunOptions;
import io.fsmigrate.run.RunReport;
import io.fsmigrate.run.WriteMode;
import java.util.List;
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

/** {@code fs-migrate publish}: what a branch shows, into online stores. */
@Command(
    name = "publish",
    description = {
      "Bring the newest record of each record identifier that a branch shows into online stores:",
      "one that came later, or that a migration left out. Reads the branch's table and nothing",
      "else, and moves no branch. Exit code 3 when some records failed."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf publish main:flights --to cache",
      "  fs-migrate --conf my.conf publish main:flights@1.1.0 --to cache,serving --dry-run",
      "  fs-migrate --conf my.conf publish --resume-from latest"
    })
final class PublishCommand implements Callable<Integer> {
  private final Engine engine;
  private final Output output;
  private final RunProcess process;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SOURCE",
      description = "[BRANCH:]GROUP[@VERSION]; the branch is main unless named.")
  private Optional<String> source = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "STORE,...",
      split = ",",
      description = "The online stores, whether the feature group's definition names them or not.")
  private List<String> stores = List.of();

  @Option(
      names = "--clear-target",
      description = "Empty the stores first. Asks for the feature group's name, or needs --yes.")
  private boolean clearTarget;

  @Option(
      names = "--in-place",
      description =
          "Write where the version is that a store serves, if this one only adds features.")
  private boolean inPlace;

  @Option(
      names = "--stale-check",
      paramLabel = "none|sample|exact",
      description = "Ask stores that do not tell stale records (SageMaker); as in migrate.")
  private StaleCheck staleCheck = StaleCheck.NONE;

  @Mixin private final TuningOptions tuning = new TuningOptions();

  @Option(names = "--dry-run", description = "Show what would be done, without doing it.")
  private boolean dryRun;

  @Mixin private final ResumeOption resume = new ResumeOption();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before what readers see is removed (--clear-target).")
  private boolean yes;

  @Mixin private final ReportOption report = new ReportOption();

  private PublishCommand(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
    this.process = new RunProcess(engine, output);
  }

  static CommandLine create(Engine engine, Output output) {
    return new CommandLine(new PublishCommand(engine, output));
  }

  @Override
  public Integer call() {
    boolean requested =
        source.isPresent()
            || !stores.isEmpty()
            || clearTarget
            || inPlace
            || staleCheck != StaleCheck.NONE;
    if (resume.isGiven() && (requested || dryRun)) {
      throw new ParameterException(
          spec.commandLine(),
          "--resume-from goes on with what that run was asked: leave SOURCE, --to, --clear-target,"
              + " --in-place, --stale-check and --dry-run out");
    }
    RunOptions how = tuning.over(engine.workspace().catalog().settings());
    ReportFile saved = report.open(engine, output);
    if (dryRun) {
      PublishPlan plan = engine.publishPlanner().plan(request()).plan();
      output.result(PublishPlan.SCHEMA, plan, PublishPlanText::print);
      return (plan.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED).code();
    }
    return process.told(saved.of(() -> resume.isGiven() ? resume(how, saved) : start(how, saved)));
  }

  private PublishRequest request() {
    if (source.isEmpty() || stores.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "SOURCE and --to are needed, such as main:flights --to cache");
    }
    return new PublishRequest(
        source.get(),
        stores.stream().map(String::strip).distinct().toList(),
        clearTarget ? WriteMode.REPLACE : WriteMode.APPEND,
        inPlace,
        staleCheck);
  }

  private RunReport start(RunOptions how, ReportFile saved) {
    PreparedPublication prepared = engine.publishPlanner().plan(request());
    PublishPlan plan = prepared.plan();
    process
        .confirmation(yes)
        .require(plan.address(), plan.group() + "@" + plan.table().featureVersion(), plan.clears());
    try (RunProgress progress = process.progress(Publisher.COMMAND)) {
      return publisher(progress, saved).run(prepared, how);
    }
  }

  private RunReport resume(RunOptions how, ReportFile saved) {
    String run = resume.run(process, Publisher.COMMAND);
    try (RunProgress progress = process.progress(Publisher.COMMAND)) {
      Publisher publisher = publisher(progress, saved);
      PublishPlan planned = publisher.planOf(run);
      return publisher.resume(run, planned, engine.publishPlanner().replan(planned), how);
    }
  }

  private Publisher publisher(RunProgress progress, ReportFile saved) {
    Publisher publisher = engine.publisher(RunProcess.listener(progress, saved));
    process.guard(publisher::interrupt);
    return publisher;
  }
}
