package io.fsmigrate.benchmarks;

import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineRecord;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;

/** A feature group of ten features, and its records. */
final class ExampleGroup {
  static final String NAME = "flights";
  private static final Instant AT = Instant.parse("2001-06-30T12:00:00Z");
  private static final Map<String, String> FEATURES = new LinkedHashMap<>();

  static {
    FEATURES.put("route", "string");
    FEATURES.put("departed_at", "timestamp");
    FEATURES.put("flights", "bigint");
    FEATURES.put("delay_minutes", "int");
    FEATURES.put("distance", "double");
    FEATURES.put("late_share", "double");
    FEATURES.put("seats", "int");
    FEATURES.put("carrier", "string");
    FEATURES.put("is_late", "boolean");
    FEATURES.put("fare", "float");
  }

  private ExampleGroup() {}

  static VersionedGroup target() {
    List<Feature> features = new ArrayList<>();
    FEATURES.forEach((name, type) -> features.add(new Feature(name, new FeatureType(type))));
    return new VersionedGroup(
        NAME,
        new FeatureVersion("1.0.0"),
        new FeatureSchema(features),
        "route",
        "departed_at",
        List.of(),
        List.of("online"));
  }

  /** Record number {@code i}; every round has a later event time. */
  static OnlineRecord record(long i, int round) {
    return OnlineRecord.of(
        "route-" + i,
        AT.plusSeconds(round),
        i * 7919,
        (int) (i % 600) - 60,
        i * 0.25,
        i / 3.0 % 1,
        (int) (i % 300),
        "carrier " + i % 40,
        i % 2 == 0,
        i * 0.5f);
  }

  /** Its feature values by name, as a caller of the service would write them. */
  static Map<String, String> texts(OnlineRecord record) {
    Map<String, String> texts = new LinkedHashMap<>();
    int i = 0;
    for (String name : FEATURES.keySet()) {
      Object value = record.values().get(i++);
      texts.put(name, value instanceof Boolean flag ? (flag ? "1" : "0") : String.valueOf(value));
    }
    return texts;
  }

  /** A record as the service's JSON has it. */
  static String json(OnlineRecord record) {
    return texts(record).entrySet().stream()
        .map(
            e ->
                "{\"FeatureName\":\"%s\",\"ValueAsString\":\"%s\"}"
                    .formatted(e.getKey(), e.getValue()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String kind(String type) {
    return new FeatureType(type).sageMaker().kind().text();
  }

  /** What DescribeFeatureGroup says of it. */
  static String description() {
    String definitions =
        FEATURES.entrySet().stream()
            .map(
                e ->
                    "{\"FeatureName\":\"%s\",\"FeatureType\":\"%s\"}"
                        .formatted(e.getKey(), kind(e.getValue())))
            .collect(Collectors.joining(",", "[", "]"));
    return ("{\"FeatureGroupArn\":\"arn:aws:sagemaker:us-east-1:123456789012:feature-group/%s\","
            + "\"FeatureGroupName\":\"%s\",\"RecordIdentifierFeatureName\":\"route\","
            + "\"EventTimeFeatureName\":\"departed_at\",\"FeatureDefinitions\":%s,"
            + "\"OnlineStoreConfig\":{\"EnableOnlineStore\":true},\"FeatureGroupStatus\":\"Created\"}")
        .formatted(NAME, NAME, definitions);
  }

  static void create(URI endpoint) throws InterruptedException {
    try (SageMakerClient client =
        SageMakerClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1).build()) {
      client.createFeatureGroup(
          r ->
              r.featureGroupName(NAME)
                  .recordIdentifierFeatureName("route")
                  .eventTimeFeatureName("departed_at")
                  .roleArn("arn:aws:iam::123456789012:role/features")
                  .onlineStoreConfig(o -> o.enableOnlineStore(true))
                  .featureDefinitions(
                      FEATURES.entrySet().stream()
                          .map(
                              e ->
                                  FeatureDefinition.builder()
                                      .featureName(e.getKey())
                                      .featureType(kind(e.getValue()))
                                      .build())
                          .toList()));
      while (client.describeFeatureGroup(r -> r.featureGroupName(NAME)).featureGroupStatus()
          == FeatureGroupStatus.CREATING) {
        Thread.sleep(50);
      }
    }
  }
}
