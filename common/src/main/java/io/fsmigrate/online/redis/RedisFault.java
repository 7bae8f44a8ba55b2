package io.fsmigrate.online.redis;

/** A call that was not carried out. Its message is the server's, without a secret. */
final class RedisFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;
  private final boolean tls;

  RedisFault(Fault fault, String message, boolean tls) {
    // A cause could say what the message must not.
    super(message);
    this.fault = fault;
    this.tls = tls;
  }

  RedisFault(Fault fault, String message) {
    this(fault, message, false);
  }

  Fault fault() {
    return fault;
  }

  /** Whether encryption is what failed. */
  boolean isTls() {
    return tls;
  }
}
