package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Migrates the same rows with threads of one process and with executors of a standalone cluster.
 */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = {
      "Time a migration on local[N] and on a standalone cluster of N workers with one core each,",
      "in turn, each in a driver of its own."
    })
final class ClusterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--rows", defaultValue = "20000000", description = "Default ${DEFAULT-VALUE}.")
  private long rows;

  @Option(names = "--files", defaultValue = "20", description = "Default ${DEFAULT-VALUE}.")
  private int files;

  @Option(names = "--runs", defaultValue = "2", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      defaultValue = "1",
      description =
          "Runs in each driver before the one that is reported (default ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(names = "--workers", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--program",
      defaultValue = "submit-scripts/local-cluster",
      description = "The script that starts a cluster (${DEFAULT-VALUE}).")
  private Path program;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    String dir = data.resolve("cluster").toString();
    List<Double> local = new ArrayList<>();
    List<Double> cluster = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      local.add(seconds("local[%d]".formatted(workers), data));
      List<String> start =
          List.of("start", "--workers", "" + workers, "--memory", "3g", "--dir", dir);
      String master = output(script(start)).strip();
      try {
        cluster.add(seconds(master, data));
      } finally {
        output(script(List.of("stop", "--dir", dir)));
      }
    }
    Map<String, String> settings = report.settings();
    settings.put("workers", workers + " of 1 core and 3 GiB");
    settings.put("source", "delta, %d files".formatted(files));
    settings.put("pairs", "%d, each after %d to warm up".formatted(runs, warmUps));
    List<Long> once = local.stream().map(any -> rows).toList();
    List<Stopwatch.Measured> measured =
        List.of(
            new Stopwatch.Measured("local", new Timings(local), once),
            new Stopwatch.Measured("cluster", new Timings(cluster), once));
    String variant = String.format(Locale.ROOT, "%,d rows", rows);
    Report.Result result = Report.Result.of(variant, rows, measured);
    report.publish(new Report("cluster", settings, List.of(result)), spec.commandLine().getOut());
    return 0;
  }

  /** What the offline benchmark measures for our side alone, in a process of its own. */
  private double seconds(String master, Path data) throws IOException, InterruptedException {
    Path json = data.resolve("cluster-run.json");
    Files.deleteIfExists(json);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Benchmarks.class.getName(),
            "offline",
            "--only=fs-migrate",
            "--refused=0",
            "--master=" + master,
            "--rows=" + rows,
            "--files=" + files,
            "--runs=1",
            "--warm-ups=" + warmUps,
            "--dir=" + data,
            "--json=" + json));
    output(command);
    JsonNode side = new ObjectMapper().readTree(json.toFile()).at("/results/0/sides/0");
    if (side.at("/recordsRead/0").asLong() != rows) {
      throw new IllegalStateException("The input was not read once: " + side);
    }
    return side.get("median").asDouble();
  }

  private List<String> script(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    return command;
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    return ChildProcess.output(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
  }
}
