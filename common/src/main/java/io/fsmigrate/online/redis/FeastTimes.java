package io.fsmigrate.online.redis;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Event times as Feast keeps them, {@code google.protobuf.Timestamp}: seconds since 1970 (field 1)
 * and nanoseconds of the second (field 2), a field that is 0 left out; the years 1 to 9999.
 */
final class FeastTimes {
  private static final int SECONDS = 1;
  private static final int NANOS = 2;
  private static final int TAG_BITS = 3;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private FeastTimes() {}

  static boolean isTime(ValueType type) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> true;
      default -> false;
    };
  }

  static byte[] encode(ValueType type, Object value) throws UnwritableValueException {
    Instant instant = instant(type, value);
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new UnwritableValueException(
          "OUT_OF_TYPE", instant + ": Feast takes the years 1 to 9999");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (instant.getEpochSecond() != 0) {
        out.writeInt64(SECONDS, instant.getEpochSecond());
      }
      if (instant.getNano() != 0) {
        out.writeInt32(NANOS, instant.getNano());
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes are no such message
   */
  static Object decode(ValueType type, byte[] message) {
    long seconds = 0;
    int nanos = 0;
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      while (!in.isAtEnd()) {
        int tag = in.readTag();
        switch (tag >>> TAG_BITS) {
          case SECONDS -> seconds = in.readInt64();
          case NANOS -> nanos = in.readInt32();
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a time of Feast", e);
    }
    Instant instant = Instant.ofEpochSecond(seconds, nanos);
    return switch (type.kind()) {
      case DATE -> LocalDate.ofInstant(instant, ZoneOffset.UTC);
      case TIMESTAMP_NTZ -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
      default -> instant;
    };
  }

  private static Instant instant(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case DATE ->
          ScalarText.as(LocalDate.class, type, value).atStartOfDay().toInstant(ZoneOffset.UTC);
      case TIMESTAMP_NTZ ->
          ScalarText.as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC);
      default -> ScalarText.as(Instant.class, type, value);
    };
  }
}
