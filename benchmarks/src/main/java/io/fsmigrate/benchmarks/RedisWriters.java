package io.fsmigrate.benchmarks;

import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Our writer, in some tasks side by side. */
final class RedisWriters {
  private static final int BATCH = 100;
  private static final int MAX_WORKERS = 64;

  private RedisWriters() {}

  static void ours(String address, int records, int tasks, int round, String rateLimit)
      throws Exception {
    OnlineStore store =
        OnlineStores.of(
            new OnlineStoreDefinition(
                "online", "redis", Map.of("nodes", address, "rate-limit", rateLimit)));
    WriteContext run = new WriteContext("benchmark-" + round, MAX_WORKERS, 1);
    AtomicLong written = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        int first = task;
        all.add(threads.submit(() -> write(store, run, records, first, tasks, written)));
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

  private static void write(
      OnlineStore store, WriteContext run, int records, int first, int step, AtomicLong written) {
    try (RecordWriter writer = store.open(ExampleGroup.target(), run)) {
      List<OnlineRecord> batch = new ArrayList<>(BATCH);
      for (int i = first; i < records; i += step) {
        batch.add(ExampleGroup.record(i, 0));
        if (batch.size() == BATCH || i + step >= records) {
          writer.write(batch, outcome -> written.addAndGet(outcome.written()));
          batch = new ArrayList<>(BATCH);
        }
      }
      writer.commit();
    }
  }
}
