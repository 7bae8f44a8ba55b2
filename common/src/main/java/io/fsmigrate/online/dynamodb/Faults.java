package io.fsmigrate.online.dynamodb;

import io.fsmigrate.sagemaker.ServiceFault;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What went wrong with a call, in the words of those who try it again. */
final class Faults {
  private static final int SERVER = 503;

  /** Codes whose sound says something else than they mean to a writer of items. */
  private static final Map<String, ServiceFault> MISLEADING =
      Map.of(
          "TransactionConflictException",
              ServiceFault.of(SERVER, "TransactionConflict", "the item is part of a transaction"),
          "ReplicatedWriteConflictException",
              ServiceFault.of(SERVER, "ReplicatedWriteConflict", "another region writes the item"),
          "ItemCollectionSizeLimitExceededException",
              ServiceFault.of(400, "ItemCollectionTooLarge", "a local index has no more room"));

  private Faults() {}

  /**
   * The fault of a call.
   *
   * @throws IllegalStateException when it is none of the service or the network: a defect of ours
   */
  static ServiceFault of(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof ServiceFault fault) {
        return fault;
      }
      if (cause instanceof AwsServiceException service) {
        return of(service);
      }
      if (cause instanceof SdkClientException client) {
        return of(client);
      }
      cause = cause.getCause();
    }
    throw new IllegalStateException("A call could not be made or its reply not be read", failure);
  }

  private static ServiceFault of(AwsServiceException service) {
    String code = service.awsErrorDetails() == null ? "" : service.awsErrorDetails().errorCode();
    String message =
        service.awsErrorDetails() == null
            ? service.getMessage()
            : service.awsErrorDetails().errorMessage();
    String known = code == null ? "" : code;
    return MISLEADING.getOrDefault(
        known, ServiceFault.of(service.statusCode(), known, String.valueOf(message)));
  }

  private static ServiceFault of(SdkClientException client) {
    return String.valueOf(client.getMessage()).startsWith("Unable to load credentials")
        ? ServiceFault.of(0, "MissingAuthenticationToken", "none were found")
        : ServiceFault.noReply(client);
  }

  /** Whether a failure is an answer of the service to the caller of exactly that kind. */
  static <E extends DynamoDbException> E as(Class<E> kind, Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !kind.isInstance(cause)) {
      cause = cause.getCause();
    }
    return kind.cast(cause);
  }
}
