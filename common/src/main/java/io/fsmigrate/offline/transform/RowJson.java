package io.fsmigrate.offline.transform;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_keys;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Rows as failed records show them: JSON from which every value can be read back. Times are UTC
 * (the time zone of a run's session) and have all six digits of a second; Spark's own form has
 * three.
 */
public final class RowJson {
  private static final String LOCAL = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS";
  private static final Map<String, String> OPTIONS =
      Map.of(
          "ignoreNullFields",
          "false",
          "timestampFormat",
          LOCAL + "XXX",
          "timestampNTZFormat",
          LOCAL);

  private RowJson() {}

  /** The text of a struct. */
  public static Column of(Column struct) {
    return functions.to_json(struct, OPTIONS);
  }

  /**
   * The struct of a text that {@link #of} has made. Whoever must be sure of it compares the text of
   * the result: a value that cannot be read back is null.
   */
  public static Column read(Column text, StructType schema) {
    StructType written = (StructType) written(schema);
    Column read = functions.from_json(text, written, OPTIONS);
    return written.equals(schema) ? read : restored(read, schema);
  }

  /** As it can be read: JSON's keys are text. */
  private static DataType written(DataType type) {
    if (type instanceof StructType struct) {
      StructType result = new StructType();
      for (StructField field : struct.fields()) {
        result = result.add(field.name(), written(field.dataType()), field.nullable());
      }
      return result;
    }
    if (type instanceof ArrayType array) {
      return new ArrayType(written(array.elementType()), array.containsNull());
    }
    if (type instanceof MapType map) {
      return new MapType(DataTypes.StringType, written(map.valueType()), map.valueContainsNull());
    }
    return type;
  }

  private static Column restored(Column value, DataType type) {
    if (written(type).equals(type)) {
      return value;
    }
    if (type instanceof StructType struct) {
      Column[] fields =
          Stream.of(struct.fields())
              .map(f -> restored(value.getField(f.name()), f.dataType()).as(f.name()))
              .toArray(Column[]::new);
      return when(value.isNotNull(), struct(fields));
    }
    if (type instanceof ArrayType array) {
      return transform(value, element -> restored(element, array.elementType()));
    }
    MapType map = (MapType) type;
    Column values = transform_values(value, (key, each) -> restored(each, map.valueType()));
    return transform_keys(values, (key, each) -> key(key, map.keyType()));
  }

  /** Spark writes a key as it holds it: times as numbers. */
  private static Column key(Column text, DataType type) {
    if (type instanceof StringType) {
      return text;
    }
    if (type instanceof DateType) {
      return functions.date_add(lit("1970-01-01").cast("date"), text.try_cast("int"));
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return functions.timestamp_micros(text.try_cast("long")).cast(type);
    }
    return text.try_cast(type);
  }
}
