package io.fsmigrate.online.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How large an item is as the service counts it, in bytes: names and text in UTF-8, two digits of a
 * number a byte. The service says itself that numbers are counted about so.
 */
final class ItemSize {
  /** What an item may have: 400 KB. */
  static final int MOST = 400 * 1024;

  private static final int WRITE_UNIT = 1024;
  private static final int COLLECTION = 3;

  private ItemSize() {}

  static int of(Map<String, AttributeValue> item) {
    int bytes = 0;
    for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
      bytes += utf8(attribute.getKey()) + of(attribute.getValue());
    }
    return bytes;
  }

  /** What a write of that many bytes is charged. */
  static int writeUnits(int bytes) {
    return Math.max(1, (bytes + WRITE_UNIT - 1) / WRITE_UNIT);
  }

  private static int of(AttributeValue value) {
    return switch (value.type()) {
      case S -> utf8(value.s());
      case N -> value.n().length() / 2 + 2;
      case B -> value.b().asByteArrayUnsafe().length;
      case L -> {
        int bytes = COLLECTION;
        for (AttributeValue element : value.l()) {
          bytes += 1 + of(element);
        }
        yield bytes;
      }
      case M -> {
        int bytes = COLLECTION;
        for (Map.Entry<String, AttributeValue> entry : value.m().entrySet()) {
          bytes += 1 + utf8(entry.getKey()) + of(entry.getValue());
        }
        yield bytes;
      }
      default -> 1;
    };
  }

  private static int utf8(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Either half of a surrogate pair has two of its four bytes.
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
    }
    return bytes;
  }
}
