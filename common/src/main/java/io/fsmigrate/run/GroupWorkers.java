package io.fsmigrate.run;

import io.fsmigrate.offline.InputUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** Runs groups of units side by side, each in a thread of its own. */
final class GroupWorkers {
  private final SparkSession session;
  private final String run;
  private final int concurrent;

  /**
   * @param concurrent groups at once
   */
  GroupWorkers(SparkSession session, String run, int concurrent) {
    this.session = session;
    this.run = run;
    this.concurrent = Math.max(1, concurrent);
  }

  /** What is done for a group; {@code prepared} is done when its rows can be written. */
  interface Work {
    void on(List<InputUnit> group, Future<Void> prepared)
        throws InterruptedException, ExecutionException;
  }

  /**
   * Works on all groups. When one fails, the others' Spark jobs are cancelled and waited for.
   *
   * @param preparation runs beside the first groups, which takes about as long as planning them
   * @param afterEach may throw to stop
   * @throws ExecutionException with what a group threw
   */
  void run(Runnable preparation, List<List<InputUnit>> groups, Work work, Runnable afterEach)
      throws ExecutionException {
    SparkContext context = session.sparkContext();
    String jobs = run + "/" + UUID.randomUUID();
    ExecutorService workers =
        Executors.newFixedThreadPool(
            1 + concurrent,
            body -> {
              Thread thread = new Thread(body, "fs-migrate-group");
              thread.setDaemon(true);
              return thread;
            });
    int finished = 0;
    CompletableFuture<Void> prepared =
        CompletableFuture.runAsync(
            () -> {
              SparkSession.setActiveSession(session);
              preparation.run();
            },
            workers);
    try {
      ExecutorCompletionService<Void> completed = new ExecutorCompletionService<>(workers);
      int submitted = 0;
      while (finished < groups.size()) {
        while (submitted < groups.size() && submitted - finished < concurrent) {
          List<InputUnit> group = groups.get(submitted++);
          completed.submit(
              () -> {
                SparkSession.setActiveSession(session);
                context.setJobGroup(jobs, null, false);
                work.on(group, prepared);
                return null;
              });
        }
        completed.take().get();
        finished++;
        afterEach.run();
      }
      prepared.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted between groups of units", e);
    } finally {
      workers.shutdown();
      if (finished < groups.size()) {
        context.cancelJobGroupAndFutureJobs(jobs, "the run has ended");
      }
      end(workers);
    }
  }

  /**
   * Waits for the groups that are still at work: what they commit after the target's lock is free
   * would be there twice once another process has taken the run up.
   */
  private static void end(ExecutorService workers) {
    boolean interrupted = false;
    while (true) {
      try {
        if (workers.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        workers.shutdownNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
