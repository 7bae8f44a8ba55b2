package io.fsmigrate.emulator.group;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fsmigrate.emulator.http.Json;
import io.fsmigrate.emulator.record.CollectionType;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureGroup;
import java.time.Clock;
import java.util.List;

/** Feature groups in the words of DescribeFeatureGroup and ListFeatureGroups. */
final class GroupDescription {
  private static final List<String> AS_GIVEN =
      List.of(
          "RecordIdentifierFeatureName",
          "EventTimeFeatureName",
          "OnlineStoreConfig",
          "ThroughputConfig",
          "RoleArn",
          "Description");

  private final Clock clock;
  private final long updateMillis;

  GroupDescription(Clock clock, long updateMillis) {
    this.clock = clock;
    this.updateMillis = updateMillis;
  }

  boolean updating(FeatureGroup group) {
    return group.updatedAtMillis() > 0 && clock.millis() < group.updatedAtMillis() + updateMillis;
  }

  ObjectNode of(FeatureGroup group) {
    FeatureGroup.Status status = group.status(clock.millis());
    ObjectNode answer =
        Json.object(
            "FeatureGroupArn", group.arn(),
            "FeatureGroupName", group.name(),
            "FeatureGroupStatus", status.word(),
            "CreationTime", group.created().toEpochMilli() / 1000.0);
    for (String part : AS_GIVEN) {
      if (group.definition().hasNonNull(part)) {
        answer.set(part, group.definition().get(part).deepCopy());
      }
    }
    ArrayNode features = answer.putArray("FeatureDefinitions");
    group.schema().features().forEach(feature -> features.add(feature(feature)));
    if (group.updatedAtMillis() > 0) {
      answer.put("LastModifiedTime", group.updatedAtMillis() / 1000.0);
      answer.set(
          "LastUpdateStatus", Json.object("Status", updating(group) ? "InProgress" : "Successful"));
    }
    if (status == FeatureGroup.Status.CREATE_FAILED) {
      answer.put("FailureReason", group.failure().orElseThrow());
    }
    if (group.online().isPresent()) {
      answer.withObject("/OnlineStoreConfig").put("StorageType", group.online().get().word());
    }
    group.offline().ifPresent(offline -> offline(answer, group, offline));
    return answer;
  }

  private static void offline(ObjectNode answer, FeatureGroup group, FeatureGroup.Offline offline) {
    ObjectNode config = (ObjectNode) group.definition().get("OfflineStoreConfig").deepCopy();
    config.withObject("/S3StorageConfig").put("ResolvedOutputS3Uri", offline.resolvedUri());
    config.set(
        "DataCatalogConfig",
        Json.object(
            "TableName", offline.table(),
            "Catalog", "AwsDataCatalog",
            "Database", offline.database()));
    config.put("TableFormat", offline.iceberg() ? "Iceberg" : "Glue");
    if (!config.has("DisableGlueTableCreation")) {
      config.put("DisableGlueTableCreation", false);
    }
    answer.set("OfflineStoreConfig", config);
    answer.set("OfflineStoreStatus", Json.object("Status", "Active"));
  }

  private static ObjectNode feature(FeatureDefinition feature) {
    ObjectNode node =
        Json.object("FeatureName", feature.name(), "FeatureType", feature.type().word());
    if (feature.collection() != CollectionType.NONE) {
      node.put("CollectionType", feature.collection().word());
    }
    if (feature.collection() == CollectionType.VECTOR) {
      node.set(
          "CollectionConfig",
          Json.object("VectorConfig", Json.object("Dimension", feature.dimension())));
    }
    return node;
  }

  ObjectNode summary(FeatureGroup group) {
    ObjectNode summary =
        Json.object(
            "FeatureGroupName", group.name(),
            "FeatureGroupArn", group.arn(),
            "CreationTime", group.created().toEpochMilli() / 1000.0,
            "FeatureGroupStatus", group.status(clock.millis()).word());
    if (group.offline().isPresent()) {
      summary.set("OfflineStoreStatus", Json.object("Status", "Active"));
    }
    return summary;
  }
}
