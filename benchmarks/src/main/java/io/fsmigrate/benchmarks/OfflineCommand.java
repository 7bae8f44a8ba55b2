package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.InputMetrics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Compares an offline migration with a bare Spark job, from session ready. */
@Command(
    name = "offline",
    mixinStandardHelpOptions = true,
    description = {
      "Time a chain of two migrations with contract beside a bare Spark job that reads, evaluates",
      "the same expressions and writes Delta: A B A B, ratios pair by pair."
    })
final class OfflineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--rows", defaultValue = "20000000", description = "Default ${DEFAULT-VALUE}.")
  private long rows;

  @Option(names = "--files", defaultValue = "20", description = "Default ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--refused",
      split = ",",
      defaultValue = "0,0.00001",
      description = "Shares of rows that break the contract (default ${DEFAULT-VALUE}).")
  private List<Double> refused;

  @Option(
      names = "--source",
      defaultValue = "delta",
      description = "delta or parquet (default ${DEFAULT-VALUE}).")
  private String format;

  @Option(names = "--runs", defaultValue = "5", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      defaultValue = "1",
      description = "Pairs before those that are reported (default ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--only",
      description = "bare or fs-migrate: time one side alone (default both).",
      defaultValue = "")
  private String only;

  @Option(
      names = "--conf",
      defaultValue = "benchmarks/conf/offline.conf",
      description = "The catalog (${DEFAULT-VALUE}).")
  private Path conf;

  @Option(
      names = "--master",
      defaultValue = "local[*]",
      description = "Spark's master (default ${DEFAULT-VALUE}).")
  private String master;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    List<Report.Result> results = new ArrayList<>();
    try (SparkSession spark = Sessions.start(master)) {
      for (double share : refused) {
        results.add(compare(spark, data, new Source(rows, files, share, format)));
      }
    }
    Map<String, String> settings = report.settings();
    settings.put("master", master);
    settings.put("source", "%s, %d files".formatted(format, files));
    settings.put("rows", String.format(Locale.ROOT, "%,d", rows));
    settings.put("pairs", "%d after %d to warm up".formatted(runs, warmUps));
    PrintWriter out = spec.commandLine().getOut();
    report.publish(new Report("offline", settings, results), out);
    return 0;
  }

  private Report.Result compare(SparkSession spark, Path data, Source source) throws Exception {
    source.generate(spark, data);
    List<Contender> contenders = Contenders.named(only, spark, source, conf.toAbsolutePath(), data);
    for (Contender contender : contenders) {
      contender.cleanUp(); // What a killed benchmark left behind.
    }
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      List<Stopwatch.Measured> measured =
          new Stopwatch(metrics::recordsRead).alternate(contenders, warmUps, runs);
      String variant = String.format(Locale.ROOT, "%,d rows refused", source.refusedRows());
      return Report.Result.of(variant, rows, measured);
    }
  }
}
