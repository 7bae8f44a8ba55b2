package io.fsmigrate.compat;

import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.TypeShape;
import io.fsmigrate.feature.TypeShape.Array;
import io.fsmigrate.feature.TypeShape.Decimal;
import io.fsmigrate.feature.TypeShape.MapOf;
import io.fsmigrate.feature.TypeShape.Primitive;
import io.fsmigrate.feature.TypeShape.Struct;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which type changes keep every value exactly.
 *
 * <p>The rules are the part of Spark's up-cast that loses nothing:
 *
 * <ul>
 *   <li>tinyint, smallint, int, bigint: to any later one;
 *   <li>tinyint and smallint to float; tinyint, smallint, int and float to double;
 *   <li>an integer to a decimal with 3, 5, 10 or 20 digits before the point, by its width;
 *   <li>a decimal to one with no fewer digits on either side of the point;
 *   <li>date to timestamp_ntz or timestamp, timestamp_ntz to timestamp, all in UTC;
 *   <li>arrays, maps and structs by their parts; a struct keeps number, order and names of fields.
 * </ul>
 *
 * <p>Spark also up-casts int to float and bigint to float or double (which rounds), timestamp to
 * and from bigint (which drops microseconds), timestamp to timestamp_ntz (which drops the zone) and
 * anything simple to string (after which values compare, sort and join differently). These are not
 * lossless here: a migration has to say them.
 */
public final class TypeWidening {
  private TypeWidening() {}

  /** Whether every value of one type is the same value in the other; true for equal types. */
  public static boolean isLossless(FeatureType from, FeatureType to) {
    if (from.equals(to)) {
      return true;
    }
    Optional<TypeShape> source = from.shape();
    Optional<TypeShape> target = to.shape();
    return source.isPresent() && target.isPresent() && widens(source.get(), target.get());
  }

  private static boolean widens(TypeShape from, TypeShape to) {
    if (from.equals(to)) {
      return true;
    }
    if (from instanceof Primitive source && to instanceof Primitive target) {
      return primitive(source, target);
    }
    if (from instanceof Primitive source && to instanceof Decimal target) {
      OptionalInt digits = integerDigits(source);
      return digits.isPresent() && digits.getAsInt() <= target.integerDigits();
    }
    if (from instanceof Decimal source && to instanceof Decimal target) {
      return source.integerDigits() <= target.integerDigits() && source.scale() <= target.scale();
    }
    if (from instanceof Array source && to instanceof Array target) {
      return widens(source.element(), target.element());
    }
    if (from instanceof MapOf source && to instanceof MapOf target) {
      return widens(source.key(), target.key()) && widens(source.value(), target.value());
    }
    return from instanceof Struct source && to instanceof Struct target && struct(source, target);
  }

  private static boolean primitive(Primitive from, Primitive to) {
    return switch (from) {
      case TINYINT, SMALLINT -> to.compareTo(from) > 0 && to.compareTo(Primitive.DOUBLE) <= 0;
      case INT -> to == Primitive.BIGINT || to == Primitive.DOUBLE;
      case FLOAT -> to == Primitive.DOUBLE;
      case DATE -> to == Primitive.TIMESTAMP_NTZ || to == Primitive.TIMESTAMP;
      case TIMESTAMP_NTZ -> to == Primitive.TIMESTAMP;
      case BIGINT, DOUBLE, STRING, BOOLEAN, BINARY, TIMESTAMP -> false;
    };
  }

  /** Digits that Spark reserves for an integer; bigint needs 19 but Spark asks for 20. */
  private static OptionalInt integerDigits(Primitive type) {
    return switch (type) {
      case TINYINT -> OptionalInt.of(3);
      case SMALLINT -> OptionalInt.of(5);
      case INT -> OptionalInt.of(10);
      case BIGINT -> OptionalInt.of(20);
      case FLOAT, DOUBLE, STRING, BOOLEAN, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          OptionalInt.empty();
    };
  }

  private static boolean struct(Struct from, Struct to) {
    if (from.fields().size() != to.fields().size()) {
      return false;
    }
    for (int i = 0; i < from.fields().size(); i++) {
      if (!from.fields().get(i).name().equalsIgnoreCase(to.fields().get(i).name())
          || !widens(from.fields().get(i).type(), to.fields().get(i).type())) {
        return false;
      }
    }
    return true;
  }
}
