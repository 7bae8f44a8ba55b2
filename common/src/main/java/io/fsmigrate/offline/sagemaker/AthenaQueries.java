package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatistics;
import software.amazon.awssdk.services.athena.model.ResultConfiguration;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionResponse;

/** Runs statements in Athena and waits for them. */
public final class AthenaQueries implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A cancelled query may go on writing for a moment; longer than this is not waited for. */
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(60);

  private final AwsAccess access;
  private final AthenaClient client;
  private final String workGroup;
  private final Optional<String> outputLocation;

  /**
   * A statement.
   *
   * @param what what it is for, as in "unload feature group flights"
   * @param token 32 to 128 characters; the same statement with the same token starts once
   */
  public record Statement(String what, String sql, String catalog, String database, String token) {}

  /**
   * How far a statement is.
   *
   * @param state {@code QUEUED}, {@code RUNNING}, {@code SUCCEEDED}, {@code FAILED} or {@code
   *     CANCELLED}
   * @param bytesScanned so far
   */
  public record Progress(String queryId, String state, long bytesScanned, Duration waited) {}

  /**
   * A statement that succeeded.
   *
   * @param bytesScanned what Athena charges for
   */
  public record Finished(String queryId, long bytesScanned) {}

  /** Queries in the work group that the settings name. */
  public AthenaQueries(AwsAccess access, AwsClients clients, SageMakerSettings settings) {
    this(access, clients.athena(), settings);
  }

  AthenaQueries(AwsAccess access, AthenaClient client, SageMakerSettings settings) {
    this.access = access;
    this.client = client;
    this.workGroup = settings.athena().workGroup();
    this.outputLocation = settings.athena().outputLocation();
  }

  /**
   * Starts a statement.
   *
   * @return the id of the query
   * @throws FsMigrateException ATHENA_REQUEST_REFUSED, AWS_ACCESS_DENIED, AWS_UNAVAILABLE
   */
  public String start(Statement statement) {
    try {
      StartQueryExecutionResponse started =
          client.startQueryExecution(
              r -> {
                r.queryString(statement.sql())
                    .clientRequestToken(statement.token())
                    .workGroup(workGroup)
                    .queryExecutionContext(
                        c -> c.catalog(statement.catalog()).database(statement.database()));
                outputLocation.ifPresent(
                    location ->
                        r.resultConfiguration(
                            ResultConfiguration.builder().outputLocation(location).build()));
              });
      return started.queryExecutionId();
    } catch (SdkException e) {
      throw AthenaErrors.call(statement.what(), access, e);
    }
  }

  /**
   * Waits until a query has ended; an interruption of the thread cancels it.
   *
   * @throws FsMigrateException ATHENA_QUERY_FAILED, ATHENA_QUERY_CANCELLED,
   *     ATHENA_QUERY_INTERRUPTED
   */
  public Finished await(String queryId, String what, Consumer<Progress> progress) {
    try {
      return awaitEnd(queryId, what, progress);
    } catch (InterruptedException | AbortedException e) {
      // The SDK answers an interruption with an exception of its own.
      cancel(queryId, what);
      Thread.currentThread().interrupt();
      throw AthenaErrors.interrupted(what, queryId);
    }
  }

  private Finished awaitEnd(String queryId, String what, Consumer<Progress> progress)
      throws InterruptedException {
    long start = System.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      QueryExecution execution = execution(queryId, what);
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      progress.accept(
          new Progress(
              queryId, execution.status().stateAsString(), bytesScanned(execution), waited));
      QueryExecutionState state = execution.status().state();
      if (state == QueryExecutionState.SUCCEEDED) {
        return new Finished(queryId, bytesScanned(execution));
      }
      if (state == QueryExecutionState.FAILED) {
        throw AthenaErrors.failed(what, execution);
      }
      if (state == QueryExecutionState.CANCELLED) {
        throw AthenaErrors.cancelled(what, execution);
      }
      Thread.sleep(pause.toMillis());
      pause = longer(pause);
    }
  }

  /** Cancels a query unless it has ended, and waits until it writes no more. */
  public void cancel(String queryId, String what) {
    boolean interrupted = Thread.interrupted();
    try {
      if (ended(execution(queryId, what))) {
        return;
      }
      client.stopQueryExecution(r -> r.queryExecutionId(queryId));
      long end = System.nanoTime() + CANCEL_PATIENCE.toNanos();
      Duration pause = FIRST_PAUSE;
      while (!ended(execution(queryId, what)) && System.nanoTime() < end) {
        Thread.sleep(pause.toMillis());
        pause = longer(pause);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (FsMigrateException e) {
      // Athena forgets queries after weeks.
      if (!e.code().equals("ATHENA_REQUEST_REFUSED")) {
        throw e;
      }
    } catch (SdkException e) {
      throw AthenaErrors.call("cancel query " + queryId, access, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private QueryExecution execution(String queryId, String what) {
    try {
      return client.getQueryExecution(r -> r.queryExecutionId(queryId)).queryExecution();
    } catch (AbortedException e) {
      throw e;
    } catch (SdkException e) {
      throw AthenaErrors.call(what, access, e);
    }
  }

  private static boolean ended(QueryExecution execution) {
    QueryExecutionState state = execution.status().state();
    return state == QueryExecutionState.SUCCEEDED
        || state == QueryExecutionState.FAILED
        || state == QueryExecutionState.CANCELLED;
  }

  private static Duration longer(Duration pause) {
    Duration next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  private static long bytesScanned(QueryExecution execution) {
    QueryExecutionStatistics statistics = execution.statistics();
    return statistics == null || statistics.dataScannedInBytes() == null
        ? 0
        : statistics.dataScannedInBytes();
  }

  @Override
  public void close() {
    client.close();
  }
}
