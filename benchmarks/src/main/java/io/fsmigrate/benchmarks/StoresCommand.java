package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fills stores from one branch, each alone and all in one run. */
@Command(
    name = "stores",
    mixinStandardHelpOptions = true,
    description = {
      "Time fs-migrate publish from a table of generated flights into a Redis, a PostgreSQL and a",
      "DynamoDB Local of this machine: into each alone, and into all in one run. Every run has keys",
      "and tables of its own."
    })
final class StoresCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory data = new DataDirectory();

  @Option(names = "--records", defaultValue = "100000", description = "Default ${DEFAULT-VALUE}.")
  private long records;

  @Option(
      names = "--bucket",
      defaultValue = "10000",
      description = "Records of an online unit (default ${DEFAULT-VALUE}).")
  private long bucket;

  @Option(names = "--runs", defaultValue = "3", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Override
  public Integer call() throws Exception {
    Map<String, String> settings = report.settings();
    settings.put("records", "%,d in buckets of %,d".formatted(records, bucket));
    settings.put("runs", "%d after 1 to warm up".formatted(runs));
    Path directory = data.create().resolve("stores");
    Trees.delete(directory);
    try (SparkSession spark = Sessions.start("local[*]");
        ServedStores stores = ServedStores.start(directory, bucket, "never", false)) {
      settings.put("tasks", Integer.toString(spark.sparkContext().defaultParallelism()));
      stores.migrate(stores.generate(spark, records, 1), "flights@1.0.0", List.of());
      List<Contender> contenders = new ArrayList<>();
      for (String store : stores.names()) {
        contenders.add(new Filling(stores, records, List.of(store)));
      }
      contenders.add(new Filling(stores, records, stores.names()));
      List<Stopwatch.Measured> measured = new Stopwatch(() -> 0).alternate(contenders, 1, runs);
      PrintWriter out = spec.commandLine().getOut();
      report.publish(new Report("stores", settings, List.of(result(measured))), out);
    }
    return 0;
  }

  private Report.Result result(List<Stopwatch.Measured> measured) {
    Map<String, Long> values = new LinkedHashMap<>();
    double slowest = 0;
    double sum = 0;
    for (Stopwatch.Measured alone : measured.subList(0, measured.size() - 1)) {
      slowest = Math.max(slowest, alone.timings().median());
      sum += alone.timings().median();
    }
    double together = measured.get(measured.size() - 1).timings().median();
    values.put("together, % of the slowest alone", Math.round(100 * together / slowest));
    values.put("together, % of one after the other", Math.round(100 * together / sum));
    return Report.Result.of("publish", records, measured).withValues(values);
  }

  /** One run of publish, which has to write every record to every store. */
  private record Filling(ServedStores served, long records, List<String> stores)
      implements Contender {
    @Override
    public String name() {
      return String.join("+", stores);
    }

    @Override
    public void run() {
      JsonNode report = served.publish(stores);
      for (String store : stores) {
        long written = report.at("/online/" + store + "/written").asLong();
        if (written != records) {
          throw new IllegalStateException(
              "%s: %,d of %,d records were written".formatted(store, written, records));
        }
      }
    }
  }
}
