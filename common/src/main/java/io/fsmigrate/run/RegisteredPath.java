package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.compat.SchemaDifferences;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.offline.Decoding;
import io.fsmigrate.offline.transform.PipelineCompiler;
import io.fsmigrate.offline.transform.RowPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How rows of a source become rows of a target, by what is registered now.
 *
 * @param migrations none where it is direct
 * @param strict whether a column that is no feature of the target is an error
 */
record RegisteredPath(
    MigrationPath migrations,
    boolean strict,
    From from,
    VersionedGroup target,
    Optional<String> filterQuery,
    Optional<String> fromRecord) {
  /**
   * The source's side.
   *
   * @param version {@link FeatureVersion#RAW} for a bare source
   * @param definition of that version, where there is one
   * @param schema of the rows
   */
  record From(
      FeatureVersion version,
      Optional<VersionedGroup> definition,
      StructType schema,
      List<Decoding> decodings) {}

  /**
   * Finds it.
   *
   * @throws io.fsmigrate.error.FsMigrateException where there is none
   */
  static RegisteredPath find(
      Catalog catalog, MigrateRequest request, From from, VersionedGroup target) {
    Optional<MigrationPath> path = path(catalog, request.via(), from, target);
    if (path.isEmpty()) {
      requireDirect(request.source(), from, target);
    }
    return new RegisteredPath(
        path.orElse(new MigrationPath(List.of())),
        path.isPresent() && !from.version().isRaw(),
        from,
        target,
        request.filterQuery(),
        request.fromRecord());
  }

  RowPipeline compile(SparkSession session) {
    return PipelineCompiler.compile(
        session,
        migrations,
        target,
        filterQuery,
        from.schema(),
        strict,
        from.decodings(),
        fromRecord);
  }

  /** Empty where the migration is direct. */
  private static Optional<MigrationPath> path(
      Catalog catalog, List<String> via, From from, VersionedGroup target) {
    boolean sameGroup = from.definition().map(d -> d.group().equals(target.group())).orElse(true);
    if (!sameGroup) {
      return Optional.empty();
    }
    if (!via.isEmpty()) {
      return Optional.of(
          catalog
              .migrations()
              .path(
                  target.group(),
                  from.version(),
                  target.version(),
                  via.stream().map(FeatureVersion::new).toList()));
    }
    return catalog
        .migrations()
        .findPath(target.group(), from.version(), target.version())
        .filter(path -> !path.isEmpty());
  }

  private static void requireDirect(String name, From from, VersionedGroup target) {
    SchemaDifferences differences =
        from.definition()
            .map(definition -> SchemaDifferences.between(definition, target))
            .orElseGet(() -> SchemaDifferences.between(features(from.schema()), target));
    differences.requireNone(name, target.address());
  }

  private static FeatureSchema features(StructType schema) {
    List<Feature> features = new ArrayList<>();
    for (StructField field : schema.fields()) {
      features.add(new Feature(field.name(), new FeatureType(field.dataType().catalogString())));
    }
    return new FeatureSchema(features);
  }
}
