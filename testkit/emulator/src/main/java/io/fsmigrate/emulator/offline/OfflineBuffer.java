package io.fsmigrate.emulator.offline;

import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.OfflineSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Holds rows for offline stores until it is time to write them, all at once. */
public final class OfflineBuffer implements OfflineSink, AutoCloseable {
  private static final int ROWS_AT_ONCE = 200_000;

  private final ConcurrentLinkedQueue<Pending> rows = new ConcurrentLinkedQueue<>();
  private final OfflineWriter writer;
  private final ScheduledExecutorService timer;

  /** Writes what has come every so often. */
  @SuppressWarnings("FutureReturnValueIgnored") // It ends with the timer.
  public OfflineBuffer(OfflineWriter writer, Duration every, ThreadFactory threads) {
    this.writer = writer;
    this.timer = Executors.newSingleThreadScheduledExecutor(threads);
    timer.scheduleWithFixedDelay(
        this::flushQuietly, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private record Pending(FeatureGroup group, OfflineRow row) {}

  @Override
  public void append(FeatureGroup group, byte[] record, boolean deleted, long invoked) {
    // Rows of Iceberg tables are accepted and not written.
    if (!group.offline().map(FeatureGroup.Offline::iceberg).orElse(true)) {
      rows.add(new Pending(group, new OfflineRow(record, deleted, invoked)));
    }
  }

  /** Writes all rows that came before; when this returns, they are files. */
  public synchronized void flush() {
    while (!rows.isEmpty()) {
      Map<FeatureGroup, List<OfflineRow>> byGroup = new LinkedHashMap<>();
      Pending next;
      for (int i = 0; i < ROWS_AT_ONCE && (next = rows.poll()) != null; i++) {
        byGroup.computeIfAbsent(next.group(), any -> new ArrayList<>()).add(next.row());
      }
      byGroup.forEach(writer::write);
    }
  }

  private void flushQuietly() {
    try {
      flush();
    } catch (RuntimeException e) {
      // A thread of its own would end silently, and with it all later writing.
      System.err.println("Writing offline rows failed: " + e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    flushQuietly();
  }
}
