package io.fsmigrate.benchmarks;

import io.fsmigrate.offline.OfflineSource;
import io.fsmigrate.offline.UnitPacking;
import io.fsmigrate.offline.sagemaker.AthenaQueries;
import io.fsmigrate.offline.sagemaker.SageMakerSource;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings;
import io.fsmigrate.testkit.EmulatorProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.GetQueryResultsResponse;

/** Compares two ways to read a table through Athena. */
@Command(
    name = "unload",
    mixinStandardHelpOptions = true,
    description = {
      "Time reading an offline store by Athena's UNLOAD and Spark beside reading the same rows by",
      "GetQueryResults, 1,000 a page, from the same emulator: A B A B, ratios pair by pair."
    })
final class UnloadCommand implements Callable<Integer> {
  private static final int PAGE = 1_000;

  @Spec private CommandSpec spec;
  @Mixin private ReportOptions report = new ReportOptions();
  @Mixin private DataDirectory directory = new DataDirectory();

  @Option(names = "--rows", defaultValue = "1000000", description = "Default ${DEFAULT-VALUE}.")
  private long rows;

  @Option(names = "--runs", defaultValue = "3", description = "Pairs (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      defaultValue = "1",
      description = "Pairs before those that are reported (default ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--emulator",
      defaultValue = "testkit/emulator/target/fs-migrate-emulator.jar",
      description = "The emulator's jar (${DEFAULT-VALUE}).")
  private Path jar;

  @Option(
      names = "--master",
      defaultValue = "local[*]",
      description = "Spark's master (default ${DEFAULT-VALUE}).")
  private String master;

  @Option(
      names = "--latency",
      defaultValue = "0",
      description = "Added to each call of Athena in ms, not of S3 (${DEFAULT-VALUE}).")
  private int latency;

  @Override
  public Integer call() throws Exception {
    Path data = directory.create();
    System.setProperty("fsmigrate.emulator.jar", jar.toAbsolutePath().toString());
    // The SDK finds the keys there.
    System.setProperty("aws.accessKeyId", EmulatorProcess.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
    try (EmulatorProcess emulator = EmulatorProcess.start("--bucket", OfflineStoreSeed.BUCKET)) {
      time(emulator, data);
    }
    return 0;
  }

  private void time(EmulatorProcess emulator, Path data) throws Exception {
    AwsAccess access = new AwsAccess("us-east-1", emulator.endpoint().toString(), null, null);
    try (AwsClients clients = new AwsClients(access);
        AthenaClient athena = PlainClients.athena(emulator.endpoint());
        SparkSession spark = Sessions.start(master)) {
      emulator.s3a().forEach(spark.sparkContext().hadoopConfiguration()::set);
      FeatureGroupDescription group = OfflineStoreSeed.seed(spark, access, clients, data, rows);
      emulator.faults("{\"latencyMillis\":%d}".formatted(latency));
      SageMakerSettings settings = settings(access);
      try (AthenaQueries queries = new AthenaQueries(access, clients, settings)) {
        AtomicLong read = new AtomicLong();
        List<Contender> contenders =
            List.of(
                new Unloaded(spark, group, settings, clients, data, rows, read),
                new Paged(athena, queries, group, rows, read));
        Report.Result result =
            Report.Result.of(
                String.format(
                    Locale.ROOT, "%,d rows of %d features", rows, group.features().size()),
                rows,
                new Stopwatch(read::get).alternate(contenders, warmUps, runs));
        Map<String, String> described = report.settings();
        described.put("master", master);
        described.put("page", Integer.toString(PAGE));
        described.put(
            "athena", "emulator on this machine, %d ms added to each call".formatted(latency));
        described.put("pairs", "%d after %d to warm up".formatted(runs, warmUps));
        report.publish(
            new Report("unload", described, List.of(result)), spec.commandLine().getOut());
      }
    }
  }

  private static SageMakerSettings settings(AwsAccess access) {
    return new SageMakerSettings(
        access,
        SageMakerSettings.Shape.OFFLINE,
        SageMakerSettings.Read.UNLOAD,
        "s3a",
        new SageMakerSettings.Athena(
            "primary",
            Optional.of("s3://" + OfflineStoreSeed.BUCKET + "/output"),
            Optional.of("s3://" + OfflineStoreSeed.BUCKET + "/unloads")),
        new SageMakerSettings.ServiceLimits(10_000, 40_000, 10),
        new SageMakerSettings.Prices(1.25, 0.25, 5));
  }

  /** Counts the rows of one reading, which must be all. */
  private static void count(AtomicLong counter, long read, long rows) {
    counter.addAndGet(read);
    if (read != rows) {
      throw new IllegalStateException("Read %d rows of %d".formatted(read, rows));
    }
  }

  /** UNLOAD, then Spark. */
  private record Unloaded(
      SparkSession spark,
      FeatureGroupDescription group,
      SageMakerSettings settings,
      AwsClients clients,
      Path data,
      long rows,
      AtomicLong counter)
      implements Contender {
    @Override
    public String name() {
      return "unload";
    }

    @Override
    public void run() throws Exception {
      org.apache.hadoop.fs.Path run =
          new org.apache.hadoop.fs.Path(
              data.resolve("run-" + UUID.randomUUID()).toUri().toString());
      SageMakerSource source =
          SageMakerSource.describe(
              spark,
              new SageMakerSource.Request(
                  group, Optional.empty(), Optional.empty(), Optional.empty()),
              settings,
              new SageMakerSource.Services(
                  () -> new AthenaQueries(settings.access(), clients, settings),
                  Optional.empty(),
                  progress -> {}));
      OfflineSource staged = source.stage(run);
      staged
          .read(UnitPacking.single(staged.slices()).get(0))
          .write()
          .format("noop")
          .mode("overwrite")
          .save();
      count(counter, staged.snapshot().rows().orElse(-1L), rows);
      source.remove(run);
    }
  }

  /** Page after page. */
  private record Paged(
      AthenaClient athena,
      AthenaQueries queries,
      FeatureGroupDescription group,
      long rows,
      AtomicLong counter)
      implements Contender {
    @Override
    public String name() {
      return "pages";
    }

    @Override
    public void run() {
      FeatureGroupDescription.Offline offline = group.offline().orElseThrow();
      String sql =
          "SELECT id, \"at\", n, x, text, flag FROM \"%s\".\"%s\""
              .formatted(offline.database(), offline.table());
      String id =
          queries.start(
              new AthenaQueries.Statement(
                  "read by pages",
                  sql,
                  offline.catalog(),
                  offline.database(),
                  UUID.randomUUID() + "-benchmark"));
      queries.await(id, "read by pages", progress -> {});
      long read = -1; // The first row names the columns.
      String next = null;
      do {
        String token = next;
        GetQueryResultsResponse page =
            athena.getQueryResults(r -> r.queryExecutionId(id).maxResults(PAGE).nextToken(token));
        read += page.resultSet().rows().size();
        next = page.nextToken();
      } while (next != null);
      count(counter, read, rows);
    }
  }
}
