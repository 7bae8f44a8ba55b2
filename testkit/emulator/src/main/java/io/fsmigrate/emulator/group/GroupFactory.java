package io.fsmigrate.emulator.group;

import static io.fsmigrate.emulator.group.DefinitionReader.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.ServiceException;
import io.fsmigrate.emulator.record.CollectionType;
import io.fsmigrate.emulator.record.EmulatorClock;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.FeatureType;
import io.fsmigrate.emulator.record.Schema;
import io.fsmigrate.emulator.record.StorageType;
import io.fsmigrate.emulator.record.Ttl;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes feature groups of the requests that define them. */
final class GroupFactory {
  private static final String DATABASE = "sagemaker_featurestore";

  private final String region;
  private final String account;
  private final EmulatorClock clock;

  GroupFactory(String region, String account, EmulatorClock clock) {
    this.region = region;
    this.account = account;
    this.clock = clock;
  }

  /**
   * A group that is not yet registered.
   *
   * @param failure why its creation will fail, or null
   * @throws ServiceException ValidationException
   */
  FeatureGroup make(ObjectNode request, Instant now, long createMillis, String failure) {
    String name =
        DefinitionReader.requireName(
            request.path("FeatureGroupName").asText(""), "FeatureGroupName");
    Optional<StorageType> online = online(request.path("OnlineStoreConfig"));
    List<FeatureDefinition> features =
        DefinitionReader.read(request.path("FeatureDefinitions"), List.of(), online);
    FeatureDefinition identifier = role(features, request, "RecordIdentifierFeatureName");
    FeatureDefinition eventTime = role(features, request, "EventTimeFeatureName");
    if (identifier.equals(eventTime)) {
      throw invalid("the record identifier and the event time are one feature");
    }
    if (eventTime.type() == FeatureType.INTEGRAL) {
      throw invalid("the event time %s is not String or Fractional", eventTime.name());
    }
    Optional<FeatureGroup.Offline> offline = offline(request, name, now);
    if (online.isEmpty() && offline.isEmpty()) {
      throw invalid("an OnlineStoreConfig or an OfflineStoreConfig is required");
    }
    if (online.equals(Optional.of(StorageType.IN_MEMORY)) && offline.isPresent()) {
      throw invalid("an online store of type InMemory has no offline store");
    }
    return new FeatureGroup(
        name,
        "arn:aws:sagemaker:%s:%s:feature-group/%s".formatted(region, account, name),
        request,
        new Schema(features, identifier.name(), eventTime.name()),
        online,
        offline,
        ttl(request.path("OnlineStoreConfig")),
        now,
        createMillis,
        failure,
        clock);
  }

  static Ttl ttl(JsonNode onlineConfig) {
    try {
      return Ttl.of(onlineConfig.path("TtlDuration"));
    } catch (ServiceException e) {
      throw new ServiceException(400, "ValidationException", e.getMessage());
    }
  }

  private static Optional<StorageType> online(JsonNode config) {
    if (!config.path("EnableOnlineStore").asBoolean(false)) {
      return Optional.empty();
    }
    String word = config.path("StorageType").asText(StorageType.STANDARD.word());
    return Optional.of(
        Arrays.stream(StorageType.values())
            .filter(type -> type.word().equals(word))
            .findFirst()
            .orElseThrow(() -> invalid("%s is no StorageType", word)));
  }

  private static FeatureDefinition role(
      List<FeatureDefinition> features, ObjectNode request, String role) {
    String name = request.path(role).asText("");
    return features.stream()
        .filter(feature -> feature.name().equals(name))
        .filter(feature -> feature.collection() == CollectionType.NONE)
        .findFirst()
        .orElseThrow(() -> invalid("%s '%s' is not a feature with one value", role, name));
  }

  private Optional<FeatureGroup.Offline> offline(ObjectNode request, String name, Instant now) {
    JsonNode config = request.path("OfflineStoreConfig");
    if (config.isMissingNode() || config.isNull()) {
      return Optional.empty();
    }
    if (request.path("RoleArn").asText("").isEmpty()) {
      throw invalid("RoleArn is required with an OfflineStoreConfig");
    }
    String uri = config.path("S3StorageConfig").path("S3Uri").asText("");
    if (!uri.startsWith("s3://") || uri.length() == "s3://".length()) {
      throw invalid("S3Uri '%s' is not like s3://bucket/prefix", uri);
    }
    String path = uri.substring("s3://".length()).replaceAll("/+$", "");
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    String prefix = slash < 0 ? "" : path.substring(slash + 1) + '/';
    String format = config.path("TableFormat").asText("Glue");
    if (!format.equals("Glue") && !format.equals("Iceberg")) {
      throw invalid("TableFormat %s is not Glue or Iceberg", format);
    }
    long epoch = now.getEpochSecond();
    String resolved =
        "%s%s/sagemaker/%s/offline-store/%s-%d/data"
            .formatted(prefix, account, region, name, epoch);
    JsonNode catalog = config.path("DataCatalogConfig");
    String table = name.toLowerCase(Locale.ROOT).replace('-', '_') + '_' + epoch;
    return Optional.of(
        new FeatureGroup.Offline(
            bucket,
            resolved,
            format.equals("Iceberg"),
            catalog.path("Database").asText(DATABASE),
            catalog.path("TableName").asText(table)));
  }
}
