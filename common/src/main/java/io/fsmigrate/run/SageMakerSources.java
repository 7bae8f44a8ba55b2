package io.fsmigrate.run;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.offline.sagemaker.AthenaQueries;
import io.fsmigrate.offline.sagemaker.SageMakerSource;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.sagemaker.GroupReader;
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
    boolean lists =
        description.online().filter(FeatureGroupDescription.Online::listsRecords).isPresent();
    return SageMakerRows.planned(
        SageMakerSource.describe(
            session,
            new SageMakerSource.Request(description, version, filterQuery, pinnedBy),
            settings,
            new SageMakerSource.Services(
                () -> athena(settings),
                Optional.of(new ServedRecords(reader, lists)),
                progress -> {})));
  }

  /** The offline store of a group, in SageMaker's own types. */
  SageMakerRows history(FeatureGroupDescription group) {
    SageMakerSettings settings = catalog.sageMaker().forHistory();
    return SageMakerRows.planned(
        SageMakerSource.describe(
            session,
            new SageMakerSource.Request(
                group, Optional.empty(), Optional.empty(), Optional.empty()),
            settings,
            new SageMakerSource.Services(
                () -> athena(settings), Optional.empty(), progress -> {})));
  }

  private static AthenaQueries athena(SageMakerSettings settings) {
    return new AthenaQueries(settings.access(), new AwsClients(settings.access()), settings);
  }
}
