package io.fsmigrate.online.postgresql;

import java.nio.ByteBuffer;

/** Whole rows of COPY's binary form, to be cut in two. */
final class CopyRows {
  private CopyRows() {}

  /** Where the row in the middle begins; {@code to} where there is only one. */
  static int middle(byte[] rows, int from, int to) {
    ByteBuffer bytes = ByteBuffer.wrap(rows);
    int at = end(bytes, from);
    while (at < to && at - from < (to - from) / 2) {
      int next = end(bytes, at);
      if (next >= to) {
        // The last row is longer than all others, and is the second part.
        break;
      }
      at = next;
    }
    return at;
  }

  /** The number of the row that begins there. */
  static long number(byte[] rows, int from) {
    return ByteBuffer.wrap(rows).getLong(from + Short.BYTES + Integer.BYTES);
  }

  private static int end(ByteBuffer bytes, int begin) {
    int fields = bytes.getShort(begin);
    int at = begin + Short.BYTES;
    for (int i = 0; i < fields; i++) {
      at += Integer.BYTES + Math.max(0, bytes.getInt(at));
    }
    return at;
  }
}
