package io.fsmigrate.migration;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.TypeShape;
import io.fsmigrate.feature.TypeShape.Decimal;
import io.fsmigrate.feature.TypeShape.Primitive;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;

/** Defaults of added features: that their text is a value of the type, and how SQL writes it. */
final class DefaultValues {
  private DefaultValues() {}

  /** A literal that does not depend on the session: the quoted text, cast. */
  static String sql(String text, FeatureType type) {
    String escaped = text.replace("\\", "\\\\").replace("'", "\\'");
    return "CAST('" + escaped + "' AS " + type.sql() + ")";
  }

  /** Refuses a text that is no value of the type before any row is read. */
  static void check(String feature, FeatureType type, String text) {
    Optional<TypeShape> shape = type.shape();
    try {
      if (shape.isPresent() && shape.get() instanceof Primitive primitive) {
        read(primitive, text);
      } else if (shape.isPresent() && shape.get() instanceof Decimal decimal) {
        read(decimal, text);
      } else {
        throw MigrationErrors.defaultNeedsSimpleType(feature, type);
      }
    } catch (NumberFormatException | DateTimeException e) {
      throw MigrationErrors.defaultDoesNotFit(feature, type, text);
    }
  }

  private static Object read(Primitive type, String text) {
    return switch (type) {
      case TINYINT -> Byte.valueOf(text);
      case SMALLINT -> Short.valueOf(text);
      case INT -> Integer.valueOf(text);
      case BIGINT -> Long.valueOf(text);
      case FLOAT -> finite(text, new BigDecimal(text).floatValue());
      case DOUBLE -> finite(text, new BigDecimal(text).doubleValue());
      case STRING -> text;
      case BOOLEAN -> bool(text);
      case BINARY -> throw new NumberFormatException("No text form");
      case DATE -> LocalDate.parse(text);
      case TIMESTAMP -> Instant.parse(text);
      case TIMESTAMP_NTZ -> LocalDateTime.parse(text);
    };
  }

  private static double finite(String text, double value) {
    if (!Double.isFinite(value)) {
      throw new NumberFormatException(text);
    }
    return value;
  }

  private static boolean bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new NumberFormatException(text);
    }
    return text.equals("true");
  }

  private static BigDecimal read(Decimal type, String text) {
    BigDecimal value = new BigDecimal(text).stripTrailingZeros();
    if (Math.max(value.scale(), 0) > type.scale()
        || value.precision() - value.scale() > type.integerDigits()) {
      throw new NumberFormatException(text);
    }
    return value;
  }
}
