package io.fsmigrate.offline.sagemaker;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_micros;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A version's rows as the offline store of a feature group holds them; {@link Decoders} is the way
 * back.
 */
final class GlueRows {
  /** The parts of the directory of an hour, and how the event time gives them. */
  static final List<String> HOUR = List.of("year", "month", "day", "hour");

  private static final List<String> HOUR_FORMATS = List.of("yyyy", "MM", "dd", "HH");
  private static final double MICROS = 1_000_000.0;

  private GlueRows() {}

  /** The group's features, in its order; null for those that the version does not have. */
  static List<Column> features(FeatureGroupDescription group, VersionedGroup version) {
    List<Column> columns = new ArrayList<>();
    for (Definition definition : group.features()) {
      DataType to = GroupColumns.type(definition);
      Optional<Feature> feature = version.schema().find(definition.name());
      columns.add(
          feature
              .map(f -> encode(Rows.named(f.name()), DataType.fromDDL(f.type().sql()), to))
              .orElse(lit(null).cast(to))
              .as(definition.name()));
    }
    return columns;
  }

  private static Column encode(Column value, DataType from, DataType to) {
    if (from.sameType(to)) {
      return value;
    }
    if (from instanceof BooleanType) {
      return value.cast(DataTypes.LongType);
    }
    if (from instanceof TimestampType || from instanceof TimestampNTZType) {
      Column micros = unix_micros(value.cast(DataTypes.TimestampType));
      if (to.equals(DataTypes.DoubleType)) {
        return micros.divide(lit(MICROS));
      }
      UDF1<Long, String> text =
          number ->
              number == null ? null : Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString();
      return udf(text, DataTypes.StringType).apply(micros);
    }
    if (from instanceof BinaryType) {
      return base64(value);
    }
    if (from instanceof MapType || from instanceof StructType || from instanceof ArrayType) {
      UDF1<Object, String> text = any -> any == null ? null : JsonValues.write(from, any);
      return udf(text, DataTypes.StringType).apply(value);
    }
    return value.cast(to);
  }

  /**
   * The instant of an encoded event time.
   *
   * @param group whose event time it is, ISO-8601 text or seconds since 1970
   */
  static Column instant(FeatureGroupDescription group) {
    Column eventTime = Rows.named(group.eventTime());
    return group.eventTimeDefinition().type().equals("Fractional")
        ? timestamp_micros(
            functions.round(eventTime.multiply(lit(MICROS))).try_cast(DataTypes.LongType))
        : eventTime.try_cast(DataTypes.TimestampType);
  }

  /** What two rows of the same event have in common, however its time is written. */
  static Column eventKey(FeatureGroupDescription group) {
    return coalesce(
        unix_micros(instant(group)).cast("string"), Rows.named(group.eventTime()).cast("string"));
  }

  /** The directory of the event's hour, part by part, in UTC. */
  static List<Column> hour(Column instant) {
    List<Column> parts = new ArrayList<>();
    for (int i = 0; i < HOUR.size(); i++) {
      parts.add(date_format(instant, HOUR_FORMATS.get(i)).as(HOUR.get(i)));
    }
    return parts;
  }
}
