package io.fsmigrate.online.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The scripts for one form of records. They are beside this class, with what they take and return.
 *
 * @param guard writes records that are newer
 * @param settle writes a record in place of one that was seen
 * @param remove removes records
 */
record Scripts(Script guard, Script settle, Script remove) {
  /** The scripts of a form. */
  static Scripts of(RedisSettings.Layout layout) {
    String order = text(layout == RedisSettings.Layout.HASH ? "order-bytes" : "order-feast");
    String put = text("put");
    return new Scripts(
        Script.of(order + put + text("guard")),
        Script.of(put + text("settle")),
        Script.of(text("remove")));
  }

  List<Script> all() {
    return List.of(guard, settle, remove);
  }

  static String text(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name + ".lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
