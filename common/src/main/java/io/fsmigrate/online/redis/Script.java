package io.fsmigrate.online.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A script as the server knows it: by the SHA-1 of its text. */
record Script(byte[] text, byte[] sha) {
  static Script of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Script(bytes, sha1(bytes));
  }

  /** In hexadecimal digits, as Redis writes it. */
  static byte[] sha1(byte[] bytes) {
    try {
      String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
      return hex.getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
