package io.fsmigrate.emulator.http;

import io.fsmigrate.emulator.ServiceException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What a request is answered with.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param errorType the code of an error for the header x-amzn-ErrorType, or null
 * @param body the bytes; ignored with a stream
 * @param stream written piece by piece as the client reads, or null
 */
// An array, since a body is written once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Reply(
    int status, String contentType, String errorType, byte[] body, BodyWriter stream) {
  /** JSON as the Feature Store runtime and the emulator's own requests speak it. */
  public static final String JSON = "application/json";

  /** JSON as the control plane and Athena speak it. */
  public static final String AWS_JSON = "application/x-amz-json-1.1";

  private static final Reply EMPTY = new Reply(200, JSON, null, new byte[0], null);

  /** A body too large to be held. */
  @FunctionalInterface
  public interface BodyWriter {
    /** Writes the whole body. */
    void write(OutputStream out) throws IOException;
  }

  /** Success without a body. */
  public static Reply ok() {
    return EMPTY;
  }

  /** Success with a body. */
  public static Reply ok(String contentType, byte[] body) {
    return new Reply(200, contentType, null, body, null);
  }

  /** Success with a body of any length. */
  public static Reply streamed(String contentType, BodyWriter writer) {
    return new Reply(200, contentType, null, new byte[0], writer);
  }

  /** An error as the service of that content type says it. */
  public static Reply error(String contentType, ServiceException error) {
    byte[] body =
        contentType.equals(AWS_JSON)
            ? Json.bytes(Json.object("__type", error.code(), "message", error.getMessage()))
            : Json.bytes(Json.object("Message", error.getMessage()));
    return new Reply(error.status(), contentType, error.code(), body, null);
  }
}
