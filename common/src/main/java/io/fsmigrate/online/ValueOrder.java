package io.fsmigrate.online;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;

/** How two values of one feature compare; {@link TieRule} says the order in words. */
public final class ValueOrder {
  private ValueOrder() {}

  /**
   * Compares two values of that type, null lowest.
   *
   * @throws ClassCastException where a value is not of the Java type that {@link OnlineRecord}
   *     lists
   */
  public static int compare(ValueType type, Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.compare((Boolean) left, (Boolean) right);
      case TINYINT -> Byte.compare((Byte) left, (Byte) right);
      case SMALLINT -> Short.compare((Short) left, (Short) right);
      case INT -> Integer.compare((Integer) left, (Integer) right);
      case BIGINT -> Long.compare((Long) left, (Long) right);
      // Adding zero takes the sign from a zero; Java's own order has NaN greatest already.
      case FLOAT -> Float.compare((Float) left + 0.0f, (Float) right + 0.0f);
      case DOUBLE -> Double.compare((Double) left + 0.0, (Double) right + 0.0);
      case DECIMAL -> ((BigDecimal) left).compareTo((BigDecimal) right);
      case STRING -> compareUtf8((String) left, (String) right);
      case BINARY -> Arrays.compareUnsigned((byte[]) left, (byte[]) right);
      case DATE -> ((LocalDate) left).compareTo((LocalDate) right);
      case TIMESTAMP -> ((Instant) left).compareTo((Instant) right);
      case TIMESTAMP_NTZ -> ((LocalDateTime) left).compareTo((LocalDateTime) right);
      case ARRAY -> compareLists(type.children().get(0), (List<?>) left, (List<?>) right);
      case MAP -> compareUtf8(json(type, left), json(type, right));
      case STRUCT -> compareStructs(type, left, right);
    };
  }

  private static int compareLists(ValueType element, List<?> left, List<?> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = compare(element, left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static int compareStructs(ValueType type, Object left, Object right) {
    try {
      List<?> mine = StructValue.of(type, left);
      List<?> theirs = StructValue.of(type, right);
      for (int i = 0; i < mine.size(); i++) {
        int order = compare(type.children().get(i), mine.get(i), theirs.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    } catch (UnwritableValueException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String json(ValueType type, Object value) {
    try {
      return CanonicalJson.write(type, value);
    } catch (UnwritableValueException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The order of the UTF-8 bytes, which differs from Java's own for text beyond U+FFFF. */
  static int compareUtf8(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char mine = left.charAt(i);
      char theirs = right.charAt(i);
      if (mine != theirs) {
        // Surrogates stand for code points above every other char.
        return Character.isSurrogate(mine) == Character.isSurrogate(theirs)
            ? Character.compare(mine, theirs)
            : Boolean.compare(Character.isSurrogate(mine), Character.isSurrogate(theirs));
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
