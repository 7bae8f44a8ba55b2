package io.fsmigrate.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Has a task work on buckets, and tells in the caller's thread what became of each as it ends. */
final class BucketJob {
  /** Longer than a store's call takes to time out, unless that was set very long. */
  private static final Duration TASKS_END = Duration.ofMinutes(2);

  private final JavaRDD<Row> newest;
  private final BucketTask task;
  private final boolean onDriver;
  private final String name;
  private final SparkContext context;
  private final String group;
  private final BlockingQueue<BucketOutcome> outcomes = new LinkedBlockingQueue<>();

  /** Takes what became of buckets; every outcome comes once. */
  interface Settling {
    /** False where the job is to end. */
    boolean goesOnAfter(List<BucketOutcome> ready);
  }

  /**
   * @param newest see {@link NewestRecords}
   * @param onDriver whether only the driver's machine has the store; one bucket's records are there
   *     at a time
   * @param name of the stores, for people
   */
  BucketJob(JavaRDD<Row> newest, BucketTask task, boolean onDriver, String run, String name) {
    this.newest = newest;
    this.task = task;
    this.onDriver = onDriver;
    this.name = name;
    this.context = newest.rdd().sparkContext();
    this.group = "%s/online/%s".formatted(run, UUID.randomUUID());
  }

  /**
   * Works on buckets until all are done or the caller has enough. No task of it is at work when
   * this returns.
   *
   * @param waves which of them side by side
   * @param settle takes what became of each
   * @throws io.fsmigrate.error.FsMigrateException when the buckets cannot be read, or what {@code
   *     settle} throws
   */
  void run(List<List<Integer>> waves, Settling settle) {
    CompletableFuture<Void> job =
        CompletableFuture.runAsync(
            () -> {
              context.setJobGroup(group, "online stores " + name, false);
              waves.forEach(this::write);
            },
            body -> {
              Thread thread = new Thread(body, "fs-migrate-online");
              thread.setDaemon(true);
              thread.start();
            });
    try {
      boolean goesOn = true;
      while (goesOn && (!job.isDone() || !outcomes.isEmpty())) {
        BucketOutcome first = outcomes.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          goesOn = settle.goesOnAfter(with(first));
        }
      }
      if (goesOn) {
        job.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between buckets", e);
    } catch (ExecutionException e) {
      throw RunErrors.failure(name, e);
    } finally {
      // Buckets still at work must not be written beside those of a process that takes the run up.
      context.cancelJobGroupAndFutureJobs(group, "the stores get no more of it");
      job.exceptionally(failure -> null).join();
      awaitTasks();
    }
    // Buckets that ended while their job was being cancelled need not be written again.
    BucketOutcome late = outcomes.poll();
    if (late != null) {
      settle.goesOnAfter(with(late));
    }
  }

  /** All that there are by now. */
  private List<BucketOutcome> with(BucketOutcome first) {
    List<BucketOutcome> ready = new ArrayList<>(List.of(first));
    outcomes.drainTo(ready);
    return ready;
  }

  /** A job that is cancelled ends before its tasks do, which look now and then whether they may. */
  private void awaitTasks() {
    SparkStatusTracker tracker = context.statusTracker();
    long end = System.nanoTime() + TASKS_END.toNanos();
    try {
      while (System.nanoTime() < end
          && IntStream.of(tracker.getJobIdsForGroup(group))
              .mapToObj(tracker::getJobInfo)
              .filter(Option::isDefined)
              .flatMapToInt(info -> IntStream.of(info.get().stageIds()))
              .mapToObj(tracker::getStageInfo)
              .anyMatch(stage -> stage.isDefined() && stage.get().numActiveTasks() > 0)) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(List<Integer> buckets) {
    if (onDriver) {
      for (int bucket : buckets) {
        List<Row> rows = newest.collectPartitions(new int[] {bucket})[0];
        outcomes.add(task.write(bucket, CollectionConverters.asScala(rows.iterator())));
      }
      return;
    }
    context.runJob(
        newest.rdd(),
        task,
        CollectionConverters.asScala(new ArrayList<Object>(buckets)).toSeq(),
        new AbstractFunction2<Object, BucketOutcome, BoxedUnit>() {
          @Override
          public BoxedUnit apply(Object index, BucketOutcome outcome) {
            outcomes.add(outcome);
            return BoxedUnit.UNIT;
          }
        },
        ClassTag$.MODULE$.apply(BucketOutcome.class));
  }
}
