package io.fsmigrate.emulator;

/**
 * An error that a caller sees: a code of the service, an HTTP status and a message.
 *
 * <p>Without a stack trace, since these are answers and come by the thousand.
 */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /** An error with the HTTP status and the code by which SDKs choose their exception. */
  public ServiceException(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  /** A request that breaks a rule of the Feature Store runtime: 400 ValidationError. */
  @SuppressWarnings("AnnotateFormatMethod")
  public static ServiceException validation(String message, Object... values) {
    return new ServiceException(400, "ValidationError", message.formatted(values));
  }

  /** A missing feature group or record in the runtime: 404 ResourceNotFound. */
  @SuppressWarnings("AnnotateFormatMethod")
  public static ServiceException notFound(String message, Object... values) {
    return new ServiceException(404, "ResourceNotFound", message.formatted(values));
  }

  /** A call or entry above a quota: 400 ThrottlingException. */
  public static ServiceException throttled() {
    return new ServiceException(400, "ThrottlingException", "Rate exceeded");
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The service's code. */
  public String code() {
    return code;
  }
}
