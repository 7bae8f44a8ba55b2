package io.fsmigrate.online.redis;

import io.fsmigrate.online.ValueType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Kinds of values that Feast has, by their number in {@code feast.types.Value} and {@code
 * feast.types.ValueType} (protos/feast/types/Value.proto), which is the same in both. Newer kinds,
 * which older deployments could not read, are left out.
 */
enum FeastType {
  BYTES(1),
  STRING(2),
  INT32(3),
  INT64(4),
  DOUBLE(5),
  FLOAT(6),
  BOOL(7),
  UNIX_TIMESTAMP(8),
  BYTES_LIST(11),
  STRING_LIST(12),
  INT32_LIST(13),
  INT64_LIST(14),
  DOUBLE_LIST(15),
  FLOAT_LIST(16),
  BOOL_LIST(17),
  UNIX_TIMESTAMP_LIST(18);

  private static final int LIST = 10;

  private final int number;

  FeastType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Whether it is a list of {@link #element}. */
  boolean isList() {
    return number > LIST;
  }

  FeastType element() {
    return numbered(number - LIST);
  }

  /**
   * What a feature becomes:
   *
   * <ul>
   *   <li>boolean: BOOL; tinyint, smallint and int: INT32; bigint: INT64; float and double: FLOAT
   *       and DOUBLE; binary: BYTES;
   *   <li>date, timestamp and timestamp_ntz: UNIX_TIMESTAMP, which counts seconds;
   *   <li>string and decimal, with all its digits: STRING;
   *   <li>arrays of such types: the list of it;
   *   <li>other arrays, maps and structs: STRING, JSON.
   * </ul>
   */
  static FeastType of(ValueType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BOOL;
      case TINYINT, SMALLINT, INT -> INT32;
      case BIGINT -> INT64;
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case BINARY -> BYTES;
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> UNIX_TIMESTAMP;
      case DECIMAL, STRING, MAP, STRUCT -> STRING;
      case ARRAY ->
          type.children().get(0).children().isEmpty()
              ? numbered(of(type.children().get(0)).number + LIST)
              : STRING;
    };
  }

  /** One that an entity's join key may have, by its name in lower case. */
  static Optional<FeastType> entity(String name) {
    return Arrays.stream(values())
        .filter(type -> type.isKey() && type.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  /** Whether Feast can make a key of it. */
  boolean isKey() {
    return switch (this) {
      case BYTES, STRING, INT32, INT64, UNIX_TIMESTAMP -> true;
      default -> false;
    };
  }

  private static FeastType numbered(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElseThrow();
  }
}
