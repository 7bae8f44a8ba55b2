package io.fsmigrate.offline;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a sequence of texts; lengths are hashed too, so no two sequences run together. */
public final class Digest {
  private final MessageDigest sha256;

  /** Starts empty. */
  public Digest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Adds one text. */
  public Digest add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    sha256.update(bytes);
    return this;
  }

  /** The hash so far, in lower-case hexadecimal; the digest starts afresh. */
  public String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }
}
