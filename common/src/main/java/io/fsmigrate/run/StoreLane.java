package io.fsmigrate.run;

import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.FailedWrite;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStores;
import io.fsmigrate.online.RecordWriter;
import io.fsmigrate.online.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Row;

/**
 * Writes the batches of one bucket to one store, in a thread of its own: stores that get the same
 * bucket wait for each other only when one has fallen behind by a full queue.
 */
final class StoreLane implements AutoCloseable {
  /** Bounds what a store that is slow makes a task hold; two batches where they are larger. */
  private static final int RECORDS_AHEAD = 8192;

  private static final Batch END = new Batch(List.of(), List.of());
  private static final long POLL_MILLIS = 100;

  private final int bucket;
  private final StoreWork work;
  private final VersionedGroup target;
  private final BlockingQueue<Batch> ahead;
  private final CompletableFuture<BucketResult> result = new CompletableFuture<>();
  private final Tally tally = new Tally();
  private final Thread thread;
  private volatile boolean givenUp;

  /**
   * Some records of a bucket.
   *
   * @param rows as {@link NewestRecords} makes them
   * @param records the same as stores take them
   */
  record Batch(List<Row> rows, List<OnlineRecord> records) {}

  private StoreLane(int bucket, StoreWork work, VersionedGroup target, int batchSize) {
    this.bucket = bucket;
    this.work = work;
    this.target = target;
    ahead = new ArrayBlockingQueue<>(Math.max(2, RECORDS_AHEAD / batchSize));
    thread = new Thread(this::run, "fs-migrate-%s-%d".formatted(work.store().name(), bucket));
    thread.setDaemon(true);
  }

  static StoreLane start(int bucket, StoreWork work, VersionedGroup target, int batchSize) {
    StoreLane lane = new StoreLane(bucket, work, target, batchSize);
    lane.thread.start();
    return lane;
  }

  String store() {
    return work.store().name();
  }

  /**
   * Takes a batch, waiting for some of {@link #POLL_MILLIS} while there is no place for it. A lane
   * that has ended takes all and does nothing with them.
   *
   * @return whether it has taken it
   */
  boolean offer(Batch batch) throws InterruptedException {
    return result.isDone() || ahead.offer(batch, POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Says that there are no more, as {@link #offer} does with a batch. */
  boolean offerEnd() throws InterruptedException {
    return offer(END);
  }

  /** Waits a moment for the end; whether it has come. */
  boolean hasEnded() throws InterruptedException {
    try {
      result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  /** Why the store, which has ended, does not have the bucket; empty if it has. */
  Optional<Throwable> failure() {
    return result.isCompletedExceptionally()
        ? Optional.of(result.handle((none, why) -> why).join())
        : Optional.empty();
  }

  /** What was counted by a lane that has ended well. */
  BucketResult result() {
    return result.join();
  }

  /** Gives up the bucket unless it is written already, and waits until nothing more is. */
  @Override
  public void close() {
    givenUp = true;
    boolean interrupted = false;
    // A lane that has ended well has nothing left to be torn from.
    thread.interrupt();
    while (thread.isAlive()) {
      try {
        thread.join(POLL_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (RecordWriter writer = OnlineStores.of(work.store()).open(target, work.context())) {
      for (Batch next = next(writer); next != END; next = next(writer)) {
        Batch batch = next;
        tally.enter(batch.rows());
        writer.write(batch.records(), outcome -> tally.add(batch.rows(), outcome));
      }
      writer.commit();
    } catch (Throwable e) {
      result.completeExceptionally(e);
      return;
    }
    result.complete(tally.result(store(), bucket));
  }

  /** Waits for input, which another store may hold up for as long as that is away. */
  private Batch next(RecordWriter writer) throws InterruptedException {
    Batch next = ahead.poll();
    while (next == null && !givenUp) {
      next = ahead.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (next == null) {
        writer.rest();
      }
    }
    if (givenUp) {
      throw new InterruptedException("the bucket was given up");
    }
    return next;
  }

  /** Counts of one bucket in one store. */
  private static final class Tally {
    private long newest;
    private long superseded;
    private long written;
    private long stale;
    private long submitted;
    private final List<BucketResult.Failure> failures = new ArrayList<>();

    private void enter(List<Row> batch) {
      newest += batch.size();
      for (Row row : batch) {
        superseded += row.getLong(row.length() - 1) - 1;
      }
    }

    private void add(List<Row> batch, WriteOutcome outcome) {
      written += outcome.written();
      stale += outcome.stale();
      submitted += outcome.submitted();
      for (FailedWrite failed : outcome.failed()) {
        failures.add(
            new BucketResult.Failure(
                failed.code(),
                failed.reason(),
                failed.retryable(),
                RecordValues.features(batch.get(failed.index()))));
      }
    }

    private BucketResult result(String store, int bucket) {
      return new BucketResult(
          store, bucket, newest, superseded, written, stale, submitted, failures);
    }
  }
}
