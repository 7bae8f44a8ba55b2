package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.sagemaker.AthenaQueries;
import io.fsmigrate.offline.sagemaker.OfflineSettings;
import io.fsmigrate.offline.sagemaker.SageMakerSource;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.sagemaker.GroupReader;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Opens feature groups of the configured account as sources. */
final class SageMakerSources {
  private final Catalog catalog;
  private final SparkSession session;

  SageMakerSources(Catalog catalog, SparkSession session) {
    this.catalog = catalog;
    this.session = session;
  }

  /**
   * The group as it is now.
   *
   * @param version the version that its records have; empty for SageMaker's own types
   * @param pinnedBy directory of the run that is planned again
   */
  SageMakerRows open(
      String group,
      Optional<VersionedGroup> version,
      Optional<String> filterQuery,
      Optional<String> pinnedBy) {
    SageMakerSettings settings = catalog.sageMaker();
    GroupReader reader =
        new GroupReader(
            new OnlineStoreDefinition("source", "sagemaker", settings.access().settings()),
            group,
            catalog.settings().maxWorkers());
    FeatureGroupDescription description = reader.describe();
    OfflineSettings offline = offline(settings);
    boolean lists =
        description.online().filter(FeatureGroupDescription.Online::listsRecords).isPresent();
    return SageMakerRows.planned(
        SageMakerSource.describe(
            session,
            new SageMakerSource.Request(description, version, filterQuery, pinnedBy),
            offline,
            new SageMakerSource.Services(
                () -> athena(settings.access(), offline),
                Optional.of(new ServedRecords(reader, lists)),
                progress -> {})));
  }

  private static AthenaQueries athena(AwsAccess access, OfflineSettings settings) {
    return new AthenaQueries(access, new AwsClients(access), settings);
  }

  static OfflineSettings offline(SageMakerSettings settings) {
    return new OfflineSettings(
        OfflineSettings.Read.valueOf(settings.read().name()),
        OfflineSettings.Shape.valueOf(settings.shape().name()),
        settings.s3Scheme(),
        settings.athena().workGroup(),
        settings.athena().outputLocation(),
        settings.athena().unloadLocation().map(location -> location.replaceAll("/+$", "")));
  }
}
