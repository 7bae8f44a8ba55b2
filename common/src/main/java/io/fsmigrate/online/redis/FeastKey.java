package io.fsmigrate.online.redis;

import io.fsmigrate.online.ScalarText;
import io.fsmigrate.online.UnwritableValueException;
import io.fsmigrate.online.ValueType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Keys as Feast makes them of one join key: the serialised entity key, version 3, and the project.
 *
 * <p>All numbers are of 4 bytes, little-endian, unsigned: how many join keys there are (1); the
 * number of the type STRING and the length of the join key's name, and the name; the number of the
 * value's type and its length, and the value: text as UTF-8, integers little-endian in 4 or 8
 * bytes. The project follows in UTF-8. Source: Feast, {@code serialize_entity_key} in
 * sdk/python/feast/infra/key_encoding_utils.py and {@code _redis_key} in
 * sdk/python/feast/infra/online_stores/helpers.py.
 *
 * @param entity the join key's name
 * @param type of its values
 */
record FeastKey(String entity, FeastType type, String project) {
  private static final int NUMBER = Integer.BYTES;

  byte[] of(ValueType idType, Object id) throws UnwritableValueException {
    byte[] value = value(idType, id);
    byte[] name = entity.getBytes(StandardCharsets.UTF_8);
    byte[] end = project.getBytes(StandardCharsets.UTF_8);
    return little(5 * NUMBER + name.length + value.length + end.length)
        .putInt(1)
        .putInt(FeastType.STRING.number())
        .putInt(name.length)
        .put(name)
        .putInt(type.number())
        .putInt(value.length)
        .put(value)
        .put(end)
        .array();
  }

  /** What every key begins with, as far as the value's type. */
  byte[] prefix() {
    byte[] name = entity.getBytes(StandardCharsets.UTF_8);
    return little(4 * NUMBER + name.length)
        .putInt(1)
        .putInt(FeastType.STRING.number())
        .putInt(name.length)
        .put(name)
        .putInt(type.number())
        .array();
  }

  /** Whether a key is one of this project and join key, and not of one that ends alike. */
  boolean isOne(byte[] key) {
    byte[] prefix = prefix();
    byte[] end = project.getBytes(StandardCharsets.UTF_8);
    if (key.length < prefix.length + NUMBER
        || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
      return false;
    }
    long length =
        Integer.toUnsignedLong(
            ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt(prefix.length));
    return key.length == prefix.length + NUMBER + length + end.length
        && Arrays.equals(key, key.length - end.length, key.length, end, 0, end.length);
  }

  private byte[] value(ValueType idType, Object id) throws UnwritableValueException {
    return switch (type) {
      case STRING -> ScalarText.format(idType, id).getBytes(StandardCharsets.UTF_8);
      case BYTES -> ScalarText.as(byte[].class, idType, id).clone();
      case INT32 -> little(Integer.BYTES).putInt((int) whole(idType, id, 32)).array();
      case INT64 -> little(Long.BYTES).putLong(whole(idType, id, 64)).array();
      default -> little(Long.BYTES).putLong(seconds(idType, id)).array();
    };
  }

  /** Why values of that type cannot be such join keys, or null. */
  String misfit(ValueType idType) {
    boolean fits =
        switch (idType.kind()) {
          case TINYINT, SMALLINT, INT, BIGINT ->
              type == FeastType.INT32 || type == FeastType.INT64 || type == FeastType.STRING;
          case STRING -> type == FeastType.STRING;
          case BINARY -> type == FeastType.BYTES;
          case TIMESTAMP, TIMESTAMP_NTZ -> type == FeastType.UNIX_TIMESTAMP;
          case BOOLEAN, FLOAT, DOUBLE, DECIMAL, DATE, ARRAY, MAP, STRUCT -> false;
        };
    return fits ? null : "a %s cannot be a join key of type %s".formatted(idType.words(), type);
  }

  private static long whole(ValueType idType, Object id, int bits) throws UnwritableValueException {
    long value = new BigDecimal(ScalarText.format(idType, id)).longValueExact();
    if (bits == 32 && value != (int) value) {
      throw new UnwritableValueException(
          "OUT_OF_TYPE", value + " does not fit into a join key of type int32");
    }
    return value;
  }

  private static long seconds(ValueType idType, Object id) throws UnwritableValueException {
    Instant instant =
        id instanceof LocalDateTime local
            ? local.toInstant(ZoneOffset.UTC)
            : ScalarText.as(Instant.class, idType, id);
    if (instant.getNano() != 0) {
      throw new UnwritableValueException(
          "TIME_TOO_FINE", instant + " is finer than a second, which a join key cannot be");
    }
    return instant.getEpochSecond();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
