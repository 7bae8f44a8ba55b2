package io.fsmigrate.online.sagemaker;

/** Counts bytes without making them. */
final class Utf8 {
  private static final int ONE_BYTE = 0x80;
  private static final int TWO_BYTES = 0x800;

  private Utf8() {}

  /** The bytes of a well-formed text in UTF-8. */
  static int length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ONE_BYTE) {
        bytes += 1;
      } else if (c < TWO_BYTES || Character.isSurrogate(c)) {
        // Half of a pair stands for half of four bytes.
        bytes += 2;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }
}
