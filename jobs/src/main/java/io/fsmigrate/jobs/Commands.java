package io.fsmigrate.jobs;

import picocli.CommandLine;

/** Wires each command with what it needs; the only place that knows them all. */
final class Commands {
  private Commands() {}

  static CommandLine register(CommandLine root, GlobalOptions options, Output output) {
    return root.addSubcommand(new ExampleDataCommand(output, new SparkSessions()));
  }
}
