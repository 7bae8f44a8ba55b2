package io.fsmigrate.benchmarks;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.WriteContext;
import io.fsmigrate.online.WriteStrategy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Our writer, in some tasks side by side. */
final class DynamoDbWriters {
  private static final int BATCH = 100;

  private final OnlineStore store;
  private final int tasks;
  private final int inFlight;
  private int round;

  DynamoDbWriters(URI endpoint, int tasks, int inFlight, String rateLimit) {
    this.tasks = tasks;
    this.inFlight = inFlight;
    this.store =
        OnlineStores.of(
            new OnlineStoreDefinition(
                "online",
                "dynamodb",
                Map.of(
                    "endpoint",
                    endpoint.toString(),
                    "region",
                    "us-east-1",
                    "rate-limit",
                    rateLimit)));
  }

  void write(int records, WriteStrategy.Mode mode) throws Exception {
    WriteContext run =
        new WriteContext(
            "benchmark-" + round++,
            inFlight,
            1,
            StaleCheck.NONE,
            new WriteStrategy(mode, List.of(), "measured"));
    AtomicLong written = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        int first = task;
        all.add(threads.submit(() -> write(run, records, first, written)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    if (written.get() != records) {
      throw new IllegalStateException("%d of %d were written".formatted(written.get(), records));
    }
  }

  private void write(WriteContext run, int records, int first, AtomicLong written) {
    try (RecordWriter writer = store.open(ExampleGroup.target(), run)) {
      List<OnlineRecord> batch = new ArrayList<>(BATCH);
      for (int i = first; i < records; i += tasks) {
        batch.add(ExampleGroup.record(i, 0));
        if (batch.size() == BATCH || i + tasks >= records) {
          writer.write(batch, outcome -> written.addAndGet(outcome.written()));
          batch = new ArrayList<>(BATCH);
        }
      }
      writer.commit();
    }
  }
}
