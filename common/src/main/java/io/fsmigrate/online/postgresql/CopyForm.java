package io.fsmigrate.online.postgresql;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is around the rows of a COPY in binary form. */
final class CopyForm {
  /** The signature, no flags, no extension. */
  static final byte[] HEADER =
      ByteBuffer.allocate(19)
          .put("PGCOPY\n".getBytes(StandardCharsets.US_ASCII))
          .put((byte) 0xFF)
          .put("\r\n\0".getBytes(StandardCharsets.US_ASCII))
          .putInt(0)
          .putInt(0)
          .array();

  static final byte[] TRAILER = {(byte) 0xFF, (byte) 0xFF};

  private CopyForm() {}
}
