package io.fsmigrate.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Side-by-side measurements; they print what they find and never say pass or fail. */
@Command(
    name = "benchmarks",
    description = "Measures fs-migrate beside the least that could do the same work.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      OfflineCommand.class,
      MemoryCommand.class,
      MemoryRunCommand.class,
      ControlPlaneCommand.class,
      StartUpCommand.class,
      ClusterCommand.class,
      SageMakerCommand.class,
      RedisCommand.class,
      PostgresCommand.class,
      DynamoDbCommand.class,
      StoresCommand.class,
      TroubledStoresCommand.class,
      RateBudgetCommand.class,
      UnloadCommand.class,
      ProgressCommand.class,
      RetryCommand.class,
      VerifyCommand.class,
      HelpCommand.class
    })
public final class Benchmarks {
  private Benchmarks() {}

  /** Runs one benchmark. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).setUsageHelpAutoWidth(true).execute(args));
  }
}
