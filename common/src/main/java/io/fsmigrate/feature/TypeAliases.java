package io.fsmigrate.feature;

import io.fsmigrate.feature.TypeShape.Decimal;
import io.fsmigrate.feature.TypeShape.Primitive;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names of types without parameters: Spark's, pandas' and NumPy's, and SageMaker's.
 *
 * <p>Spark has no unsigned integers. An unsigned alias becomes the next wider type, which holds all
 * of its values; Spark reads unsigned Parquet columns the same way.
 */
final class TypeAliases {
  private static final Pattern DATETIME = Pattern.compile("datetime64(\\[(s|ms|us|ns)])?");
  private static final Pattern ZONED_DATETIME =
      Pattern.compile("datetime64\\[(s|ms|us|ns), ?[a-z0-9_+:/-]+]");
  private static final Map<String, TypeShape> NAMES = names();

  private TypeAliases() {}

  /** The type of that lower-case name. */
  static Optional<TypeShape> find(String lower) {
    if (DATETIME.matcher(lower).matches()) {
      return Optional.of(Primitive.TIMESTAMP_NTZ);
    }
    if (ZONED_DATETIME.matcher(lower).matches()) {
      return Optional.of(Primitive.TIMESTAMP);
    }
    return Optional.ofNullable(NAMES.get(lower));
  }

  /** Every name in alphabetical order, for suggestions. */
  static Set<String> all() {
    return NAMES.keySet();
  }

  private static Map<String, TypeShape> names() {
    Map<String, TypeShape> names = new TreeMap<>();
    Arrays.stream(Primitive.values()).forEach(type -> names.put(type.sql(), type));
    put(names, Primitive.TINYINT, "int8", "byte");
    put(names, Primitive.SMALLINT, "int16", "short", "uint8");
    put(names, Primitive.INT, "int32", "integer", "uint16");
    put(names, Primitive.BIGINT, "int64", "long", "uint32", "integral");
    put(names, new Decimal(20, 0), "uint64");
    put(names, new Decimal(10, 0), "decimal", "dec", "numeric");
    put(names, Primitive.FLOAT, "float16", "float32", "real");
    put(names, Primitive.DOUBLE, "float64", "fractional");
    put(names, Primitive.BOOLEAN, "bool");
    put(names, Primitive.STRING, "str", "object", "category");
    put(names, Primitive.STRING, "string[python]", "string[pyarrow]");
    put(names, Primitive.BINARY, "bytes");
    put(names, Primitive.TIMESTAMP, "timestamp_ltz");
    return names;
  }

  private static void put(Map<String, TypeShape> names, TypeShape type, String... aliases) {
    Arrays.stream(aliases).forEach(alias -> names.put(alias, type));
  }
}
