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
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.CreateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.OfflineStoreConfig;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;

/** The emulator, and what tests do in it beside the program: with the SDK's own clients. */
final class SageMakerHouse implements AutoCloseable {
  /** Where offline stores of {@link #create} lie. */
  static final String BUCKET = "features";

  private static final String KEY = "aws.accessKeyId";
  private static final String SECRET = "aws.secretAccessKey";

  private final EmulatorProcess emulator;
  private final boolean ownsKey;
  private final SageMakerClient control;
  private final SageMakerFeatureStoreRuntimeClient runtime;
  private final AthenaClient athena;

  private SageMakerHouse(EmulatorProcess emulator, boolean ownsKey) {
    this.emulator = emulator;
    this.ownsKey = ownsKey;
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
    athena =
        AthenaClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build();
  }

  /** Starts the emulator; the program finds its key as the SDK finds any. */
  static SageMakerHouse start(SparkSession spark) {
    EmulatorProcess emulator = EmulatorProcess.start("--bucket", BUCKET, "--create-after", "0");
    emulator.s3a().forEach(spark.sparkContext().hadoopConfiguration()::set);
    System.setProperty(KEY, EmulatorProcess.ACCESS_KEY);
    System.setProperty(SECRET, EmulatorProcess.SECRET_KEY);
    return new SageMakerHouse(emulator, true);
  }

  /** Starts another emulator that knows the same key; this JVM's settings stay as they are. */
  static SageMakerHouse beside(String... options) {
    return new SageMakerHouse(EmulatorProcess.start(options), false);
  }

  EmulatorProcess emulator() {
    return emulator;
  }

  /**
   * A catalog of the group readings, whose online store {@code features} is here: version 1.0.0 of
   * a bare file, 1.1.0 of that.
   *
   * @param unavailableAfter how long that store waits for this service
   */
  String catalog(String unavailableAfter) {
    return """
        fs-migrate {
          warehouse = "warehouse"
          run { online-bucket-rows = 30 }
          sagemaker {
            region = us-east-1, endpoint = "%s"
            athena { output-location = "s3://features/results/", unload-location = "s3://features/unload/" }
          }
          online-stores.features {
            type = sagemaker, call-timeout = 2 seconds, unavailable-after = %s
          }
          feature-groups.readings {
            record-identifier = sensor
            event-time = seen
            online-stores = [features]
            versions."1.0.0".features =
              ["sensor: string", "seen: timestamp", "level: int", "note: string"]
            versions."1.1.0".features =
              ["sensor: string", "seen: timestamp", "level: int", "note: string", "deep: boolean"]
          }
          migrations = [
            { group = readings, from = raw, to = "1.0.0"
              steps = [ { cast { name = level, type = int } } ] }
            { group = readings, from = "1.0.0", to = "1.1.0"
              steps = [ { add { name = deep, type = boolean, expression = "level > 200" } } ] }
          ]
        }
        """
        .formatted(emulator.endpoint(), unavailableAfter);
  }

  /**
   * Makes a feature group and waits for it.
   *
   * @param storageType of its online store
   * @param features name and SageMaker type
   */
  void create(String name, String id, String eventTime, String storageType, String... features) {
    start(name, id, eventTime, storageType, features);
    await(name);
  }

  private void await(String name) {
    for (int i = 0; i < 200; i++) {
      if (status(name).equals("Created")) {
        return;
      }
      pause();
    }
    throw new IllegalStateException(name + " is not Created");
  }

  /** Makes a feature group without an offline store. */
  void createWithoutHistory(
      String name, String id, String eventTime, String storageType, String... features) {
    control.createFeatureGroup(
        group(name, id, eventTime, storageType, features)
            .offlineStoreConfig((OfflineStoreConfig) null)
            .build());
    await(name);
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

  /**
   * Asks for a feature group and does not wait.
   *
   * @param features name and SageMaker type
   */
  void start(String name, String id, String eventTime, String storageType, String... features) {
    control.createFeatureGroup(group(name, id, eventTime, storageType, features).build());
  }

  private static CreateFeatureGroupRequest.Builder group(
      String name, String id, String eventTime, String storageType, String... features) {
    List<FeatureDefinition> definitions =
        Stream.of(features)
            .map(f -> f.split(" "))
            .map(f -> FeatureDefinition.builder().featureName(f[0]).featureType(f[1]).build())
            .toList();
    return CreateFeatureGroupRequest.builder()
        .featureGroupName(name)
        .recordIdentifierFeatureName(id)
        .eventTimeFeatureName(eventTime)
        .featureDefinitions(definitions)
        .onlineStoreConfig(o -> o.enableOnlineStore(true).storageType(storageType))
        .offlineStoreConfig(o -> o.s3StorageConfig(s -> s.s3Uri("s3://" + BUCKET + "/offline")))
        .roleArn("arn:aws:iam::123456789012:role/features");
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

  /** Cancels a query of Athena. */
  void stopQuery(String id) {
    athena.stopQueryExecution(r -> r.queryExecutionId(id));
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

  /** The operations that were called since then, in order. */
  List<String> operations() {
    return log("").stream().map(call -> call.get("operation").asText()).toList();
  }

  /** The same calls in order, as the emulator logged them; of all operations for an empty name. */
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
    athena.close();
    emulator.close();
    if (ownsKey) {
      System.clearProperty(KEY);
      System.clearProperty(SECRET);
    }
  }
}
