package io.fsmigrate.jobs;

import java.time.Clock;
import picocli.CommandLine;

/** Wires each command with what it needs; the only place that knows them all. */
final class Commands {
  private Commands() {}

  static CommandLine register(CommandLine root, GlobalOptions options, Output output) {
    Workspace workspace = new Workspace(options, System.getenv(), Clock.systemUTC());
    return root.addSubcommand(BranchCommand.create(workspace, output))
        .addSubcommand(RunsCommand.create(workspace, output))
        .addSubcommand(MigrationsCommand.create(workspace, output))
        .addSubcommand(CatalogCommand.create(workspace, output))
        .addSubcommand(new ExampleDataCommand(output, new SparkSessions()));
  }
}
