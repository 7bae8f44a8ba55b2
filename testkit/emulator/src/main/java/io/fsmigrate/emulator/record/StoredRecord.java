package io.fsmigrate.emulator.record;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A record as one array: event time and expiry in microseconds, a flag for soft deletion, then each
 * given feature as place, number of values (0 for a single one), and lengths and UTF-8 of values.
 */
public final class StoredRecord {
  /** The expiry of a record that lives for ever. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final int HEADER = 17;
  private static final int EXPIRY = 8;
  private static final int FLAGS = 16;

  private StoredRecord() {}

  static byte[] encode(long eventTime, long expiry, boolean deleted, Object[] values) {
    byte[][] bytes = new byte[values.length][];
    int length = HEADER;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        bytes[i] =
            values[i] instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : list((List<?>) values[i]);
        int count = values[i] instanceof List<?> list ? list.size() + 1 : 0;
        length += size(i) + size(count) + size(bytes[i].length) + bytes[i].length;
      }
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putLong(eventTime).putLong(expiry).put((byte) (deleted ? 1 : 0));
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        put(out, i);
        put(out, values[i] instanceof List<?> list ? list.size() + 1 : 0);
        put(out, bytes[i].length);
        out.put(bytes[i]);
      }
    }
    return out.array();
  }

  @SuppressWarnings("ByteBufferBackingArray") // Allocated here.
  private static byte[] list(List<?> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer number = ByteBuffer.allocate(5);
    for (Object text : texts) {
      byte[] bytes = ((String) text).getBytes(StandardCharsets.UTF_8);
      number.clear();
      put(number, bytes.length);
      out.write(number.array(), 0, number.position());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /** Event time in microseconds since 1970. */
  public static long eventTime(byte[] record) {
    return ByteBuffer.wrap(record).getLong(0);
  }

  /** Expiry in microseconds since 1970, or {@link #NEVER}. */
  public static long expiry(byte[] record) {
    return ByteBuffer.wrap(record).getLong(EXPIRY);
  }

  /** Whether the record was deleted softly. */
  public static boolean deleted(byte[] record) {
    return record[FLAGS] == 1;
  }

  /**
   * The values by place: null, a String or a list of Strings.
   *
   * @param features number of features of the group now, which may be more than when it was written
   */
  public static Object[] values(byte[] record, int features) {
    Object[] values = new Object[features];
    ByteBuffer in = ByteBuffer.wrap(record, HEADER, record.length - HEADER);
    while (in.hasRemaining()) {
      int place = get(in);
      int count = get(in);
      int length = get(in);
      if (count == 0) {
        values[place] = text(in, length);
      } else {
        List<String> texts = new ArrayList<>(count - 1);
        for (int i = 1; i < count; i++) {
          texts.add(text(in, get(in)));
        }
        values[place] = texts;
      }
    }
    return values;
  }

  @SuppressWarnings("ByteBufferBackingArray") // The buffer wraps a whole record.
  private static String text(ByteBuffer in, int length) {
    String text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private static int size(int value) {
    return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4;
  }

  private static void put(ByteBuffer out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static int get(ByteBuffer in) {
    int value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }
}
