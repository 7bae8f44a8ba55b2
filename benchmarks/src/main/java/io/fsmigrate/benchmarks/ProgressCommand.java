package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.InputMetrics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What it costs to record the progress of a run. */
@Command(
    name = "progress",
    mixinStandardHelpOptions = true,
    description = {
      "Time a migration of many units beside the same migration that records no progress:",
      "A B A B, ratios pair by pair."
    })
final class ProgressCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--units", defaultValue = "200", description = "Default ${DEFAULT-VALUE}.")
  private int units;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Of each unit (default ${DEFAULT-VALUE}).")
  private long rows;

  @Option(names = "--runs", defaultValue = "3", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--group-bytes",
      defaultValue = "256MiB",
      description = {
        "Input whose units are written and recorded in one commit",
        "(default ${DEFAULT-VALUE}, the program's)."
      })
  private String groupBytes;

  @Option(
      names = "--conf",
      defaultValue = "benchmarks/conf/offline.conf",
      description = "The catalog (${DEFAULT-VALUE}).")
  private Path conf;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    Source source = new Source(units * rows, units, 0, "parquet");
    Map<String, String> set =
        Map.of("run.min-units", Integer.toString(units), "run.group-bytes", groupBytes);
    try (SparkSession spark = Sessions.start("local[*]");
        InputMetrics metrics = InputMetrics.of(spark)) {
      source.generate(spark, data);
      RecordedRun recorded = new RecordedRun(spark, source, conf.toAbsolutePath(), data, set, true);
      RecordedRun bare = new RecordedRun(spark, source, conf.toAbsolutePath(), data, set, false);
      bare.cleanUp(); // What a killed benchmark left behind.
      List<Stopwatch.Measured> measured =
          new Stopwatch(metrics::recordsRead).alternate(List.of(bare, recorded), 1, runs);
      Map<String, String> settings = report.settings();
      settings.put("units", "%d of %,d rows".formatted(units, rows));
      settings.put("group-bytes", groupBytes);
      settings.put("commits of progress", Integer.toString(recorded.recordings()));
      settings.put("pairs", runs + " after 1 to warm up");
      PrintWriter out = spec.commandLine().getOut();
      report.publish(
          new Report(
              "progress",
              settings,
              List.of(
                  Report.Result.of(
                      String.format(Locale.ROOT, "%,d rows", units * rows),
                      units * rows,
                      measured))),
          out);
    }
    return 0;
  }
}
