package io.fsmigrate.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times a command that touches no feature data, from the start of its process to its end. */
@Command(
    name = "control-plane",
    mixinStandardHelpOptions = true,
    description = "Time a whole process of a command that touches no feature data.")
final class ControlPlaneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(names = "--runs", defaultValue = "10", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--warm-ups", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
  private int warmUps;

  @Option(
      names = "--program",
      defaultValue = "submit-scripts/fs-migrate",
      description = "The start script (${DEFAULT-VALUE}).")
  private Path program;

  @Option(
      names = "--catalog",
      defaultValue = "benchmarks/conf/offline.conf",
      description = "The configuration it is given (${DEFAULT-VALUE}).")
  private Path conf;

  @Option(
      names = "--ledger",
      paramLabel = "N",
      defaultValue = "0",
      description = "Work on a new warehouse in which N runs have been, such as for: runs list.")
  private int ledger;

  @Parameters(
      arity = "0..*",
      defaultValue = "branch list",
      description = "The command and its arguments (default ${DEFAULT-VALUE}).")
  private List<String> arguments;

  @Override
  public Integer call() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--conf");
    command.add(conf.toString());
    Path warehouse = Files.createTempDirectory("fs-migrate-ledger");
    if (ledger > 0) {
      ExampleLedger.generate(warehouse, ledger);
      command.addAll(List.of("--set", "fs-migrate.warehouse=" + warehouse));
    }
    arguments.forEach(argument -> command.addAll(List.of(argument.split(" "))));
    List<Contender> contenders = List.of(new WholeProcess("fs-migrate", command));
    List<Stopwatch.Measured> measured = new Stopwatch(() -> 0).alternate(contenders, warmUps, runs);
    Map<String, String> settings = report.settings();
    settings.put("command", String.join(" ", command));
    settings.put("runs in the ledger", Integer.toString(ledger));
    settings.put("runs", "%d after %d to warm up".formatted(runs, warmUps));
    Report.Result result = Report.Result.of("process start included", 0, measured);
    report.publish(
        new Report("control-plane", settings, List.of(result)), spec.commandLine().getOut());
    Trees.delete(warehouse);
    return 0;
  }

  /** A process from its start to its end; what it says is thrown away unless it fails. */
  private record WholeProcess(String name, List<String> command) implements Contender {
    @Override
    public void run() throws Exception {
      ChildProcess.output(new ProcessBuilder(command).redirectErrorStream(true));
    }
  }
}
