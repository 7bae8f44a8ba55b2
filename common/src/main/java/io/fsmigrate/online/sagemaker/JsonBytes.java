package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows to a JSON text in UTF-8. Used again and again by one thread. */
final class JsonBytes {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  /** Room kept between texts; a rare large one is not kept. */
  private static final int KEPT = 64 * 1024;

  private byte[] bytes = new byte[4 * 1024];
  private int length;

  JsonBytes clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
    }
    return this;
  }

  int length() {
    return length;
  }

  JsonBytes add(byte[] part) {
    require(part.length);
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
    return this;
  }

  JsonBytes add(char ascii) {
    require(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  /** What needs no quoting: JSON's own words and signs. */
  JsonBytes raw(String ascii) {
    return add(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** A string with its quotes. */
  JsonBytes quote(String text) {
    quoteAndCount(text);
    return this;
  }

  /**
   * The same.
   *
   * @return the bytes of the string itself in UTF-8
   */
  int quoteAndCount(String text) {
    int chars = text.length();
    require(chars + 2);
    bytes[length] = '"';
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        add('"').add(ENCODER.quoteAsUTF8(text)).add('"');
        return Utf8.length(text);
      }
      bytes[length + 1 + i] = (byte) c;
    }
    bytes[length + 1 + chars] = '"';
    length += chars + 2;
    return chars;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void require(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
