package io.fsmigrate.online.calls;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.RetryPolicy;
import io.fsmigrate.sagemaker.ServiceFault;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Asks about a place for records again while the service is away, as {@link CallPump} does with
 * records: a run that has begun must not end because a question fell into an outage that its
 * records outlast.
 *
 * @param most how long to go on asking; the last question may end later
 */
public record Patience(Duration most, RetryPolicy retry) {
  private static final int SERVER = 500;

  /** Of that length. */
  public static Patience of(Duration most) {
    return new Patience(most, new RetryPolicy(RandomGenerator.getDefault()));
  }

  /**
   * The answer.
   *
   * @throws FsMigrateException what the question threw, at once unless the service is away
   */
  public <T> T ask(Supplier<T> question) {
    long end = System.nanoTime() + most.toNanos();
    int failures = 0;
    while (true) {
      try {
        return question.get();
      } catch (FsMigrateException e) {
        failures++;
        if (!isAway(e.getCause()) || System.nanoTime() - end > 0) {
          throw e;
        }
      }
      pause(retry.waitNanos(failures));
    }
  }

  /** No answer at all, or one that says that there is none now. */
  private static boolean isAway(Throwable cause) {
    if (cause instanceof ServiceFault fault) {
      return fault.isRetryable();
    }
    if (cause instanceof AwsServiceException service) {
      return service.statusCode() >= SERVER || service.isThrottlingException();
    }
    return cause instanceof SdkClientException
        && !String.valueOf(cause.getMessage()).startsWith("Unable to load credentials");
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the service was away", e);
    }
  }
}
