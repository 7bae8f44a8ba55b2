package io.fsmigrate.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Version 1 of the canonical form: named values, each with its length, so that no two different
 * sequences of values have the same form. Hashed with SHA-256.
 */
final class Checksum {
  private static final String ALGORITHM_VERSION = "v1:";

  private final MessageDigest digest;

  Checksum(String kind) {
    this.digest = sha256();
    add("kind", kind);
  }

  Checksum(String kind, Migration migration) {
    this(kind);
    add("group", migration.group());
    add("from", migration.from().text());
    add("to", migration.to().text());
  }

  Checksum add(String name, String value) {
    return add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  Checksum add(String name, byte[] value) {
    digest.update((name + " " + value.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(value);
    digest.update((byte) '\n');
    return this;
  }

  String text() {
    return ALGORITHM_VERSION + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
