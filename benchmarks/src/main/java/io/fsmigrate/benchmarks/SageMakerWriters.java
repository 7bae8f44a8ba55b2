package io.fsmigrate.benchmarks;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteOutcome;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;

/** Two ways of writing the records of a group, each with some tasks side by side. */
final class SageMakerWriters {
  private static final int BATCH = 100;

  private final URI endpoint;
  private final int tasks;

  SageMakerWriters(URI endpoint, int tasks) {
    this.endpoint = endpoint;
    this.tasks = tasks;
  }

  /** The plain way: each task has one client and one PutRecord at a time. */
  void oneByOne(int records, int round) throws Exception {
    inTasks(
        task ->
            () -> {
              try (SageMakerFeatureStoreRuntimeClient client =
                  SageMakerFeatureStoreRuntimeClient.builder()
                      .endpointOverride(endpoint)
                      .region(Region.US_EAST_1)
                      .httpClient(AwsCrtHttpClient.create())
                      .build()) {
                for (int i = task; i < records; i += tasks) {
                  List<FeatureValue> values = new ArrayList<>();
                  ExampleGroup.texts(ExampleGroup.record(i, round))
                      .forEach(
                          (name, text) ->
                              values.add(
                                  FeatureValue.builder()
                                      .featureName(name)
                                      .valueAsString(text)
                                      .build()));
                  client.putRecord(
                      r ->
                          r.featureGroupName(ExampleGroup.NAME)
                              .record(values)
                              .targetStoresWithStrings("OnlineStore"));
                }
              }
              return null;
            });
  }

  /** Ours, with its limiter on. */
  void ours(int records, int round, int inFlight, boolean batches, String rateLimit)
      throws Exception {
    OnlineStore store =
        OnlineStores.of(
            new OnlineStoreDefinition(
                "online",
                "sagemaker",
                Map.of(
                    "region",
                    "us-east-1",
                    "endpoint",
                    endpoint.toString(),
                    "rate-limit",
                    rateLimit,
                    "batch-write",
                    batches ? "auto" : "never")));
    WriteContext run = new WriteContext("benchmark-%s-%d".formatted(batches, round), inFlight, 1);
    AtomicLong submitted = new AtomicLong();
    inTasks(
        task ->
            () -> {
              try (RecordWriter writer = store.open(ExampleGroup.target(), run)) {
                List<OnlineRecord> batch = new ArrayList<>(BATCH);
                for (int i = task; i < records; i += tasks) {
                  batch.add(ExampleGroup.record(i, round));
                  if (batch.size() == BATCH || i + tasks >= records) {
                    writer.write(batch, outcome -> submitted.addAndGet(submitted(outcome)));
                    batch = new ArrayList<>(BATCH);
                  }
                }
                writer.commit();
              }
              return null;
            });
    if (submitted.get() != records) {
      throw new IllegalStateException(
          "%d of %d records were submitted".formatted(submitted.get(), records));
    }
  }

  private static long submitted(WriteOutcome outcome) {
    return outcome.submitted();
  }

  private void inTasks(IntFunction<Callable<Void>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<Void>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        all.add(threads.submit(work.apply(task)));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
