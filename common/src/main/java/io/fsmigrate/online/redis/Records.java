package io.fsmigrate.online.redis;

import io.fsmigrate.online.RecordLayout;
import io.fsmigrate.online.UnwritableValueException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What both forms of records ask of a record and of keys. */
final class Records {
  private Records() {}

  /** Refuses a record that has not all values, or no record identifier or event time. */
  static void requireWhole(RecordLayout layout, List<Object> values)
      throws UnwritableValueException {
    if (values.size() != layout.types().size()) {
      throw new UnwritableValueException(
          "WRONG_FEATURE_COUNT",
          "the record has %d values, %s has %d features"
              .formatted(values.size(), layout.address(), layout.types().size()));
    }
    requirePresent(layout, values, layout.id(), "MISSING_RECORD_IDENTIFIER");
    requirePresent(layout, values, layout.eventTime(), "MISSING_EVENT_TIME");
  }

  private static void requirePresent(
      RecordLayout layout, List<Object> values, int place, String code)
      throws UnwritableValueException {
    if (values.get(place) == null) {
      throw new UnwritableValueException(code, layout.names().get(place) + ": the value is absent");
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A pattern of SCAN for keys that begin and end so. */
  static byte[] pattern(byte[] begin, byte[] end) {
    ByteArrayOutputStream pattern = new ByteArrayOutputStream();
    escape(pattern, begin);
    pattern.write('*');
    escape(pattern, end);
    return pattern.toByteArray();
  }

  private static void escape(ByteArrayOutputStream pattern, byte[] text) {
    for (byte b : text) {
      if ("*?[]^-\\".indexOf((char) b) >= 0) {
        pattern.write('\\');
      }
      pattern.write(b);
    }
  }
}
