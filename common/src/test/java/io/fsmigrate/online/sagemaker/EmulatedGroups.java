package io.fsmigrate.online.sagemaker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.AwsClients;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.FeatureGroups;
import io.fsmigrate.testkit.EmulatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;

/** One emulator for all tests of a JVM, with feature groups and what is said of its calls. */
public final class EmulatedGroups {
  /** A secret of a profile that is not accepted; must never be seen anywhere. */
  static final String WRONG_SECRET = "wrong-secret-that-must-not-be-shown";

  /** The token of the session profile; must never be seen anywhere. */
  static final String SESSION_TOKEN = "session-token-that-must-not-be-shown";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final EmulatedGroups SHARED = new EmulatedGroups();

  private final EmulatorProcess emulator;

  private EmulatedGroups() {
    emulator =
        EmulatorProcess.start(
            "--create-after", "50", "--session", "session-key:session-secret:" + SESSION_TOKEN);
    try {
      Path profiles = Files.createTempFile("fs-migrate-profiles", ".ini");
      profiles.toFile().deleteOnExit();
      Files.writeString(
          profiles,
          """
          [good]
          aws_access_key_id = %s
          aws_secret_access_key = %s
          [wrong]
          aws_access_key_id = %s
          aws_secret_access_key = %s
          [session]
          aws_access_key_id = session-key
          aws_secret_access_key = session-secret
          aws_session_token = %s
          """
              .formatted(
                  EmulatorProcess.ACCESS_KEY,
                  EmulatorProcess.SECRET_KEY,
                  EmulatorProcess.ACCESS_KEY,
                  WRONG_SECRET,
                  SESSION_TOKEN));
      System.setProperty("aws.sharedCredentialsFile", profiles.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The emulator without groups, faults or calls. */
  public static EmulatedGroups fresh() {
    SHARED.emulator.reset();
    SHARED.emulator.admin("PUT", "calls", "{\"identifiers\":true}");
    return SHARED;
  }

  public EmulatorProcess emulator() {
    return emulator;
  }

  public AwsAccess access() {
    return new AwsAccess("us-east-1", emulator.endpoint().toString(), "good", null);
  }

  /** A store with the right credentials and these settings as well: key, value, ... */
  public SageMakerOnlineStore store(String... settings) {
    return SageMakerOnlineStore.of(definition(settings));
  }

  public OnlineStoreDefinition definition(String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("region", "us-east-1");
    all.put("endpoint", emulator.endpoint().toString());
    all.put("profile", "good");
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new OnlineStoreDefinition("online", "sagemaker", all);
  }

  /** The group that a target fits into, with the types that the target's lead to. */
  public void create(VersionedGroup target, String storage) {
    create(target.group(), target, storage, Map.of());
  }

  /**
   * The same with another name.
   *
   * @param types of features that are to have others, by name
   */
  public void create(
      String name, VersionedGroup target, String storage, Map<String, String> types) {
    List<FeatureDefinition> definitions = new ArrayList<>();
    for (Feature feature : target.schema().features()) {
      boolean collection =
          storage.equals("InMemory") && feature.type().sageMaker().collection().isPresent();
      String derived =
          feature.type().sageMaker().collection().isPresent() && !collection
              ? "String"
              : feature.type().sageMaker().kind().text();
      definitions.add(
          FeatureDefinition.builder()
              .featureName(feature.name())
              .featureType(types.getOrDefault(feature.name(), derived))
              .collectionType(collection ? "List" : null)
              .build());
    }
    create(name, target.recordIdentifier(), target.eventTime(), storage, definitions);
  }

  public void create(
      String name,
      String id,
      String eventTime,
      String storage,
      List<FeatureDefinition> definitions) {
    try (AwsClients clients = new AwsClients(access());
        SageMakerClient client = clients.sageMaker()) {
      client.createFeatureGroup(
          r ->
              r.featureGroupName(name)
                  .recordIdentifierFeatureName(id)
                  .eventTimeFeatureName(eventTime)
                  .featureDefinitions(definitions)
                  .roleArn("arn:aws:iam::123456789012:role/feature-store")
                  .onlineStoreConfig(o -> o.enableOnlineStore(true).storageType(storage)));
      while (client.describeFeatureGroup(r -> r.featureGroupName(name)).featureGroupStatus()
          == FeatureGroupStatus.CREATING) {
        sleep(20);
      }
    }
  }

  public List<Definition> features(String group) {
    try (AwsClients clients = new AwsClients(access());
        FeatureGroups groups = new FeatureGroups(access(), clients)) {
      return groups.describe(group).features();
    }
  }

  /** The calls of that operation, oldest first. */
  public List<JsonNode> calls(String operation) {
    List<JsonNode> calls = new ArrayList<>();
    json(emulator.admin("GET", "calls?limit=1000000&operation=" + operation, ""))
        .get("calls")
        .forEach(calls::add);
    return calls;
  }

  public JsonNode stats() {
    return json(emulator.admin("GET", "stats", ""));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
