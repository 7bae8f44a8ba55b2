package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.Plan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fs-migrate plan}: what a migration would do. Writes nothing but the plan's own file. */
@Command(
    name = "plan",
    description = {
      "Show what a migration would do, without doing it.",
      "Exit code 4 when the migration would be refused."
    },
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf plan parquet:/data/flights.parquet flights@1.0.0",
      "  fs-migrate --conf my.conf plan flights@1.0.0 feature/late:flights@2.0.0 --create-branch \\",
      "      --out plan.json"
    })
final class PlanCommand implements Callable<Integer> {
  private final Engine engine;
  private final Output output;

  @Mixin private final RequestOptions options = new RequestOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Save the plan, to be run with migrate --plan FILE.")
  private Optional<Path> file = Optional.empty();

  private PlanCommand(Engine engine, Output output) {
    this.engine = engine;
    this.output = output;
  }

  static CommandLine create(Engine engine, Output output) {
    return new CommandLine(new PlanCommand(engine, output));
  }

  @Override
  public Integer call() {
    Plan plan = engine.planner().plan(options.request()).plan();
    file.ifPresent(to -> Documents.write(to, plan));
    output.result(Plan.SCHEMA, plan, PlanText::print);
    return (plan.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED).code();
  }
}
