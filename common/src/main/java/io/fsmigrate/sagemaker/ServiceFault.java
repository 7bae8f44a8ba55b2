package io.fsmigrate.sagemaker;

import java.util.Locale;
import java.util.Set;

/**
 * Why a call, or one entry of it, was not carried out. Its text never has what was signed or sent.
 *
 * <p>Without a stack trace: a busy service answers so by the thousand.
 */
public final class ServiceFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Set<String> BROKEN =
      Set.of(
          "internalfailure",
          "internalservererror",
          "internalserverexception",
          "serviceunavailable",
          "serviceunavailableexception",
          "requesttimeout",
          "requesttimeoutexception");
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int SERVER = 500;

  /** What a fault means for whoever made the call. */
  public enum Kind {
    /** The service wants fewer calls; the same can be tried later. */
    THROTTLED,
    /** Nothing is wrong with the call; the same can be tried later. */
    UNAVAILABLE,
    /** The account, its credentials or its permissions: no other call will fare better. */
    REFUSED,
    /** What the call names is not there. */
    NOT_FOUND,
    /** The service has no such operation. */
    UNKNOWN_OPERATION,
    /** What is there is newer. */
    CONFLICT,
    /** The call itself is wrong and stays so. */
    INVALID
  }

  private final Kind kind;
  private final String code;

  private ServiceFault(Kind kind, String code, String message, Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
    this.code = code;
  }

  /**
   * What a reply says.
   *
   * @param status the HTTP status; 0 for an entry of a call that succeeded
   * @param code the service's name of the error; empty where it gave none
   */
  public static ServiceFault of(int status, String code, String message) {
    Kind kind = kind(status, code.toLowerCase(Locale.ROOT));
    boolean showsWhatWasSigned = kind == Kind.REFUSED && !SageMakerErrors.isDenial(code);
    return new ServiceFault(
        kind,
        code.isEmpty() ? "HTTP_" + status : code,
        showsWhatWasSigned ? "the service does not accept the credentials" : message,
        null);
  }

  /** A call without a reply. */
  public static ServiceFault noReply(Throwable cause) {
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ServiceFault(Kind.UNAVAILABLE, "NO_REPLY", text, cause);
  }

  /** An entry that the service left for another call. */
  public static ServiceFault unprocessed() {
    return new ServiceFault(
        Kind.THROTTLED, "UNPROCESSED", "the service left it for another call", null);
  }

  private static Kind kind(int status, String code) {
    if (code.contains("throttl")
        || code.contains("toomanyrequests")
        || code.contains("limitexceeded")
        || code.contains("throughputexceeded")
        || code.equals("slowdown")
        || status == TOO_MANY_REQUESTS) {
      return Kind.THROTTLED;
    }
    if (code.equals("unknownoperationexception") || code.equals("unknownoperation")) {
      return Kind.UNKNOWN_OPERATION;
    }
    if (SageMakerErrors.isCredentials(code) || SageMakerErrors.isDenial(code)) {
      return Kind.REFUSED;
    }
    if (code.startsWith("resourcenotfound")) {
      return Kind.NOT_FOUND;
    }
    if (BROKEN.contains(code) || status >= SERVER) {
      return Kind.UNAVAILABLE;
    }
    if (code.equals("conflictexception") || status == CONFLICT) {
      return Kind.CONFLICT;
    }
    return status == NOT_FOUND ? Kind.UNKNOWN_OPERATION : Kind.INVALID;
  }

  /** What it means. */
  public Kind kind() {
    return kind;
  }

  /** The service's name of the error, or one of ours where there was no reply. */
  public String code() {
    return code;
  }

  /** Whether the same call may succeed later. */
  public boolean isRetryable() {
    return kind == Kind.THROTTLED || kind == Kind.UNAVAILABLE;
  }

  /** Whether the operation is unknown to the service, or not among what the caller may do. */
  public boolean isWithoutOperation() {
    return kind == Kind.UNKNOWN_OPERATION
        || (kind == Kind.REFUSED && SageMakerErrors.isDenial(code));
  }

  @Override
  public String toString() {
    return code + ": " + getMessage();
  }
}
