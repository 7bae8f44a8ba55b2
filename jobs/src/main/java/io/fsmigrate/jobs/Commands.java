package io.fsmigrate.jobs;

import java.time.Clock;
import picocli.CommandLine;

/** Wires each command with what it needs; the only place that knows them all. */
final class Commands {
  private Commands() {}

  static CommandLine register(CommandLine root, GlobalOptions options, Output output) {
    Workspace workspace = new Workspace(options, System.getenv(), Clock.systemUTC());
    SparkSessions sessions = new SparkSessions();
    Engine engine = new Engine(workspace, sessions, Clock.systemUTC());
    return root.addSubcommand(PlanCommand.create(engine, output))
        .addSubcommand(MigrateCommand.create(engine, output))
        .addSubcommand(PublishCommand.create(engine, output))
        .addSubcommand(RetryCommand.create(engine, output))
        .addSubcommand(VerifyCommand.create(engine, output))
        .addSubcommand(BranchCommand.create(workspace, output))
        .addSubcommand(ServingCommand.create(workspace, output))
        .addSubcommand(RunsCommand.create(workspace, output))
        .addSubcommand(MigrationsCommand.create(workspace, output))
        .addSubcommand(CatalogCommand.create(workspace, output))
        .addSubcommand(new ExampleDataCommand(output, sessions));
  }
}
