package io.fsmigrate.benchmarks;

import io.fsmigrate.online.restraint.CallGates;
import io.fsmigrate.online.restraint.GateKey;
import io.fsmigrate.online.restraint.GateState;
import io.fsmigrate.online.restraint.Limits;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How near calls come to a rate limit, and whether any second has more of them. */
@Command(
    name = "rate-budget",
    mixinStandardHelpOptions = true,
    description = {
      "Let tasks make calls of some milliseconds as fast as a rate limit allows: records per second",
      "after a ramp-up, and the most that started within any second, by the times of all calls."
    })
final class RateBudgetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(
      names = "--limits",
      split = ",",
      defaultValue = "1000,20000",
      description = "Records per second (default ${DEFAULT-VALUE}).")
  private List<Integer> limits = List.of();

  @Option(
      names = "--tasks",
      split = ",",
      defaultValue = "1,8",
      description = "At the same time (default ${DEFAULT-VALUE}).")
  private List<Integer> tasks = List.of();

  @Option(
      names = "--batch",
      defaultValue = "25",
      description = "Records of a call (${DEFAULT-VALUE}).")
  private int batch;

  @Option(names = "--call-millis", defaultValue = "10", description = "Default ${DEFAULT-VALUE}.")
  private long callMillis;

  @Option(names = "--in-flight", defaultValue = "256", description = "At most (${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(names = "--ramp-up", defaultValue = "2", description = "Seconds (${DEFAULT-VALUE}).")
  private long rampUp;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      description = "Of calls, with those to ramp up (default ${DEFAULT-VALUE}).")
  private long seconds;

  @Option(
      names = "--workers",
      defaultValue = "0",
      description = "Executors of a standalone cluster; 0 for threads of this JVM (the default).")
  private int workers;

  @Option(
      names = "--program",
      defaultValue = "submit-scripts/local-cluster",
      description = "The script that starts a cluster (${DEFAULT-VALUE}).")
  private Path program;

  @Override
  public Integer call() throws Exception {
    int threads = tasks.stream().mapToInt(Integer::intValue).max().orElseThrow();
    List<Report.Result> results =
        workers == 0 ? measure("local[%d]".formatted(threads)) : onCluster(threads);
    Map<String, String> settings = report.settings();
    settings.put("executors", workers == 0 ? "this JVM" : workers + " JVMs of their own");
    settings.put("call", "%d records, %d ms".formatted(batch, callMillis));
    settings.put("most in flight", "" + inFlight);
    settings.put("seconds", "%d, the first %d to ramp up".formatted(seconds, rampUp));
    report.publish(new Report("rate-budget", settings, results), spec.commandLine().getOut());
    return 0;
  }

  private List<Report.Result> onCluster(int threads) throws Exception {
    String dir = directory.create().resolve("cluster").toString();
    int cores = (threads + workers - 1) / workers;
    String master =
        script("start", "--workers", "" + workers, "--cores", "" + cores, "--dir", dir).strip();
    try {
      return measure(master);
    } finally {
      script("stop", "--dir", dir);
    }
  }

  private List<Report.Result> measure(String master) throws Exception {
    List<Report.Result> results = new ArrayList<>();
    try (SparkSession spark = Sessions.start(master)) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      awaitExecutors(spark);
      for (int limit : limits) {
        for (int count : tasks) {
          results.add(measure(context, limit, count));
        }
      }
    }
    return results;
  }

  private Report.Result measure(JavaSparkContext context, int limit, int count) {
    GateKey key = new GateKey(UUID.randomUUID().toString(), "none", "records");
    Limits most = new Limits(Optional.of(new RateLimit(limit, RateLimit.Unit.RECORDS)), inFlight);
    RatedTask task = new RatedTask(key, most, Math.max(1, workers), batch, callMillis, seconds);
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    List<long[]> starts = context.parallelize(numbers, count).map(task).collect();
    GateState together = CallGates.observed().get(key);
    Starts all = Starts.of(starts);
    // All tasks at work, and ramped up.
    long from =
        starts.stream().mapToLong(each -> each[0]).max().orElseThrow()
            + TimeUnit.SECONDS.toNanos(rampUp);
    long until = starts.stream().mapToLong(each -> each[each.length - 1]).min().orElseThrow();
    double perSecond = batch * all.perSecond(from, until);
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("records/s", Math.round(perSecond));
    values.put("most records in any second", (long) batch * all.mostInAnySecond());
    values.put("share of the limit, per mille", Math.round(1000 * perSecond / limit));
    values.put("calls", (long) all.nanos().length);
    values.put("calls as the driver counts them", together.calls());
    values.put("most calls in flight", (long) together.mostInFlight());
    String variant = String.format(Locale.ROOT, "%,d records/s, tasks: %d", limit, count);
    return new Report.Result(variant, 0, List.of(), List.of(), values);
  }

  /** Tasks would otherwise all go to the first that is there. */
  private void awaitExecutors(SparkSession spark) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (spark.sparkContext().statusTracker().getExecutorInfos().length - 1 < workers
        && System.nanoTime() - end < 0) {
      Thread.sleep(100);
    }
  }

  private String script(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return ChildProcess.output(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
  }
}
