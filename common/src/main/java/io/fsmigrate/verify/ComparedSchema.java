package io.fsmigrate.verify;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** What is compared: the features of a target, and how far each may be apart. */
public final class ComparedSchema {
  private final VersionedGroup target;
  private final List<ComparedFeature> features;

  private ComparedSchema(VersionedGroup target, List<ComparedFeature> features) {
    this.target = target;
    this.features = List.copyOf(features);
  }

  /**
   * Of a target.
   *
   * @param tolerances by feature
   * @throws io.fsmigrate.error.FsMigrateException TOLERANCE_OF_UNKNOWN_FEATURE,
   *     TOLERANCE_NOT_FOR_TYPE
   */
  public static ComparedSchema of(VersionedGroup target, Map<String, Tolerance> tolerances) {
    for (String name : tolerances.keySet()) {
      if (target.schema().find(name).isEmpty()) {
        throw VerifyErrors.toleranceOfNothing(name, target.schema().names());
      }
    }
    List<ComparedFeature> features = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      Optional<Tolerance> tolerance =
          tolerances.entrySet().stream()
              .filter(entry -> entry.getKey().equalsIgnoreCase(feature.name()))
              .map(Map.Entry::getValue)
              .findFirst();
      ComparedFeature compared =
          new ComparedFeature(
              features.size(), feature.name(), DataType.fromDDL(feature.type().sql()), tolerance);
      tolerance.ifPresent(given -> requireFits(target, compared, given));
      features.add(compared);
    }
    return new ComparedSchema(target, features);
  }

  private static void requireFits(
      VersionedGroup target, ComparedFeature feature, Tolerance tolerance) {
    String type = feature.type().simpleString();
    if (feature.name().equalsIgnoreCase(target.recordIdentifier())
        || feature.name().equalsIgnoreCase(target.eventTime())) {
      throw VerifyErrors.toleranceNotFor(
          feature.name(), "the record identifier or event time", "by which rows are paired");
    }
    boolean fits = tolerance.kind() == Tolerance.Kind.TIME ? feature.isTime() : feature.isNumeric();
    if (!fits) {
      throw VerifyErrors.toleranceNotFor(
          feature.name(),
          type,
          "for which %s is no tolerance: numbers take 0.001 or 1%%, timestamps 5s"
              .formatted(tolerance.text()));
    }
  }

  VersionedGroup target() {
    return target;
  }

  List<ComparedFeature> features() {
    return features;
  }

  /** Those whose values may be apart. */
  List<ComparedFeature> tolerated() {
    return features.stream().filter(feature -> feature.tolerance().isPresent()).toList();
  }

  /** The names of those. */
  public List<String> toleratedFeatures() {
    return tolerated().stream().map(ComparedFeature::name).toList();
  }

  ComparedFeature identifier() {
    return feature(target.recordIdentifier());
  }

  ComparedFeature eventTime() {
    return feature(target.eventTime());
  }

  private ComparedFeature feature(String name) {
    return features.stream().filter(f -> f.name().equalsIgnoreCase(name)).findFirst().orElseThrow();
  }

  /** The features of a side, called by their positions. */
  Dataset<Row> positioned(Dataset<Row> side) {
    return side.select(
        features.stream()
            .map(f -> functions.col("`" + f.name().replace("`", "``") + "`").as(f.column()))
            .toArray(Column[]::new));
  }

  /** The bucket of a record identifier. */
  Column bucket(int buckets) {
    ComparedFeature id = identifier();
    Column hash = CanonicalValue.hash(List.of(functions.col(id.column())), List.of(id.type()));
    return functions.pmod(hash, functions.lit((long) buckets)).cast("int");
  }

  /** The hash of a row without the features that may be apart. */
  Column strictHash() {
    return hash(features.stream().filter(f -> f.tolerance().isEmpty()).toList());
  }

  /** The hash of a whole row. */
  Column fullHash() {
    return hash(features);
  }

  private static Column hash(List<ComparedFeature> features) {
    return CanonicalValue.hash(
        features.stream().map(f -> functions.col(f.column())).toList(),
        features.stream().map(ComparedFeature::type).toList());
  }
}
