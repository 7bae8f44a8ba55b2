package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.Relay;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes records to a redis-server on this machine, by our writer and by prepared commands. */
@Command(
    name = "redis",
    mixinStandardHelpOptions = true,
    description = {
      "Time records into an empty redis-server: ours; the same script with prepared arguments, sent",
      "over the same number of connections with two flights under way on each; plain HSET likewise;",
      "and the script one record at a time, on one connection and on one for each task."
    })
final class RedisCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--records",
      defaultValue = "300000",
      description = "Of each run (default ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--sample",
      defaultValue = "40000",
      description = "Of each run that is one at a time (default ${DEFAULT-VALUE}).")
  private int sample;

  @Option(names = "--tasks", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(
      names = "--script-records",
      defaultValue = "32",
      description = "Of each prepared script; ours takes 32 (default ${DEFAULT-VALUE}).")
  private int scriptRecords;

  @Option(
      names = "--flight",
      defaultValue = "500",
      description = "Records sent together; ours takes 500 (default ${DEFAULT-VALUE}).")
  private int flight;

  @Option(
      names = "--latency",
      paramLabel = "MICROSECONDS",
      defaultValue = "0",
      description = "Of a round trip in the runs that are one at a time (default: loopback's).")
  private long latencyMicros;

  @Option(names = "--runs", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--rate-limit",
      defaultValue = "10000000 records/s",
      description = "The limiter is on, and high (default ${DEFAULT-VALUE}).")
  private String rateLimit;

  @Override
  public Integer call() throws Exception {
    Map<String, String> settings = report.settings();
    settings.put("records", "%,d; one at a time %,d".formatted(records, sample));
    settings.put(
        "features of a record", Integer.toString(ExampleGroup.target().schema().features().size()));
    settings.put("tasks, each with one connection", Integer.toString(tasks));
    settings.put("records of a script", Integer.toString(scriptRecords));
    settings.put("records of a flight", Integer.toString(flight));
    settings.put("rate limit", rateLimit);
    settings.put(
        "latency one at a time, microseconds",
        latencyMicros == 0 ? "that of loopback" : Long.toString(latencyMicros));
    settings.put("runs", "%d after 2 to warm up".formatted(runs));
    try (RedisProcess redis = RedisProcess.start()) {
      settings.put("server", version(redis));
      report.publish(
          new Report("redis", settings, List.of(fast(redis), slow(redis))),
          spec.commandLine().getOut());
    }
    return 0;
  }

  private Report.Result fast(RedisProcess redis) throws Exception {
    RedisReplay script =
        RedisReplay.of(redis, PreparedRedis.scripts(records, tasks, scriptRecords, flight));
    RedisReplay plain = RedisReplay.of(redis, PreparedRedis.plain(records, tasks, flight));
    int[] round = {0};
    List<Stopwatch.Measured> measured =
        new Stopwatch(() -> 0)
            .alternate(
                List.of(
                    new Into(redis, "prepared script", records, script::run),
                    new Into(redis, "prepared HSET", records, plain::run),
                    new Into(
                        redis,
                        "ours",
                        records,
                        () ->
                            RedisWriters.ours(
                                redis.address(), records, tasks, round[0]++, rateLimit))),
                2,
                runs);
    double ours = measured.get(2).timings().median();
    Map<String, Long> values = rates(measured, records);
    for (Stopwatch.Measured other : measured.subList(0, 2)) {
      values.put(
          "ours, %% of the records/s of %s".formatted(other.name()),
          Math.round(100 * other.timings().median() / ours));
    }
    return Report.Result.of("in flights", records, measured).withValues(values);
  }

  private Report.Result slow(RedisProcess redis) throws Exception {
    try (Relay line = Relay.to(URI.create("http://" + redis.address()))) {
      boolean near = latencyMicros == 0;
      line.delay(Duration.ofNanos(latencyMicros * 500));
      int port = near ? redis.port() : line.address().getPort();
      RedisReplay loop = RedisReplay.of(redis, port, PreparedRedis.scripts(sample, 1, 1, 1));
      RedisReplay loops = RedisReplay.of(redis, port, PreparedRedis.scripts(sample, tasks, 1, 1));
      int[] round = {1_000};
      List<Stopwatch.Measured> measured =
          new Stopwatch(() -> 0)
              .alternate(
                  List.of(
                      new Into(redis, "one loop", sample, loop::runOneByOne),
                      new Into(redis, "a loop a task", sample, loops::runOneByOne),
                      new Into(
                          redis,
                          "ours",
                          sample,
                          () ->
                              RedisWriters.ours(
                                  "127.0.0.1:" + port, sample, tasks, round[0]++, rateLimit))),
                  1,
                  runs);
      Map<String, Long> values = rates(measured, sample);
      double ours = measured.get(2).timings().median();
      for (Stopwatch.Measured other : measured.subList(0, 2)) {
        values.put(
            "ours, times the records/s of %s, in tenths".formatted(other.name()),
            Math.round(10 * other.timings().median() / ours));
      }
      return Report.Result.of("one at a time", sample, measured).withValues(values);
    }
  }

  private static Map<String, Long> rates(List<Stopwatch.Measured> measured, long records) {
    Map<String, Long> rates = new LinkedHashMap<>();
    for (Stopwatch.Measured one : measured) {
      rates.put(one.name() + ", records/s", Math.round(records / one.timings().median()));
    }
    return rates;
  }

  private static String version(RedisProcess redis) {
    List<String> lines = new ArrayList<>(redis.call("INFO", "server").toString().lines().toList());
    lines.removeIf(line -> !line.startsWith("redis_version"));
    return lines.get(0);
  }

  /** Work into an empty server, which has to have every record in the end. */
  private record Into(RedisProcess redis, String name, long records, Work work)
      implements Contender {
    /** What may fail. */
    interface Work {
      void run() throws Exception;
    }

    @Override
    public void run() throws Exception {
      work.run();
    }

    @Override
    public void cleanUp() {
      Object size = redis.call("DBSIZE");
      if (!size.equals(records)) {
        throw new IllegalStateException("%s: %s of %d records".formatted(name, size, records));
      }
      redis.call("FLUSHALL");
    }
  }
}
