package io.fsmigrate.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.EmulatorProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;

/** The emulator, and what tests do in it beside the program: with the SDK's own clients. */
final class SageMakerHouse implements AutoCloseable {
  /** Where offline stores of {@link #create} lie. */
  static final String BUCKET = "features";

  private final EmulatorProcess emulator;
  private final SageMakerClient control;
  private final SageMakerFeatureStoreRuntimeClient runtime;

  private SageMakerHouse(EmulatorProcess emulator) {
    this.emulator = emulator;
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(EmulatorProcess.ACCESS_KEY, EmulatorProcess.SECRET_KEY));
    URI endpoint = emulator.endpoint();
    control =
        SageMakerClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
    runtime =
        SageMakerFeatureStoreRuntimeClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
  }

  /** Starts the emulator; the program finds its key as the SDK finds any. */
  static SageMakerHouse start(SparkSession spark) {
    EmulatorProcess emulator = EmulatorProcess.start("--bucket", BUCKET, "--create-after", "0");
    emulator.s3a().forEach(spark.sparkContext().hadoopConfiguration()::set);
    System.setProperty("aws.accessKeyId", EmulatorProcess.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
    return new SageMakerHouse(emulator);
  }

  EmulatorProcess emulator() {
    return emulator;
  }

  /**
   * Makes a feature group and waits for it.
   *
   * @param storageType of its online store
   * @param features name and SageMaker type
   */
  void create(String name, String id, String eventTime, String storageType, String... features) {
    start(name, id, eventTime, storageType, features);
    for (int i = 0; i < 200; i++) {
      if (status(name).equals("Created")) {
        return;
      }
      pause();
    }
    throw new IllegalStateException(name + " is not Created");
  }

  /** Asks for a feature group that cannot be made, and waits until that is clear. */
  void fail(String name, String id, String eventTime, String... features) {
    emulator.faults("{\"operation\":\"*\",\"failCreation\":\"no\"}");
    start(name, id, eventTime, "Standard", features);
    for (int i = 0; i < 200 && status(name).equals("Creating"); i++) {
      pause();
    }
    emulator.faults();
  }

  private String status(String name) {
    return control.describeFeatureGroup(r -> r.featureGroupName(name)).featureGroupStatusAsString();
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void start(
      String name, String id, String eventTime, String storageType, String... features) {
    List<FeatureDefinition> definitions =
        Stream.of(features)
            .map(f -> f.split(" "))
            .map(f -> FeatureDefinition.builder().featureName(f[0]).featureType(f[1]).build())
            .toList();
    control.createFeatureGroup(
        r ->
            r.featureGroupName(name)
                .recordIdentifierFeatureName(id)
                .eventTimeFeatureName(eventTime)
                .featureDefinitions(definitions)
                .onlineStoreConfig(o -> o.enableOnlineStore(true).storageType(storageType))
                .offlineStoreConfig(
                    o -> o.s3StorageConfig(s -> s.s3Uri("s3://" + BUCKET + "/offline")))
                .roleArn("arn:aws:iam::123456789012:role/features"));
  }

  /**
   * @param stores as the service names them
   */
  void put(String group, Map<String, String> record, String... stores) {
    runtime.putRecord(
        r ->
            r.featureGroupName(group)
                .targetStoresWithStrings(
                    stores.length == 0 ? List.of("OnlineStore", "OfflineStore") : List.of(stores))
                .record(
                    record.entrySet().stream()
                        .map(
                            e ->
                                FeatureValue.builder()
                                    .featureName(e.getKey())
                                    .valueAsString(e.getValue())
                                    .build())
                        .toList()));
  }

  void delete(String group, String id, String eventTime) {
    runtime.deleteRecord(
        r ->
            r.featureGroupName(group)
                .recordIdentifierValueAsString(id)
                .eventTime(eventTime)
                .deletionMode("HardDelete"));
  }

  /** What the online store of a group serves, by record identifier. */
  Map<String, Map<String, String>> records(String group, String id) {
    Map<String, Map<String, String>> records = new LinkedHashMap<>();
    for (String line : emulator.admin("GET", "records/" + group, "").lines().toList()) {
      Map<String, String> record = new LinkedHashMap<>();
      JsonNode json = Sandbox.json(line);
      json.get("Record")
          .forEach(f -> record.put(f.get("FeatureName").asText(), f.get("ValueAsString").asText()));
      records.put(record.get(id), record);
    }
    return records;
  }

  /** Has the offline stores take what they hold back. */
  void flush() {
    emulator.admin("POST", "flush", "");
  }

  /** How often an operation was called since the start or the last reset. */
  long calls(String operation) {
    return Sandbox.json(emulator.admin("GET", "stats", ""))
        .at("/operations/" + operation + "/calls")
        .asLong();
  }

  /** The same calls in order, as the emulator logged them. */
  List<JsonNode> log(String operation) {
    List<JsonNode> calls = new ArrayList<>();
    Sandbox.json(emulator.admin("GET", "calls?operation=" + operation, ""))
        .get("calls")
        .forEach(calls::add);
    return calls;
  }

  @Override
  public void close() {
    control.close();
    runtime.close();
    emulator.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }
}
