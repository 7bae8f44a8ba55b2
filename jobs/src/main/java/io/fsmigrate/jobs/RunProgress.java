package io.fsmigrate.jobs;

import io.fsmigrate.run.RunEvent;
import io.fsmigrate.run.RunListener;
import io.fsmigrate.run.StoreCalls;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Shows how far a run is: a bar with rate and time left on a terminal, otherwise a JSON line every
 * few seconds. Rows move with Spark's tasks, so that the bar does not stand still during a long
 * unit.
 */
final class RunProgress implements RunListener, AutoCloseable {
  private final SparkSession session;
  private final PrintWriter people;
  private final ScheduledExecutorService ticker;
  private final Optional<ProgressBar> bar;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong total = new AtomicLong();
  private final Map<String, Long> online = new ConcurrentSkipListMap<>();
  private volatile long phaseStartNanos = System.nanoTime();
  private volatile boolean published;
  private volatile String run = "";
  private volatile String phase = "starting";
  private final SparkListener tasks = new Tasks();

  private RunProgress(SparkSession session, PrintWriter people, Optional<ProgressBar> bar) {
    this.session = session;
    this.people = people;
    this.bar = bar;
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "fs-migrate-progress");
              thread.setDaemon(true);
              return thread;
            });
  }

  static RunProgress start(
      SparkSession session, PrintWriter people, int intervalSeconds, String command) {
    Optional<ProgressBar> bar =
        System.console() == null
            ? Optional.empty()
            : Optional.of(
                new ProgressBarBuilder()
                    .setTaskName(command)
                    .setUnit(" rows", 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .showSpeed()
                    .setInitialMax(1)
                    .build());
    RunProgress progress = new RunProgress(session, people, bar);
    session.sparkContext().addSparkListener(progress.tasks);
    progress.ticker.scheduleAtFixedRate(
        bar.isEmpty() ? progress::line : progress::showCalls,
        bar.isEmpty() ? intervalSeconds : 1,
        bar.isEmpty() ? intervalSeconds : 1,
        TimeUnit.SECONDS);
    return progress;
  }

  @Override
  public void on(RunEvent event) {
    run = event.run();
    switch (event.kind()) {
      case STARTED -> {
        phase = event.store();
        total.set(event.rows());
        bar.ifPresent(b -> b.maxHint(event.rows()));
      }
      case SKIPPED -> {
        if (published) {
          onlineRecords(event);
        } else if (event.store().equals(phase)) {
          advance(event.rows());
        }
      }
      case REF_MOVED, SERVING -> {
        published = true;
        recordsOnline();
      }
      case RETRYING -> {
        published = true;
        begin("retry", event.rows(), " settled ");
      }
      case HISTORY_STARTED ->
          begin(event.store(), event.rows(), " published, rows to " + event.store() + " ");
      case HISTORY_ENDED -> recordsOnline();
      case RECORDED -> {
        if (published) {
          onlineRecords(event);
        }
      }
      case OFFLINE_WRITTEN, ONLINE_WRITTEN, ENDED -> {}
    }
  }

  private void onlineRecords(RunEvent event) {
    online.merge(event.store(), event.rows(), Long::sum);
    advance(event.rows());
  }

  /** How many records there are is known when all of them are written. */
  private void recordsOnline() {
    begin("online", 0, " published, records online ");
  }

  private void begin(String name, long rowsToCome, String message) {
    phase = name;
    rows.set(0);
    total.set(rowsToCome);
    phaseStartNanos = System.nanoTime();
    bar.ifPresent(
        b -> {
          b.setExtraMessage(message);
          b.maxHint(rowsToCome > 0 ? rowsToCome : -1);
          b.stepTo(0);
        });
  }

  /**
   * A class of its own, so that the control plane can look at the commands without Spark. Only
   * tasks that write count: Delta reads its own log in tasks as well.
   */
  private final class Tasks extends SparkListener {
    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      if (!end.taskInfo().successful()
          || end.taskMetrics() == null
          || end.taskMetrics().outputMetrics().recordsWritten() == 0) {
        return;
      }
      if (phase.equals("offline")) {
        advance(end.taskMetrics().inputMetrics().recordsRead());
      } else if (!phase.equals("online")) {
        advance(end.taskMetrics().outputMetrics().recordsWritten());
      }
    }
  }

  private void advance(long more) {
    // Units with failed records are read a second time; the bar must not pass its end for that.
    long end = total.get() > 0 ? total.get() : Long.MAX_VALUE;
    long now = rows.accumulateAndGet(more, (done, next) -> Math.min(done + next, end));
    bar.ifPresent(b -> b.stepTo(now));
  }

  private void line() {
    double seconds = (System.nanoTime() - phaseStartNanos) / 1e9;
    long done = rows.get();
    double rate = done / seconds;
    String left =
        rate > 0 && total.get() > done
            ? String.format(Locale.ROOT, "%.0f", (total.get() - done) / rate)
            : "null";
    people.printf(
        Locale.ROOT,
        "{\"run\":\"%s\",\"phase\":\"%s\",\"rows\":%d,\"total\":%d,\"rowsPerSecond\":%.0f,\"secondsLeft\":%s%s%s}%n",
        run,
        phase,
        done,
        total.get(),
        rate,
        left,
        perStore(),
        calls());
    people.flush();
  }

  /** Records that each online store is done with, once there are some. */
  private String perStore() {
    StringBuilder stores = new StringBuilder();
    online.forEach(
        (store, records) ->
            stores.append("%s\"%s\":%d".formatted(stores.isEmpty() ? "" : ",", store, records)));
    return stores.isEmpty() ? "" : ",\"online\":{" + stores + "}";
  }

  /** What the stores are asked now, where their calls are counted. */
  private String calls() {
    StringBuilder stores = new StringBuilder();
    StoreCalls.of(run)
        .forEach(
            (store, state) ->
                stores.append(
                    String.format(
                        Locale.ROOT,
                        "%s\"%s\":{\"calls\":%d,\"throttled\":%d,\"inFlight\":%d,\"concurrency\":%d,\"perSecond\":%s}",
                        stores.isEmpty() ? "" : ",",
                        store,
                        state.calls(),
                        state.throttled(),
                        state.inFlight(),
                        state.concurrency(),
                        state
                            .ratePerSecond()
                            .map(r -> String.format(Locale.ROOT, "%.0f", r))
                            .orElse("null"))));
    return stores.isEmpty() ? "" : ",\"stores\":{" + stores + "}";
  }

  /** The same beside the bar, which has room for one line. */
  private void showCalls() {
    StringBuilder stores = new StringBuilder();
    online.forEach(
        (store, records) -> stores.append(String.format(Locale.ROOT, ", %s %,d", store, records)));
    StoreCalls.of(run)
        .forEach(
            (store, state) ->
                stores.append(
                    String.format(
                        Locale.ROOT,
                        ", %s: %,d calls, %d of %d in flight, %,d throttled",
                        store,
                        state.calls(),
                        state.inFlight(),
                        state.concurrency(),
                        state.throttled())));
    if (!stores.isEmpty()) {
      bar.ifPresent(b -> b.setExtraMessage(" published" + stores + " "));
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    session.sparkContext().removeSparkListener(tasks);
    bar.ifPresent(ProgressBar::close);
  }
}
