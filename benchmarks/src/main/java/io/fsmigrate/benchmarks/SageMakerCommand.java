package io.fsmigrate.benchmarks;

import io.fsmigrate.testkit.EmulatorProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Writes records to the emulated Feature Store in three ways, and to a server that does nothing.
 */
@Command(
    name = "sagemaker",
    mixinStandardHelpOptions = true,
    description = {
      "Time records into an emulated SageMaker feature group: one synchronous PutRecord at a time",
      "per task, ours with PutRecord, ours with BatchWriteRecord; and, against a server without",
      "latency, beside prepared requests, sent through the same HTTP client and on bare sockets.",
      "Times are for records of equal number; the first round of ours, with connections to open",
      "and code to warm up, is reported apart."
    })
final class SageMakerCommand implements Callable<Integer> {
  private static final String BATCH_REPLY = "{\"Errors\":[],\"UnprocessedEntries\":[]}";
  private static final int BATCH = 25;
  private static final int RAW_CONNECTIONS = 64;

  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--records",
      defaultValue = "500000",
      description = "Of each run of ours (default ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--sample",
      defaultValue = "4000",
      description = "Of each synchronous run, which is slow (default ${DEFAULT-VALUE}).")
  private int sample;

  @Option(
      names = "--latency",
      defaultValue = "10",
      description = "Of a call in ms (${DEFAULT-VALUE}).")
  private int latency;

  @Option(
      names = "--slow-latency",
      defaultValue = "500",
      description = "Of a call in ms, where the live heap is watched (${DEFAULT-VALUE}).")
  private int slowLatency;

  @Option(
      names = "--slow-records",
      defaultValue = "150000",
      description = "Written there (default ${DEFAULT-VALUE}).")
  private int slowRecords;

  @Option(names = "--in-flight", defaultValue = "256", description = "Default ${DEFAULT-VALUE}.")
  private int inFlight;

  @Option(names = "--tasks", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(names = "--runs", defaultValue = "3", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--rate-limit",
      defaultValue = "1000000 records/s",
      description = "The limiter is on, and high (default ${DEFAULT-VALUE}).")
  private String rateLimit;

  @Option(
      names = "--emulator",
      defaultValue = "testkit/emulator/target/fs-migrate-emulator.jar",
      description = "Its jar (${DEFAULT-VALUE}).")
  private Path emulator;

  @Override
  public Integer call() throws Exception {
    System.setProperty("fsmigrate.emulator.jar", emulator.toAbsolutePath().toString());
    System.setProperty("aws.accessKeyId", EmulatorProcess.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
    Map<String, String> settings = report.settings();
    settings.put("records", "%,d; synchronous %,d".formatted(records, sample));
    settings.put("latency of a call", latency + " ms");
    settings.put("tasks", Integer.toString(tasks));
    settings.put("calls in flight at most", Integer.toString(inFlight));
    settings.put("rate limit", rateLimit);
    settings.put("runs", "%d after 1 to warm up".formatted(runs));
    List<Report.Result> results = new ArrayList<>(withLatency());
    results.addAll(withoutLatency());
    results.add(whenSlow());
    report.publish(new Report("sagemaker", settings, results), spec.commandLine().getOut());
    return 0;
  }

  private List<Report.Result> withLatency() throws Exception {
    try (EmulatorProcess process = EmulatorProcess.start()) {
      ExampleGroup.create(process.endpoint());
      process.faults("{\"latencyMillis\":%d}".formatted(latency));
      SageMakerWriters writers = new SageMakerWriters(process.endpoint(), tasks);
      int[] round = {0};
      Timed plain = new Timed("sync put", () -> writers.oneByOne(sample, round[0]++));
      Timed single =
          new Timed("put", () -> writers.ours(records, round[0]++, inFlight, false, rateLimit));
      Timed batched =
          new Timed("batch", () -> writers.ours(records, round[0]++, inFlight, true, rateLimit));
      Stopwatch stopwatch = new Stopwatch(() -> 0);
      List<Stopwatch.Measured> slow = stopwatch.alternate(List.of(plain), 1, runs);
      List<Stopwatch.Measured> fast = stopwatch.alternate(List.of(single, batched), 1, runs);
      Map<String, Long> slowRate = rates(slow, sample);
      Map<String, Long> values = rates(fast, records);
      double plainRate = sample / slow.get(0).timings().median();
      for (Stopwatch.Measured ours : fast) {
        values.put(
            ours.name() + ", times the records/s of sync put",
            Math.round(records / ours.timings().median() / plainRate));
      }
      values.put("put, records/s of the first round", rate(records, single.first()));
      values.put("batch, records/s of the first round", rate(records, batched.first()));
      String name = "%d ms a call, ".formatted(latency);
      return List.of(
          Report.Result.of(name + "one at a time", 0, slow).withValues(slowRate),
          Report.Result.of(name + "ours", 0, fast).withValues(values));
    }
  }

  private List<Report.Result> withoutLatency() throws Exception {
    String record = ExampleGroup.json(ExampleGroup.record(123_456, 0));
    String entry =
        "{\"FeatureGroupName\":\"%s\",\"Record\":%s,\"TargetStores\":[\"OnlineStore\"]}"
            .formatted(ExampleGroup.NAME, record);
    String body = "{\"Entries\":[" + String.join(",", Collections.nCopies(BATCH, entry)) + "]}";
    String putPath = "/FeatureGroup/" + ExampleGroup.NAME;
    String putBody = "{\"Record\":%s,\"TargetStores\":[\"OnlineStore\"]}".formatted(record);
    try (FixedReplyServer server = new FixedReplyServer(BATCH_REPLY, ExampleGroup.description());
        PreparedCalls put =
            new PreparedCalls(server.endpoint(), SdkHttpMethod.PUT, putPath, putBody, inFlight);
        PreparedCalls batch =
            new PreparedCalls(
                server.endpoint(), SdkHttpMethod.POST, "/BatchWriteRecord", body, inFlight)) {
      SageMakerWriters writers = new SageMakerWriters(server.endpoint(), tasks);
      RawReplay rawPut = new RawReplay(server.endpoint(), "PUT", putPath, putBody, BATCH_REPLY);
      RawReplay rawBatch =
          new RawReplay(server.endpoint(), "POST", "/BatchWriteRecord", body, BATCH_REPLY);
      int[] round = {1_000};
      return List.of(
          sideBySide(
              "fixed replies, no latency, one record a call",
              new Timed("prepared on sockets", () -> rawPut.run(records, RAW_CONNECTIONS)),
              new Timed("prepared", () -> put.run(records)),
              new Timed(
                  "ours", () -> writers.ours(records, round[0]++, inFlight, false, rateLimit))),
          sideBySide(
              "fixed replies, no latency, 25 records a call",
              new Timed(
                  "prepared on sockets", () -> rawBatch.run(records / BATCH, RAW_CONNECTIONS)),
              new Timed("prepared", () -> batch.run(records / BATCH)),
              new Timed(
                  "ours", () -> writers.ours(records, round[0]++, inFlight, true, rateLimit))));
    }
  }

  /** What the writers hold of what they could not get rid of. */
  private Report.Result whenSlow() throws Exception {
    try (EmulatorProcess process = EmulatorProcess.start();
        HeapWatch heap = new HeapWatch()) {
      ExampleGroup.create(process.endpoint());
      process.faults("{\"latencyMillis\":%d}".formatted(slowLatency));
      SageMakerWriters writers = new SageMakerWriters(process.endpoint(), tasks);
      long before = heap.live();
      AtomicLong most = new AtomicLong();
      Timed ours =
          new Timed(
              "batch",
              () -> {
                ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
                watch.scheduleAtFixedRate(
                    () -> most.accumulateAndGet(heap.live(), Math::max), 1, 1, TimeUnit.SECONDS);
                writers.ours(slowRecords, 1, inFlight, true, rateLimit);
                watch.shutdownNow();
              });
      List<Stopwatch.Measured> measured = new Stopwatch(() -> 0).alternate(List.of(ours), 0, 1);
      Map<String, Long> values = rates(measured, slowRecords);
      values.put("live heap before, KiB", before / 1024);
      values.put("most live heap in between, KiB", most.get() / 1024);
      return Report.Result.of("%d ms a call".formatted(slowLatency), 0, measured)
          .withValues(values);
    }
  }

  /** The last of them is ours. */
  private Report.Result sideBySide(String name, Timed... contenders) throws Exception {
    List<Stopwatch.Measured> measured =
        new Stopwatch(() -> 0).alternate(List.of(contenders), 1, runs);
    Map<String, Long> values = rates(measured, records);
    double ours = measured.get(measured.size() - 1).timings().median();
    for (Stopwatch.Measured other : measured.subList(0, measured.size() - 1)) {
      values.put(
          "ours, %% of the records/s of %s".formatted(other.name()),
          Math.round(100 * other.timings().median() / ours));
    }
    return Report.Result.of(name, 0, measured).withValues(values);
  }

  private static Map<String, Long> rates(List<Stopwatch.Measured> measured, long records) {
    Map<String, Long> rates = new LinkedHashMap<>();
    for (Stopwatch.Measured one : measured) {
      rates.put(one.name() + ", records/s", rate(records, one.timings().median()));
    }
    return rates;
  }

  private static long rate(long records, double seconds) {
    return Math.round(records / seconds);
  }

  /** Work that remembers how long its first time took. */
  private static final class Timed implements Contender {
    private final String name;
    private final Work work;
    private double first = -1;

    /** What may fail. */
    interface Work {
      void run() throws Exception;
    }

    Timed(String name, Work work) {
      this.name = name;
      this.work = work;
    }

    double first() {
      return first;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() throws Exception {
      long begin = System.nanoTime();
      work.run();
      if (first < 0) {
        first = (System.nanoTime() - begin) / 1e9;
      }
    }
  }
}
