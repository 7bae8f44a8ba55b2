package io.fsmigrate.online.redis;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.fsmigrate.online.CanonicalJson;
import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Values of features as Feast keeps them, {@code feast.types.Value} in protobuf's wire format, and
 * back. {@link FeastType#of} has the types.
 *
 * <p>A message has one field, whose number is the type's; a list is a message in it whose field 1
 * repeats, packed where it holds numbers. An absent value is a message without a field: no bytes.
 * The wire format is written by Spark's own protobuf-java, of whichever version; only its streams
 * are used, which have not changed since its first versions.
 */
final class FeastValues {
  static final byte[] ABSENT = {};

  private static final int LIST_ELEMENT = 1;
  private static final int TAG_BITS = 3;
  private static final long SECONDS_OF_DAY = 86_400;

  private FeastValues() {}

  /**
   * The message.
   *
   * @throws UnwritableValueException WRONG_TYPE, OUT_OF_TYPE, INVALID_TEXT, NULL_IN_COLLECTION,
   *     TIME_TOO_FINE
   */
  static byte[] encode(ValueType type, Object value) throws UnwritableValueException {
    if (value == null) {
      return ABSENT;
    }
    FeastType feast = FeastType.of(type);
    Object plain = feast.isList() ? elements(type, value) : plain(type, value);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (feast.isList()) {
        out.writeByteArray(feast.number(), list(feast.element(), (List<?>) plain));
      } else {
        write(out, feast.number(), feast, plain);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The value as it was before {@link #encode}.
   *
   * @throws IllegalArgumentException when the bytes are of another type or damaged
   */
  static Object decode(ValueType type, byte[] message) {
    if (message.length == 0) {
      return null;
    }
    FeastType feast = FeastType.of(type);
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      int number = in.readTag() >>> TAG_BITS;
      if (number != feast.number()) {
        throw new IllegalArgumentException(
            "value %d of Feast where %s has %d".formatted(number, type.words(), feast.number()));
      }
      if (!feast.isList()) {
        return value(type, read(in, feast));
      }
      List<Object> values = new ArrayList<>();
      for (Object element : readList(in.readByteArray(), feast.element())) {
        values.add(value(type.children().get(0), element));
      }
      return values;
    } catch (IOException e) {
      throw new IllegalArgumentException("not a value of Feast", e);
    }
  }

  private static List<Object> elements(ValueType type, Object value)
      throws UnwritableValueException {
    List<Object> plain = new ArrayList<>();
    for (Object element : ScalarText.as(List.class, type, value)) {
      if (element == null) {
        throw new UnwritableValueException(
            "NULL_IN_COLLECTION", "Feast's lists have no place for an absent value");
      }
      plain.add(plain(type.children().get(0), element));
    }
    return plain;
  }

  /** Boolean, Integer, Long, Float, Double, String or byte[]. */
  private static Object plain(ValueType type, Object value) throws UnwritableValueException {
    return switch (type.kind()) {
      case BOOLEAN -> ScalarText.as(Boolean.class, type, value);
      case TINYINT -> ScalarText.as(Byte.class, type, value).intValue();
      case SMALLINT -> ScalarText.as(Short.class, type, value).intValue();
      case INT -> ScalarText.as(Integer.class, type, value);
      case BIGINT -> ScalarText.as(Long.class, type, value);
      // Adding zero takes the sign from a zero, so that equal values are equal bytes.
      case FLOAT -> ScalarText.as(Float.class, type, value) + 0.0f;
      case DOUBLE -> ScalarText.as(Double.class, type, value) + 0.0;
      case BINARY -> ScalarText.as(byte[].class, type, value);
      case DATE -> ScalarText.as(LocalDate.class, type, value).toEpochDay() * SECONDS_OF_DAY;
      case TIMESTAMP -> seconds(ScalarText.as(Instant.class, type, value));
      case TIMESTAMP_NTZ ->
          seconds(ScalarText.as(LocalDateTime.class, type, value).toInstant(ZoneOffset.UTC));
      case DECIMAL, STRING -> ScalarText.format(type, value);
      case ARRAY, MAP, STRUCT -> CanonicalJson.write(type, value);
    };
  }

  private static long seconds(Instant instant) throws UnwritableValueException {
    if (instant.getNano() != 0) {
      throw new UnwritableValueException(
          "TIME_TOO_FINE",
          "%s is finer than a second, which Feast does not keep in a feature; round it in a migration"
              .formatted(instant));
    }
    return instant.getEpochSecond();
  }

  private static Object value(ValueType type, Object plain) {
    return switch (type.kind()) {
      case BOOLEAN, INT, BIGINT, FLOAT, DOUBLE, BINARY, STRING -> plain;
      case TINYINT -> ((Integer) plain).byteValue();
      case SMALLINT -> ((Integer) plain).shortValue();
      case DECIMAL -> new BigDecimal((String) plain);
      case DATE -> LocalDate.ofEpochDay(Math.floorDiv((Long) plain, SECONDS_OF_DAY));
      case TIMESTAMP -> Instant.ofEpochSecond((Long) plain);
      case TIMESTAMP_NTZ ->
          LocalDateTime.ofInstant(Instant.ofEpochSecond((Long) plain), ZoneOffset.UTC);
      case ARRAY, MAP, STRUCT -> CanonicalJson.read(type, (String) plain);
    };
  }

  private static byte[] list(FeastType element, List<?> values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    if (isPacked(element) && !values.isEmpty()) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      CodedOutputStream numbers = CodedOutputStream.newInstance(packed);
      for (Object value : values) {
        writeNumber(numbers, element, value);
      }
      numbers.flush();
      out.writeByteArray(LIST_ELEMENT, packed.toByteArray());
    } else {
      for (Object value : values) {
        write(out, LIST_ELEMENT, element, value);
      }
    }
    out.flush();
    return bytes.toByteArray();
  }

  private static boolean isPacked(FeastType element) {
    return element != FeastType.STRING && element != FeastType.BYTES;
  }

  private static void write(CodedOutputStream out, int field, FeastType type, Object value)
      throws IOException {
    switch (type) {
      case STRING -> out.writeString(field, (String) value);
      case BYTES -> out.writeByteArray(field, (byte[]) value);
      default -> {
        out.writeTag(field, wireType(type));
        writeNumber(out, type, value);
      }
    }
  }

  private static int wireType(FeastType type) {
    return switch (type) {
      case DOUBLE -> WireFormat.WIRETYPE_FIXED64;
      case FLOAT -> WireFormat.WIRETYPE_FIXED32;
      default -> WireFormat.WIRETYPE_VARINT;
    };
  }

  private static void writeNumber(CodedOutputStream out, FeastType type, Object value)
      throws IOException {
    switch (type) {
      case BOOL -> out.writeBoolNoTag((Boolean) value);
      case INT32 -> out.writeInt32NoTag((Integer) value);
      case INT64, UNIX_TIMESTAMP -> out.writeInt64NoTag((Long) value);
      case FLOAT -> out.writeFloatNoTag((Float) value);
      case DOUBLE -> out.writeDoubleNoTag((Double) value);
      default -> throw new IllegalArgumentException(type.toString());
    }
  }

  private static Object read(CodedInputStream in, FeastType type) throws IOException {
    return switch (type) {
      case BOOL -> in.readBool();
      case INT32 -> in.readInt32();
      case INT64, UNIX_TIMESTAMP -> in.readInt64();
      case FLOAT -> in.readFloat();
      case DOUBLE -> in.readDouble();
      case STRING -> in.readStringRequireUtf8();
      case BYTES -> in.readByteArray();
      default -> throw new IllegalArgumentException(type.toString());
    };
  }

  /** Numbers may be packed or not; protobuf asks readers to take both. */
  private static List<Object> readList(byte[] message, FeastType element) throws IOException {
    List<Object> values = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    while (!in.isAtEnd()) {
      int tag = in.readTag();
      boolean packed = (tag & 7) == WireFormat.WIRETYPE_LENGTH_DELIMITED && isPacked(element);
      if (packed) {
        CodedInputStream numbers = CodedInputStream.newInstance(in.readByteArray());
        while (!numbers.isAtEnd()) {
          values.add(read(numbers, element));
        }
      } else {
        values.add(read(in, element));
      }
    }
    return values;
  }
}
