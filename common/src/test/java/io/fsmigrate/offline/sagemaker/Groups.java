package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.FeatureGroupDescription;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Definition;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Offline;
import io.fsmigrate.sagemaker.FeatureGroupDescription.Online;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Descriptions of feature groups as the service gives them. */
final class Groups {
  private Groups() {}

  /** {@code visits} with identifier id and event time at. */
  static FeatureGroupDescription visits(
      Optional<Online> online, Optional<Offline> offline, String... features) {
    return new FeatureGroupDescription(
        "visits",
        "arn:aws:sagemaker:eu-west-1:123456789012:feature-group/visits",
        "Created",
        Optional.empty(),
        Optional.empty(),
        "id",
        "at",
        features(features),
        online,
        offline);
  }

  static List<Definition> features(String... features) {
    return Arrays.stream(features)
        .map(f -> f.split(" "))
        .map(
            f ->
                f[1].contains("<")
                    ? new Definition(
                        f[0],
                        f[1].replaceAll(".*<|>", ""),
                        f[1].replaceAll("<.*", ""),
                        f[1].startsWith("Vector") ? 3 : null)
                    : new Definition(f[0], f[1], null, null))
        .toList();
  }

  static Optional<Offline> glue(String location) {
    return Optional.of(
        new Offline(location, "Glue", "AwsDataCatalog", "sagemaker_featurestore", "visits_1"));
  }

  static Optional<Offline> iceberg() {
    return Optional.of(
        new Offline(
            "s3://bucket/data", "Iceberg", "AwsDataCatalog", "sagemaker_featurestore", "visits_1"));
  }

  static Optional<Online> online(String type) {
    return Optional.of(new Online(type, Optional.empty()));
  }

  static SageMakerSettings settings(String... keysAndValues) {
    Map<String, String> settings = new java.util.HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new SageMakerSettings(
        new AwsAccess(null, null, null, null),
        SageMakerSettings.Shape.valueOf(
            settings.getOrDefault("shape", "auto").toUpperCase(Locale.ROOT)),
        SageMakerSettings.Read.valueOf(
            settings.getOrDefault("read", "auto").toUpperCase(Locale.ROOT)),
        "s3a",
        new SageMakerSettings.Athena(
            "primary",
            Optional.ofNullable(settings.get("output-location")),
            Optional.ofNullable(settings.get("unload-location"))),
        new SageMakerSettings.ServiceLimits(10_000, 40_000, 10),
        new SageMakerSettings.Prices(1, 1, 5));
  }
}
