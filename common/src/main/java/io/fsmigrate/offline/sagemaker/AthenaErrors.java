package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.SageMakerErrors;
import java.util.List;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.model.AthenaError;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.QueryExecution;

/** What a query of Athena can fail with, sorted by who can mend it. */
final class AthenaErrors {

  /** Category 1 of Athena's errors: its own; 2 is the user's, 3 is anything else. */
  private static final int SYSTEM = 1;

  /** Words of reasons that permissions explain. */
  private static final List<String> DENIED =
      List.of("accessdenied", "access denied", "not authorized", "insufficient permissions");

  private AthenaErrors() {}

  /** The failure of a query that ran. */
  static FsMigrateException failed(String what, QueryExecution execution) {
    String reason = reason(execution);
    AthenaError error = execution.status().athenaError();
    boolean retryable =
        error != null
            && (Boolean.TRUE.equals(error.retryable())
                || Integer.valueOf(SYSTEM).equals(error.errorCategory()));
    if (retryable) {
      return new FsMigrateException(
          ExitCode.UNAVAILABLE,
          "ATHENA_QUERY_FAILED",
          "Athena: cannot %s: query %s failed (%s), and may succeed later; resume the run"
              .formatted(what, execution.queryExecutionId(), reason));
    }
    String lower = reason.toLowerCase(Locale.ROOT);
    if (DENIED.stream().anyMatch(lower::contains)) {
      return new FsMigrateException(
          ExitCode.USAGE,
          "ATHENA_QUERY_FAILED",
          "Athena: cannot %s: query %s failed (%s); allow the job's role to read the table and to write to sagemaker.athena.unload-location"
              .formatted(what, execution.queryExecutionId(), reason));
    }
    return new FsMigrateException(
        ExitCode.REFUSED,
        "ATHENA_QUERY_FAILED",
        "Athena: cannot %s: query %s failed (%s); check table and files of the offline store, or read them directly (sagemaker.read = direct)"
            .formatted(what, execution.queryExecutionId(), reason));
  }

  static FsMigrateException cancelled(String what, QueryExecution execution) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "ATHENA_QUERY_CANCELLED",
        "Athena: cannot %s: query %s was cancelled by somebody else or by a limit of its work group (%s); resume the run"
            .formatted(what, execution.queryExecutionId(), reason(execution)));
  }

  static FsMigrateException interrupted(String what, String query) {
    return new FsMigrateException(
        ExitCode.INTERRUPTED,
        "ATHENA_QUERY_INTERRUPTED",
        "Athena: stopped to %s: the job was interrupted and query %s cancelled; resume the run"
            .formatted(what, query));
  }

  /** The failure of a call. */
  static FsMigrateException call(String what, AwsAccess access, SdkException cause) {
    if (cause instanceof InvalidRequestException invalid) {
      String message =
          invalid.awsErrorDetails() == null
              ? String.valueOf(invalid.getMessage())
              : invalid.awsErrorDetails().errorMessage();
      return new FsMigrateException(
          ExitCode.USAGE,
          "ATHENA_REQUEST_REFUSED",
          "Athena: cannot %s: %s; check sagemaker.athena.work-group and sagemaker.athena.output-location"
              .formatted(what, message),
          cause);
    }
    return SageMakerErrors.of(what, access, cause);
  }

  private static String reason(QueryExecution execution) {
    AthenaError error = execution.status().athenaError();
    String text =
        execution.status().stateChangeReason() != null
            ? execution.status().stateChangeReason()
            : error == null ? "no reason given" : String.valueOf(error.errorMessage());
    String line = text.lines().findFirst().orElse("no reason given").strip();
    return line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }
}
