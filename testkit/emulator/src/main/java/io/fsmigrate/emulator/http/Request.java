package io.fsmigrate.emulator.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * One HTTP request, read completely.
 *
 * @param method as sent, in capitals
 * @param rawPath the path as sent, still encoded
 * @param rawQuery what follows the question mark, still encoded; empty without one
 * @param headers names in any case
 * @param body empty without one
 * @param client address and port of the other side
 */
// An array, since a body is read once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Request(
    String method,
    String rawPath,
    String rawQuery,
    HttpHeaders headers,
    byte[] body,
    String client) {

  /** The path, decoded. */
  public String path() {
    return Query.decode(rawPath, false);
  }

  /** The parameters after the question mark, decoded. */
  public Query query() {
    return Query.parse(rawQuery);
  }

  /** The body as UTF-8 text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
