package io.fsmigrate.online;

/** A value that cannot be stored unchanged; becomes the {@link FailedWrite} of its record. */
public final class UnwritableValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code as {@link FailedWrite#code}
   */
  public UnwritableValueException(String code, String reason) {
    // Many records can fail the same way and nobody reads the trace.
    super(reason, null, false, false);
    this.code = code;
  }

  /** As {@link FailedWrite#code}. */
  public String code() {
    return code;
  }

  /** The same failure with the place in front. */
  public UnwritableValueException in(String feature) {
    return new UnwritableValueException(code, feature + ": " + getMessage());
  }
}
