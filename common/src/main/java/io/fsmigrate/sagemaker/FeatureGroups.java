package io.fsmigrate.sagemaker;

import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Offline;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Online;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureType;
import software.amazon.awssdk.services.sagemaker.model.ResourceNotFoundException;

/** The definitions of an account's feature groups. */
public final class FeatureGroups implements AutoCloseable {
  /** How long a group may take to become usable or to take up new features. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(500);

  private final AwsAccess access;
  private final SageMakerClient client;

  public FeatureGroups(AwsAccess access, AwsClients clients) {
    this.access = access;
    this.client = clients.sageMaker();
  }

  /**
   * What the service says of the group.
   *
   * @throws io.fsmigrate.error.FsMigrateException FEATURE_GROUP_NOT_FOUND, AWS_ACCESS_DENIED,
   *     AWS_CREDENTIALS_REJECTED, AWS_UNAVAILABLE
   */
  public FeatureGroupDescription describe(String group) {
    try {
      List<FeatureDefinition> definitions = new ArrayList<>();
      DescribeFeatureGroupResponse response =
          client.describeFeatureGroup(r -> r.featureGroupName(group));
      definitions.addAll(response.featureDefinitions());
      for (String next = response.nextToken(); next != null; ) {
        String token = next;
        DescribeFeatureGroupResponse page =
            client.describeFeatureGroup(r -> r.featureGroupName(group).nextToken(token));
        definitions.addAll(page.featureDefinitions());
        next = page.nextToken();
      }
      return description(response, definitions);
    } catch (ResourceNotFoundException e) {
      throw SageMakerErrors.noGroup(group, access, e);
    } catch (SdkException e) {
      throw SageMakerErrors.of("describe feature group " + group, access, e);
    }
  }

  /**
   * The same for a group that must be usable.
   *
   * @throws io.fsmigrate.error.FsMigrateException also FEATURE_GROUP_NOT_READY
   */
  public FeatureGroupDescription describeCreated(String group) {
    FeatureGroupDescription description = describe(group);
    if (!description.status().equals("Created")) {
      throw SageMakerErrors.notReady(group, description.status(), description.failureReason());
    }
    return description;
  }

  /**
   * Adds features to a group and waits until they can be written. Features that are there already
   * are left alone, so that it can be called again.
   */
  public FeatureGroupDescription addFeatures(String group, List<Definition> features) {
    FeatureGroupDescription before = settled(group);
    List<FeatureDefinition> missing =
        features.stream()
            .filter(f -> before.find(f.name()).isEmpty())
            .map(
                f ->
                    FeatureDefinition.builder()
                        .featureName(f.name())
                        .featureType(FeatureType.fromValue(f.type()))
                        .collectionType(f.collection())
                        .collectionConfig(
                            f.dimension() == null
                                ? null
                                : software.amazon.awssdk.services.sagemaker.model.CollectionConfig
                                    .fromVectorConfig(v -> v.dimension(f.dimension())))
                        .build())
            .toList();
    if (missing.isEmpty()) {
      return before;
    }
    try {
      client.updateFeatureGroup(r -> r.featureGroupName(group).featureAdditions(missing));
    } catch (SdkException e) {
      throw SageMakerErrors.of("add features to feature group " + group, access, e);
    }
    FeatureGroupDescription after = settled(group);
    if (after.updateStatus().filter("Failed"::equals).isPresent()) {
      throw SageMakerErrors.updateFailed(group);
    }
    return after;
  }

  private FeatureGroupDescription settled(String group) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      FeatureGroupDescription description = describeCreated(group);
      if (description.updateStatus().filter("InProgress"::equals).isEmpty()) {
        return description;
      }
      if (System.nanoTime() > end) {
        throw SageMakerErrors.stillUpdating(group, PATIENCE);
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while " + group + " is updated", e);
      }
    }
  }

  private static FeatureGroupDescription description(
      DescribeFeatureGroupResponse response, List<FeatureDefinition> definitions) {
    return new FeatureGroupDescription(
        response.featureGroupName(),
        response.featureGroupArn(),
        response.featureGroupStatusAsString(),
        Optional.ofNullable(response.lastUpdateStatus()).map(s -> s.statusAsString()),
        Optional.ofNullable(response.failureReason()),
        response.recordIdentifierFeatureName(),
        response.eventTimeFeatureName(),
        definitions.stream().map(FeatureGroups::definition).toList(),
        online(response),
        offline(response));
  }

  private static Definition definition(FeatureDefinition feature) {
    return new Definition(
        feature.featureName(),
        feature.featureTypeAsString(),
        feature.collectionTypeAsString(),
        feature.collectionConfig() == null || feature.collectionConfig().vectorConfig() == null
            ? null
            : feature.collectionConfig().vectorConfig().dimension());
  }

  private static Optional<Online> online(DescribeFeatureGroupResponse response) {
    return Optional.ofNullable(response.onlineStoreConfig())
        .filter(config -> Boolean.TRUE.equals(config.enableOnlineStore()))
        .map(
            config ->
                new Online(
                    Optional.ofNullable(config.storageTypeAsString()).orElse("Standard"),
                    Optional.ofNullable(config.ttlDuration())
                        .filter(ttl -> ttl.value() != null)
                        .map(ttl -> ttl.value() + " " + ttl.unitAsString())));
  }

  private static Optional<Offline> offline(DescribeFeatureGroupResponse response) {
    return Optional.ofNullable(response.offlineStoreConfig())
        .map(
            config ->
                new Offline(
                    Optional.ofNullable(config.s3StorageConfig().resolvedOutputS3Uri())
                        .orElse(config.s3StorageConfig().s3Uri()),
                    Optional.ofNullable(config.tableFormatAsString())
                        .filter(format -> !format.equals("Default"))
                        .orElse("Glue"),
                    Optional.ofNullable(config.dataCatalogConfig())
                        .map(c -> c.catalog())
                        .orElse("AwsDataCatalog"),
                    Optional.ofNullable(config.dataCatalogConfig())
                        .map(c -> c.database())
                        .orElse("sagemaker_featurestore"),
                    Optional.ofNullable(config.dataCatalogConfig())
                        .map(c -> c.tableName())
                        .orElse("")));
  }

  @Override
  public void close() {
    client.close();
  }
}
