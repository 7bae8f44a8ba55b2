package io.fsmigrate.benchmarks;

import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.testkit.DynamoDbServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Writes records to a DynamoDB Local on this machine, by our writer and by prepared requests. */
@Command(
    name = "dynamodb",
    mixinStandardHelpOptions = true,
    description = {
      "Time records into an empty table of DynamoDB Local: ours, under the condition that the newest",
      "wins, beside a loop that sends the same conditional puts, prepared, by the same client with as",
      "many in flight; and both with BatchWriteItem, which has no conditions."
    })
final class DynamoDbCommand implements Callable<Integer> {
  private static final int BATCH = 25;

  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--records",
      defaultValue = "20000",
      description = "Of each run (default ${DEFAULT-VALUE}).")
  private int records;

  @Option(names = "--tasks", defaultValue = "2", description = "Default ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(
      names = "--in-flight",
      defaultValue = "64",
      description = "Calls at the same time (default ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(names = "--runs", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--rate-limit",
      defaultValue = "10000000 records/s",
      description = "The limiter is on, and high (default ${DEFAULT-VALUE}).")
  private String rateLimit;

  @Override
  public Integer call() throws Exception {
    System.setProperty("aws.accessKeyId", DynamoDbServer.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", DynamoDbServer.SECRET_KEY);
    Map<String, String> settings = report.settings();
    settings.put("records", "%,d".formatted(records));
    settings.put(
        "features of a record", Integer.toString(ExampleGroup.target().schema().features().size()));
    settings.put("tasks", Integer.toString(tasks));
    settings.put("calls in flight at most", Integer.toString(inFlight));
    settings.put("records of a batch", Integer.toString(BATCH));
    settings.put("rate limit", rateLimit);
    settings.put("runs", "%d after 2 to warm up".formatted(runs));
    try (DynamoDbServer server = DynamoDbServer.start("-server");
        BareItems bare = new BareItems(server.endpoint(), inFlight)) {
      DynamoDbWriters ours = new DynamoDbWriters(server.endpoint(), tasks, inFlight, rateLimit);
      bare.createTable();
      report.publish(
          new Report("dynamodb", settings, List.of(guarded(bare, ours), batched(bare, ours))),
          spec.commandLine().getOut());
    }
    return 0;
  }

  private Report.Result guarded(BareItems bare, DynamoDbWriters ours) throws Exception {
    List<PutItemRequest> prepared = BareItems.puts(records);
    return compare(
        "newest wins",
        bare,
        () -> bare.putAll(prepared),
        () -> ours.write(records, WriteStrategy.Mode.FULL));
  }

  private Report.Result batched(BareItems bare, DynamoDbWriters ours) throws Exception {
    List<BatchWriteItemRequest> prepared = BareItems.batches(records, BATCH);
    return compare(
        "BatchWriteItem",
        bare,
        () -> bare.writeAll(prepared),
        () -> ours.write(records, WriteStrategy.Mode.LOAD));
  }

  private Report.Result compare(String name, BareItems bare, Work loop, Work ours)
      throws Exception {
    List<Stopwatch.Measured> measured =
        new Stopwatch(() -> 0)
            .alternate(
                List.of(
                    new Into(bare, "bare loop", records, loop),
                    new Into(bare, "ours", records, ours)),
                2,
                runs);
    double bareSeconds = measured.get(0).timings().median();
    double ourSeconds = measured.get(1).timings().median();
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("bare loop, records/s", Math.round(records / bareSeconds));
    values.put("ours, records/s", Math.round(records / ourSeconds));
    values.put("ours, % of the records/s of bare loop", Math.round(100 * bareSeconds / ourSeconds));
    return Report.Result.of(name, records, measured).withValues(values);
  }

  /** What may fail. */
  private interface Work {
    void run() throws Exception;
  }

  /** Work into a table without items, which has to have every record in the end. */
  private record Into(BareItems bare, String name, long records, Work work) implements Contender {
    @Override
    public void run() throws Exception {
      work.run();
    }

    @Override
    public void cleanUp() {
      bare.dropTable(records);
      bare.createTable();
    }
  }
}
