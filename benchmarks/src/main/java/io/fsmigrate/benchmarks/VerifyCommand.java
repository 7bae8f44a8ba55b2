package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.InputMetrics;
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

/** Compares a verification with a full outer join of both sides, from session ready. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Time verify of two Delta tables of ten features beside a full outer join of them on all",
      "columns: A B A B, ratios pair by pair; with equal rows, and with some that differ."
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--rows", defaultValue = "10000000", description = "Default ${DEFAULT-VALUE}.")
  private long rows;

  @Option(names = "--files", defaultValue = "20", description = "Default ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--differing",
      split = ",",
      defaultValue = "0,1000",
      description = "Rows that differ, spread evenly (default ${DEFAULT-VALUE}).")
  private List<Long> differing;

  @Option(names = "--runs", defaultValue = "3", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      defaultValue = "1",
      description = "Pairs before those that are reported (default ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--join-partitions",
      defaultValue = "8",
      description = "Shuffle partitions of the join (default ${DEFAULT-VALUE}).")
  private int joinPartitions;

  @Option(
      names = "--every-row",
      description = "Time verify --every-row instead, which compares row by row.")
  private boolean everyRow;

  @Option(
      names = "--conf",
      defaultValue = "benchmarks/conf/verify.conf",
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
      for (long rowsThatDiffer : differing) {
        results.add(
            compare(
                spark,
                data,
                new ComparedTables(new Source(rows, files, 0, "delta"), rowsThatDiffer)));
      }
    }
    Map<String, String> settings = report.settings();
    settings.put("master", master);
    settings.put("rows", String.format(Locale.ROOT, "%,d on each side", rows));
    settings.put("files", "%d on each side".formatted(files));
    settings.put("features", "10");
    settings.put("verify", everyRow ? "--every-row" : "as it is");
    settings.put("join", joinPartitions + " shuffle partitions");
    settings.put("pairs", "%d after %d to warm up".formatted(runs, warmUps));
    report.publish(new Report("verify", settings, results), spec.commandLine().getOut());
    return 0;
  }

  private Report.Result compare(SparkSession spark, Path data, ComparedTables tables)
      throws Exception {
    tables.generate(spark, data);
    List<String> options = everyRow ? List.of("--every-row") : List.of();
    List<Contender> contenders =
        List.of(
            new OuterJoin(spark, tables, data, joinPartitions),
            new VerifyRun(tables, conf.toAbsolutePath(), data, options));
    try (InputMetrics metrics = InputMetrics.of(spark)) {
      List<Stopwatch.Measured> measured =
          new Stopwatch(metrics::recordsRead).alternate(contenders, warmUps, runs);
      String variant = String.format(Locale.ROOT, "%,d rows differ", tables.differing());
      return Report.Result.of(variant, rows, measured);
    }
  }
}
