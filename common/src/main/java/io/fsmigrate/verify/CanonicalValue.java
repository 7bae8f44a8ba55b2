package io.fsmigrate.verify;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * When two values of a feature are equal, said once for the hash and for the comparison of rows:
 *
 * <ul>
 *   <li>null equals null and nothing else; within arrays, maps and structs as well;
 *   <li>NaN equals NaN, -0.0 equals 0.0;
 *   <li>text, binary, numbers and dates by value, decimals of one type by value, timestamps as
 *       instants, timestamps without zone as they are written;
 *   <li>arrays element by element in order, structs field by field, maps by their entries without
 *       order.
 * </ul>
 *
 * <p>A value is brought into a form in which Spark's own equality and Spark's hash say the same:
 * Spark has no equality of maps, and its hash passes over nulls, so that {@code [null, 1]} and
 * {@code [1, null]} would have one hash.
 */
final class CanonicalValue {
  private static final int BITS = Long.SIZE;

  private CanonicalValue() {}

  /** A value in the form that is compared; a null stays null. */
  static Column of(Column value, DataType type) {
    if (type instanceof ArrayType array) {
      Column elements =
          transform(value, element -> orNull(element, of(element, array.elementType())));
      // The size keeps apart arrays of arrays whose elements, one after the other, are the same.
      return when(value.isNotNull(), struct(size(value).as("n"), elements.as("e")));
    }
    if (type instanceof MapType map) {
      Column entries =
          transform(
              map_entries(value),
              entry ->
                  struct(
                      of(entry.getField("key"), map.keyType()).as("k"),
                      orNull(entry.getField("value"), of(entry.getField("value"), map.valueType()))
                          .as("v")));
      return when(value.isNotNull(), struct(size(value).as("n"), sort_array(entries).as("e")));
    }
    if (type instanceof StructType struct) {
      List<Column> fields = new ArrayList<>();
      for (int i = 0; i < struct.fields().length; i++) {
        StructField field = struct.fields()[i];
        Column inner = value.getField(field.name());
        fields.add(orNull(inner, of(inner, field.dataType())).as("f" + i));
      }
      return fields.isEmpty()
          ? value.isNotNull()
          : when(value.isNotNull(), struct(fields.toArray(new Column[0])));
    }
    return value;
  }

  /** Whether two values of a type are equal; never null. */
  static Column equal(Column left, Column right, DataType type) {
    return of(left, type).eqNullSafe(of(right, type));
  }

  /**
   * The hash of several values, 64 bits: equal where all of them are.
   *
   * @param values with their types in {@code types}
   */
  static Column hash(List<Column> values, List<DataType> types) {
    List<Column> hashed = new ArrayList<>(nulls(values));
    for (int i = 0; i < values.size(); i++) {
      hashed.add(of(values.get(i), types.get(i)));
    }
    return xxhash64(hashed.toArray(new Column[0]));
  }

  /** How many numbers {@link #nulls} has for so many values. */
  static int masks(int values) {
    return (values + BITS - 1) / BITS;
  }

  /** Which values are null: a bit each, 64 in a number. */
  static List<Column> nulls(List<Column> values) {
    List<Column> masks = new ArrayList<>();
    for (int from = 0; from < values.size(); from += BITS) {
      masks.add(mask(values.subList(from, Math.min(values.size(), from + BITS))));
    }
    return masks;
  }

  private static Column mask(List<Column> values) {
    Column mask = lit(0L);
    for (int i = 0; i < values.size(); i++) {
      mask = mask.bitwiseOR(when(values.get(i).isNull(), lit(1L << i)).otherwise(lit(0L)));
    }
    return mask;
  }

  /** A value beside a sign that it is there, which a hash does not pass over. */
  private static Column orNull(Column value, Column canonical) {
    return struct(not(value.isNull()).as("there"), canonical.as("is"));
  }
}
