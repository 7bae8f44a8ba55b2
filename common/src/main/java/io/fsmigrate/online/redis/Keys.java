package io.fsmigrate.online.redis;

import java.nio.charset.StandardCharsets;

/** Keys for people. */
final class Keys {
  private static final int MOST = 200;

  private Keys() {}

  /** As redis-cli shows it: what does not print is escaped. */
  static String text(byte[] key) {
    StringBuilder text = new StringBuilder();
    String decoded = new String(key, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < Math.min(decoded.length(), MOST); i++) {
      char c = decoded.charAt(i);
      if (c >= ' ' && c <= '~') {
        text.append(c);
      } else {
        text.append("\\x%02x".formatted((int) c));
      }
    }
    return decoded.length() > MOST ? text + "..." : text.toString();
  }
}
