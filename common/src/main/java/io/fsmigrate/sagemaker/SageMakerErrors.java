package io.fsmigrate.sagemaker;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What can stand between the program and SageMaker or Athena. */
public final class SageMakerErrors {
  private static final Set<String> CREDENTIALS =
      Set.of(
          "unrecognizedclientexception",
          "invalidsignatureexception",
          "signaturedoesnotmatch",
          "invalidclienttokenid",
          "incompletesignature",
          "missingauthenticationtoken",
          "missingauthenticationtokenexception");
  private static final Set<String> EXPIRED =
      Set.of("expiredtoken", "expiredtokenexception", "requestexpired");
  private static final Set<String> DENIED =
      Set.of("accessdenied", "accessdeniedexception", "accessforbidden", "forbidden");

  private SageMakerErrors() {}

  /**
   * The failure of a call as people can act on it: credentials and permissions are theirs to mend,
   * everything else means that the service is not at hand.
   *
   * @param what the call, as in "describe feature group flights"
   */
  public static FsMigrateException of(String what, AwsAccess access, SdkException cause) {
    String code =
        cause instanceof AwsServiceException service && service.awsErrorDetails() != null
            ? String.valueOf(service.awsErrorDetails().errorCode())
            : "";
    String message =
        cause instanceof AwsServiceException service && service.awsErrorDetails() != null
            ? String.valueOf(service.awsErrorDetails().errorMessage())
            : String.valueOf(cause.getMessage());
    return of(what, access, code, message, cause);
  }

  /** The same from the error code of a reply. */
  public static FsMigrateException of(
      String what, AwsAccess access, String code, String message, Throwable cause) {
    String known = code.toLowerCase(Locale.ROOT);
    if (CREDENTIALS.contains(known) || message.startsWith("Unable to load credentials")) {
      return new FsMigrateException(
          ExitCode.USAGE,
          "AWS_CREDENTIALS_REJECTED",
          "AWS: cannot %s: the credentials are missing or wrong (%s); check the environment, profile or role that the job runs with (%s)"
              .formatted(what, code.isEmpty() ? "none were found" : code, access),
          cause);
    }
    if (EXPIRED.contains(known)) {
      return new FsMigrateException(
          ExitCode.UNAVAILABLE,
          "AWS_CREDENTIALS_EXPIRED",
          "AWS: cannot %s: the session's credentials have expired; renew them and resume the run"
              .formatted(what),
          cause);
    }
    if (DENIED.contains(known)) {
      return new FsMigrateException(
          ExitCode.USAGE,
          "AWS_ACCESS_DENIED",
          "AWS: cannot %s: %s; allow the job's role to do it".formatted(what, message),
          cause);
    }
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "AWS_UNAVAILABLE",
        "AWS: cannot %s: %s; check region and endpoint (%s), then start again or resume the run"
            .formatted(what, code.isEmpty() ? message : code + ": " + message, access),
        cause);
  }

  /** Whether the error is about who calls: keys that are missing, wrong or expired. */
  static boolean isCredentials(String code) {
    String known = code.toLowerCase(Locale.ROOT);
    return CREDENTIALS.contains(known) || EXPIRED.contains(known);
  }

  /** Whether the error is about what the caller may do. */
  static boolean isDenial(String code) {
    return DENIED.contains(code.toLowerCase(Locale.ROOT));
  }

  /**
   * The same for a call of the Feature Store runtime.
   *
   * @param group the feature group that was called
   */
  public static FsMigrateException of(
      String what, String group, AwsAccess access, ServiceFault fault) {
    return fault.kind() == ServiceFault.Kind.NOT_FOUND
        ? noGroup(group, access, fault)
        : of(what, access, fault.code(), String.valueOf(fault.getMessage()), fault);
  }

  static FsMigrateException noRegion(Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "NO_AWS_REGION",
        "AWS: no region is set; set region where the store is defined (sagemaker.region for section sagemaker), or AWS_REGION in the environment",
        cause);
  }

  static FsMigrateException noGroup(String group, AwsAccess access, Throwable cause) {
    return new FsMigrateException(
        ExitCode.USAGE,
        "FEATURE_GROUP_NOT_FOUND",
        "feature group %s: SageMaker has none of that name (%s); create it or correct the name"
            .formatted(group, access),
        cause);
  }

  static FsMigrateException notReady(String group, String status, Optional<String> reason) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FEATURE_GROUP_NOT_READY",
        "feature group %s: its status is %s%s, not Created; %s"
            .formatted(
                group,
                status,
                reason.map(r -> " (" + r + ")").orElse(""),
                status.equals("Creating")
                    ? "wait until it is and start again"
                    : "create it anew or choose another one"));
  }

  static FsMigrateException updateFailed(String group) {
    return new FsMigrateException(
        ExitCode.REFUSED,
        "FEATURE_GROUP_NOT_UPDATED",
        "feature group %s: SageMaker could not add the new features; see its last update status"
            .formatted(group));
  }

  static FsMigrateException stillUpdating(String group, Duration patience) {
    return new FsMigrateException(
        ExitCode.UNAVAILABLE,
        "FEATURE_GROUP_NOT_UPDATED",
        "feature group %s: SageMaker has not finished its update within %d minutes; resume the run later"
            .formatted(group, patience.toMinutes()));
  }
}
