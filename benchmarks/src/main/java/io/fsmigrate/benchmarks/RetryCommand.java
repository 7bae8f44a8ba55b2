package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.InputMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Retries as many failed records of small runs and of large ones. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Time retry --all of the same number of failed records of runs of different size, after a",
      "correction of the contract: A B A B, ratios pair by pair."
    })
final class RetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(
      names = "--rows",
      split = ",",
      defaultValue = "1000000,10000000",
      description = "Rows of each run (default ${DEFAULT-VALUE}).")
  private List<Long> rows;

  @Option(names = "--failed", defaultValue = "1000", description = "Default ${DEFAULT-VALUE}.")
  private long failed;

  @Option(
      names = "--rows-per-file",
      defaultValue = "1000000",
      description = "Default ${DEFAULT-VALUE}.")
  private long rowsPerFile;

  @Option(names = "--runs", defaultValue = "5", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      defaultValue = "2",
      description = "Pairs before those that are reported (default ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--conf",
      defaultValue = "benchmarks/conf/offline.conf",
      description = "The catalog by which records fail (${DEFAULT-VALUE}).")
  private Path migration;

  @Option(
      names = "--corrected",
      defaultValue = "benchmarks/conf/retry.conf",
      description = "The catalog by which they do not (${DEFAULT-VALUE}).")
  private Path correction;

  @Option(
      names = "--master",
      defaultValue = "local[*]",
      description = "Spark's master (default ${DEFAULT-VALUE}).")
  private String master;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    List<Report.Result> results = new ArrayList<>();
    try (SparkSession spark = Sessions.start(master);
        InputMetrics metrics = InputMetrics.of(spark)) {
      List<Contender> contenders = new ArrayList<>();
      for (long number : rows) {
        Source source =
            new Source(
                number,
                (int) Math.max(1, number / rowsPerFile),
                (double) failed / number,
                "parquet");
        source.generate(spark, data);
        RetryContender contender =
            new RetryContender(
                source, migration.toAbsolutePath(), correction.toAbsolutePath(), data);
        contender.prepare();
        contenders.add(contender);
      }
      results.add(
          Report.Result.of(
              String.format(Locale.ROOT, "%,d failed records", failed),
              failed,
              new Stopwatch(metrics::recordsRead).alternate(contenders, warmUps, runs)));
    }
    Map<String, String> settings = report.settings();
    settings.put("master", master);
    settings.put("failed records of each run", String.format(Locale.ROOT, "%,d", failed));
    settings.put(
        "rows of the runs",
        rows.stream()
            .map(number -> String.format(Locale.ROOT, "%,d", number))
            .collect(Collectors.joining(", ")));
    settings.put("source", String.format(Locale.ROOT, "parquet, %,d rows a file", rowsPerFile));
    settings.put("pairs", "%d after %d to warm up".formatted(runs, warmUps));
    report.publish(new Report("retry", settings, results), spec.commandLine().getOut());
    return 0;
  }
}
