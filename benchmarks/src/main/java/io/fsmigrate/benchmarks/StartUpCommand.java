package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times how long a submitted migration takes until Spark works, beside a Delta job of one row. */
@Command(
    name = "start-up",
    mixinStandardHelpOptions = true,
    description = {
      "Time from the start of the process to the first task, and to the first row written, of",
      "migrate, beside an empty Delta job."
    })
final class StartUpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--runs", defaultValue = "5", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--warm-ups", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
  private int warmUps;

  @Option(
      names = "--program",
      defaultValue = "submit-scripts/fs-migrate",
      description = "The start script (${DEFAULT-VALUE}).")
  private Path program;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    Source source = new Source(1000, 1, 0, "delta");
    try (SparkSession spark = Sessions.start("local[*]")) {
      source.generate(spark, data);
    }
    List<Report.Result> results = new ArrayList<>();
    for (String until : List.of("task", "row")) {
      List<Contender> contenders =
          List.of(
              new Until("empty Delta job", emptyJob(until, data), data.resolve("empty")),
              new Until("fs-migrate", migrate(until, source, data), data.resolve("warehouse")));
      List<Stopwatch.Measured> measured =
          new Stopwatch(() -> 0).alternate(contenders, warmUps, runs);
      String variant = until.equals("task") ? "until the first task" : "until a row is written";
      results.add(Report.Result.of(variant, 0, measured));
    }
    Map<String, String> settings = report.settings();
    settings.put("pairs", "%d after %d to warm up".formatted(runs, warmUps));
    report.publish(new Report("start-up", settings, results), spec.commandLine().getOut());
    return 0;
  }

  private List<String> migrate(String until, Source source, Path data) {
    return List.of(
        program.toString(),
        "--driver-class-path",
        classes(),
        "--driver-java-options",
        "-D" + FirstTask.UNTIL + "=" + until,
        "--conf",
        "spark.extraListeners=" + FirstTask.class.getName(),
        "--conf",
        Path.of("benchmarks/conf/offline.conf").toAbsolutePath().toString(),
        "--set",
        "fs-migrate.warehouse=" + data.resolve("warehouse"),
        "migrate",
        source.address(data),
        "account_activity@2.0.0");
  }

  /** As the start script starts Spark, with a program that does nothing else. */
  private List<String> emptyJob(String until, Path data) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-D" + FirstTask.UNTIL + "=" + until,
            "-cp",
            classes() + ":" + System.getenv("SPARK_HOME") + "/jars/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            "local[*]",
            "--conf",
            "spark.extraListeners=" + FirstTask.class.getName(),
            "--conf",
            "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
            "--conf",
            "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
            "--class",
            EmptyDeltaJob.class.getName(),
            "spark-internal",
            data.resolve("empty").toString()));
    return command;
  }

  private static String classes() {
    return Path.of("benchmarks/target/classes").toAbsolutePath().toString();
  }

  /** A process that ends itself when the moment has come. */
  private record Until(String name, List<String> command, Path left) implements Contender {
    @Override
    public void run() throws Exception {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      // The assembled Spark has no bin/spark-submit; the start script knows what to do then.
      builder.environment().put("FS_MIGRATE_SPARK", builder.environment().remove("SPARK_HOME"));
      ChildProcess.output(builder);
    }

    @Override
    public void cleanUp() throws IOException {
      Trees.delete(left);
    }
  }
}
