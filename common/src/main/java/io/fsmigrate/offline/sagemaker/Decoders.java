package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.transform.LosslessCast;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What SageMaker's String, Integral and Fractional values stand for in a version's types: the
 * inverse of what {@link io.fsmigrate.feature.SageMakerType} makes of them. A value that would lose
 * something, or is nothing of the kind, becomes null, and so fails its row.
 */
final class Decoders {
  private static final double MICROS = 1_000_000.0;

  /** Beyond this, 2^53, not every microsecond is a double of its own. */
  private static final double EXACT = 0x1p53;

  private Decoders() {}

  /** Decodings of the version's features that are of another type in the group. */
  static List<Decoding> of(FeatureGroupDescription group, VersionedGroup version) {
    List<Decoding> decodings = new ArrayList<>();
    for (Feature feature : version.schema().features()) {
      Definition definition = group.find(feature.name()).orElseThrow();
      DataType from = GroupColumns.type(definition);
      DataType to = DataType.fromDDL(feature.type().sql());
      if (!from.sameType(to)) {
        decodings.add(
            new Decoding(definition.name(), to, input -> value(input, from, to), form(from, to)));
      }
    }
    return decodings;
  }

  private static Column value(Column input, DataType from, DataType to) {
    if (from instanceof ArrayType elements && to instanceof ArrayType wanted) {
      Column decoded =
          transform(input, element -> value(element, elements.elementType(), wanted.elementType()));
      // An element that cannot be decoded is null where there was none before.
      return when(nulls(decoded).equalTo(nulls(input)), decoded);
    }
    if (to instanceof BooleanType) {
      return when(input.equalTo(lit(1L)), lit(true)).when(input.equalTo(lit(0L)), lit(false));
    }
    if (from instanceof StringType) {
      return ofText(input, to);
    }
    if (to instanceof TimestampType && !(from instanceof LongType)) {
      return ofSeconds(input);
    }
    return cast(input, from, to);
  }

  private static Column nulls(Column array) {
    return size(functions.filter(array, Column::isNull));
  }

  private static Column ofText(Column input, DataType to) {
    if (to instanceof BinaryType) {
      return functions.try_to_binary(input, lit("base64"));
    }
    if (to instanceof MapType || to instanceof StructType || to instanceof ArrayType) {
      UDF1<String, Object> read = text -> text == null ? null : JsonValues.readOrNull(to, text);
      return udf(read, to).apply(input);
    }
    if (to instanceof TimestampNTZType) {
      // A wall-clock time is written as if in UTC; another offset would be dropped.
      return when(not(input.rlike("[+-]\\d{1,2}:?\\d{2}$")), input.try_cast(to));
    }
    return cast(input, DataTypes.StringType, to);
  }

  /** Seconds since 1970, in microseconds; what is finer or far away has no exact timestamp. */
  private static Column ofSeconds(Column input) {
    Column micros = round(input.multiply(lit(MICROS)));
    Column exact =
        micros.between(lit(-EXACT), lit(EXACT)).and(micros.divide(lit(MICROS)).equalTo(input));
    return when(exact, timestamp_micros(micros.try_cast(DataTypes.LongType)));
  }

  private static Column cast(Column input, DataType from, DataType to) {
    LosslessCast cast = new LosslessCast(from, to);
    Column output = cast.value(input);
    return cast.alwaysLossless() ? output : when(not(cast.loses(input, output)), output);
  }

  private static String form(DataType from, DataType to) {
    String type = to.simpleString();
    if (to instanceof BooleanType) {
      return "0 or 1";
    }
    if (!(from instanceof StringType)) {
      return to instanceof TimestampType
          ? "seconds since 1970 down to microseconds"
          : "a number that " + type + " holds exactly";
    }
    if (to instanceof BinaryType) {
      return "base64 text";
    }
    if (to instanceof TimestampType || to instanceof TimestampNTZType || to instanceof DateType) {
      return "ISO-8601 text of a " + type;
    }
    return to instanceof MapType || to instanceof StructType || to instanceof ArrayType
        ? "JSON text of " + type
        : "text of a " + type;
  }
}
