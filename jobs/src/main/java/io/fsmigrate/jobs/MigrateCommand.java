package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.Address;
import io.fsmigrate.run.MigrateRequest;
import io.fsmigrate.run.Migrator;
import io.fsmigrate.run.Plan;
import io.fsmigrate.run.PreparedRun;
import io.fsmigrate.run.RunOptions;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunReport;
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

/** {@code fs-migrate migrate}: the main job. */
@Command(
    name = "migrate",
    description = {
      "Move rows from one feature version to another: into a Delta table that the target's branch",
      "then shows, and the newest of each record into the target's online stores.",
      "Exit code 3 when some records failed: see `fs-migrate runs failed latest`."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf migrate parquet:/data/flights.parquet flights@1.0.0",
      "  fs-migrate --conf my.conf migrate flights@1.0.0 feature/late:flights@2.0.0 --create-branch",
      "  fs-migrate --conf my.conf migrate --plan plan.json",
      "  fs-migrate --conf my.conf migrate --resume-from latest",
      "  fs-migrate --conf my.conf migrate flights@1.0.0 flights@2.0.0 --resume-from record:JFK-LAX"
    })
final class MigrateCommand implements Callable<Integer> {
  private static final String RECORD = "record:";

  private final Engine engine;
  private final Output output;
  private final RunProcess process;

  @Spec private CommandSpec spec;

  @Mixin private final RequestOptions options = new RequestOptions();

  @Mixin private final TuningOptions tuning = new TuningOptions();

  @Option(names = "--dry-run", description = "The same as plan: show what would be done.")
  private boolean dryRun;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "Run exactly this plan; refused when it is stale.")
  private Optional<Path> planFile = Optional.empty();

  @Option(
      names = "--resume-from",
      paramLabel = "latest|RUN|record:ID",
      description = {
        "Go on with a run that did not finish; with record:ID, start a run that takes only the",
        "records whose identifier does not sort before ID: the others count as filtered."
      })
  private Optional<String> resumeFrom = Optional.empty();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before what readers see is removed (--clear-target).")
  private boolean yes;

  @Mixin private final ReportOption report = new ReportOption();

  private MigrateCommand(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
    this.process = new RunProcess(engine, output);
  }

  static CommandLine create(Engine engine, Output output) {
    return new CommandLine(new MigrateCommand(engine, output));
  }

  @Override
  public Integer call() {
    if (resumeFrom.isPresent() && planFile.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--plan and --resume-from exclude each other");
    }
    if ((planFile.isPresent()) && !options.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--plan says what to do: leave source, target and their options out");
    }
    RunOptions how = tuning.over(engine.workspace().catalog().settings());
    ReportFile saved = report.open(engine, output);
    if (dryRun) {
      Plan plan = planned().plan();
      output.result(Plan.SCHEMA, plan, PlanText::print);
      return (plan.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED).code();
    }
    boolean resumes = resumeFrom.isPresent() && fromRecord().isEmpty();
    return process.told(saved.of(() -> resumes ? resume(how, saved) : start(how, saved)));
  }

  private Optional<String> fromRecord() {
    return resumeFrom
        .filter(from -> from.startsWith(RECORD))
        .map(from -> from.substring(RECORD.length()));
  }

  private PreparedRun planned() {
    if (planFile.isEmpty()) {
      MigrateRequest request = options.request().toBuilder().fromRecord(fromRecord()).build();
      return engine.planner().plan(request);
    }
    Plan approved = Documents.read(planFile.get(), Plan.class);
    PreparedRun now = engine.planner().plan(approved.request());
    List<String> changed = approved.fingerprint().differences(now.plan().fingerprint());
    if (!changed.isEmpty()) {
      throw JobsErrors.stalePlan(planFile.get(), changed);
    }
    return now;
  }

  private RunReport start(RunOptions how, ReportFile saved) {
    PreparedRun prepared = planned();
    process
        .confirmation(yes)
        .require(
            prepared.plan().target().address(),
            prepared.plan().target().group() + "@" + prepared.plan().target().version(),
            prepared.plan().clears());
    try (RunProgress progress = process.progress(Migrator.COMMAND)) {
      return migrator(progress, saved).run(prepared, how);
    }
  }

  private RunReport resume(RunOptions how, ReportFile saved) {
    String run =
        process.runToResume(
            resumeFrom.orElseThrow(), Migrator.COMMAND, this::isOfTarget, options.target());
    try (RunProgress progress = process.progress(Migrator.COMMAND)) {
      Migrator migrator = migrator(progress, saved);
      Plan planned = migrator.planOf(run);
      requireSameRequest(run, planned);
      return migrator.resume(run, planned, engine.planner().replan(run, planned), how);
    }
  }

  private boolean isOfTarget(RunRecord run) {
    if (options.target().isEmpty()) {
      return true;
    }
    Address.Stored target = Address.parseTarget(options.target().get());
    return run.target().equals(target.text()) || run.target().startsWith(target.text() + "@");
  }

  private void requireSameRequest(String run, Plan planned) {
    boolean sameSource =
        options.source().map(s -> s.equals(planned.request().source())).orElse(true);
    boolean sameTarget =
        options.target().map(t -> t.equals(planned.request().target())).orElse(true);
    if (!sameSource || !sameTarget) {
      throw JobsErrors.otherRequest(run, planned.request().source(), planned.request().target());
    }
  }

  private Migrator migrator(RunProgress progress, ReportFile saved) {
    Migrator migrator = engine.migrator(RunProcess.listener(progress, saved));
    process.guard(migrator::interrupt);
    return migrator;
  }
}
