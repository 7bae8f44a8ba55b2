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
    boolean fits;
    try {
      if (shape.isPresent() && shape.get() instanceof Primitive primitive) {
        fits = fits(primitive, text);
      } else if (shape.isPresent() && shape.get() instanceof Decimal decimal) {
        fits = fits(decimal, text);
      } else {
        throw MigrationErrors.defaultNeedsSimpleType(feature, type);
      }
    } catch (NumberFormatException | DateTimeException e) {
      fits = false;
    }
    if (!fits) {
      throw MigrationErrors.defaultDoesNotFit(feature, type, text);
    }
  }

  private static boolean fits(Primitive type, String text) {
    return switch (type) {
      case TINYINT -> Byte.parseByte(text) == Long.parseLong(text);
      case SMALLINT -> Short.parseShort(text) == Long.parseLong(text);
      case INT -> Integer.parseInt(text) == Long.parseLong(text);
      case BIGINT -> BigDecimal.valueOf(Long.parseLong(text)).scale() == 0;
      case FLOAT -> Float.isFinite(new BigDecimal(text).floatValue());
      case DOUBLE -> Double.isFinite(new BigDecimal(text).doubleValue());
      case STRING -> true;
      case BOOLEAN -> text.equals("true") || text.equals("false");
      case BINARY -> false;
      case DATE -> LocalDate.parse(text).getYear() > 0;
      case TIMESTAMP -> Instant.parse(text).isAfter(Instant.MIN);
      case TIMESTAMP_NTZ -> LocalDateTime.parse(text).getYear() > 0;
    };
  }

  private static boolean fits(Decimal type, String text) {
    BigDecimal value = new BigDecimal(text).stripTrailingZeros();
    return Math.max(value.scale(), 0) <= type.scale()
        && value.precision() - value.scale() <= type.integerDigits();
  }
}
