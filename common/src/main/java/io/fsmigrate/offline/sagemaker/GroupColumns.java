package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.SageMakerType;
import io.fsmigrate.feature.TypeShape;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of a feature group's offline store, and what they have to be. */
final class GroupColumns {
  static final String WRITE_TIME = "write_time";
  static final String INVOCATION_TIME = "api_invocation_time";
  static final String IS_DELETED = "is_deleted";

  private GroupColumns() {}

  /** The features: String as string, Integral as bigint, Fractional as double. */
  static StructType features(FeatureGroupDescription group) {
    StructType schema = new StructType();
    for (Definition feature : group.features()) {
      schema = schema.add(feature.name(), type(feature));
    }
    return schema;
  }

  /** Those of them that a version has, in its order; all without a version. */
  static StructType features(FeatureGroupDescription group, Optional<VersionedGroup> version) {
    StructType all = features(group);
    if (version.isEmpty()) {
      return all;
    }
    StructType schema = new StructType();
    for (Feature feature : version.get().schema().features()) {
      schema = schema.add(all.apply(group.find(feature.name()).orElseThrow().name()));
    }
    return schema;
  }

  /** The features, and the columns that the service adds. */
  static StructType all(FeatureGroupDescription group) {
    return features(group)
        .add(WRITE_TIME, DataTypes.TimestampType)
        .add(INVOCATION_TIME, DataTypes.TimestampType)
        .add(IS_DELETED, DataTypes.BooleanType);
  }

  static DataType type(Definition feature) {
    DataType element =
        switch (feature.type()) {
          case "Integral" -> DataTypes.LongType;
          case "Fractional" -> DataTypes.DoubleType;
          default -> DataTypes.StringType;
        };
    return feature.collection() == null ? element : DataTypes.createArrayType(element);
  }

  /**
   * What stands between the group's features and those of a version; empty when every feature of
   * the version is there with the type that its values have in SageMaker.
   */
  static List<String> differences(FeatureGroupDescription group, VersionedGroup version) {
    List<String> differences = new ArrayList<>();
    for (Feature feature : version.schema().features()) {
      Optional<Definition> there = group.find(feature.name());
      if (there.isEmpty()) {
        differences.add("%s %s is missing".formatted(feature.name(), feature.type()));
      } else if (!holds(group, there.get(), feature.type())) {
        differences.add(
            "%s, where %s needs %s"
                .formatted(there.get(), feature.type(), feature.type().sageMaker()));
      }
    }
    require(differences, "record identifier", version.recordIdentifier(), group.recordIdentifier());
    require(differences, "event time", version.eventTime(), group.eventTime());
    return differences;
  }

  private static void require(List<String> differences, String role, String wanted, String there) {
    if (!wanted.equalsIgnoreCase(there)) {
      differences.add("%s is %s, not %s".formatted(role, there, wanted));
    }
  }

  private static boolean holds(
      FeatureGroupDescription group, Definition there, FeatureType wanted) {
    SageMakerType type = wanted.sageMaker();
    boolean collection = type.collection().isPresent() == (there.collection() != null);
    return collection && (type.kind().text().equals(there.type()) || isEpoch(group, there, wanted));
  }

  /** An event time may be Fractional: seconds since 1970. */
  static boolean isEpoch(FeatureGroupDescription group, Definition there, FeatureType wanted) {
    return there.name().equalsIgnoreCase(group.eventTime())
        && there.type().equals("Fractional")
        && wanted.shape().filter(shape -> shape == TypeShape.Primitive.TIMESTAMP).isPresent();
  }

  /** Columns of a data file that are not what the definition says; empty when it can be read. */
  static List<String> differences(MessageType file, StructType wanted) {
    List<String> differences = new ArrayList<>();
    for (Type column : file.getFields()) {
      for (StructField field : wanted.fields()) {
        if (field.name().equalsIgnoreCase(column.getName()) && !stores(column, field.dataType())) {
          differences.add(
              "%s is %s, not %s"
                  .formatted(
                      field.name(),
                      column.toString().toLowerCase(Locale.ROOT),
                      field.dataType().simpleString()));
        }
      }
    }
    return differences;
  }

  private static boolean stores(Type column, DataType type) {
    if (type instanceof org.apache.spark.sql.types.ArrayType) {
      return !column.isPrimitive();
    }
    if (!column.isPrimitive()) {
      return false;
    }
    PrimitiveTypeName stored = column.asPrimitiveType().getPrimitiveTypeName();
    if (type.equals(DataTypes.StringType)) {
      return stored == PrimitiveTypeName.BINARY;
    }
    if (type.equals(DataTypes.LongType)) {
      return stored == PrimitiveTypeName.INT64 || stored == PrimitiveTypeName.INT32;
    }
    if (type.equals(DataTypes.DoubleType)) {
      return stored == PrimitiveTypeName.DOUBLE || stored == PrimitiveTypeName.FLOAT;
    }
    if (type.equals(DataTypes.BooleanType)) {
      return stored == PrimitiveTypeName.BOOLEAN;
    }
    return stored == PrimitiveTypeName.INT96 || stored == PrimitiveTypeName.INT64;
  }
}
