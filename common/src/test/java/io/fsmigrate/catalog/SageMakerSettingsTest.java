package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.sagemaker.AwsAccess;
import io.fsmigrate.sagemaker.SageMakerSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The twin of section {@code sagemaker} in reference.conf: a new option must be entered here. */
class SageMakerSettingsTest {
  private static Catalog load(Map<String, String> sets) {
    return CatalogLoader.load(Optional.empty(), sets, Map.of());
  }

  @Test
  void recordsTheDefaults() {
    assertThat(load(Map.of()).sageMaker())
        .isEqualTo(
            new SageMakerSettings(
                new AwsAccess(null, null, null, null),
                SageMakerSettings.Shape.AUTO,
                SageMakerSettings.Read.AUTO,
                "s3a",
                new SageMakerSettings.Athena("primary", Optional.empty(), Optional.empty()),
                new SageMakerSettings.ServiceLimits(10_000, 40_000, 10),
                new SageMakerSettings.Prices(1.25, 0.25, 5)));
  }

  @Test
  void everyKeyReachesItsOwnComponent() {
    Map<String, String> sets = new HashMap<>();
    sets.put("sagemaker.region", "eu-west-1");
    sets.put("sagemaker.endpoint", "http://localhost:1");
    sets.put("sagemaker.profile", "p");
    sets.put("sagemaker.role-arn", "arn:aws:iam::1:role/r");
    sets.put("sagemaker.shape", "hybrid");
    sets.put("sagemaker.read", "unload");
    sets.put("sagemaker.s3-scheme", "s3");
    sets.put("sagemaker.athena.work-group", "w");
    sets.put("sagemaker.athena.output-location", "s3://b/o/");
    sets.put("sagemaker.athena.unload-location", "s3://b/u/");
    sets.put("sagemaker.limits.calls-per-second", "1");
    sets.put("sagemaker.limits.write-units-per-second", "2");
    sets.put("sagemaker.limits.call-millis", "3.5");
    sets.put("sagemaker.prices.million-write-units", "4");
    sets.put("sagemaker.prices.million-read-units", "5.25");
    sets.put("sagemaker.prices.scanned-tebibyte", "6");

    assertThat(load(sets).sageMaker())
        .isEqualTo(
            new SageMakerSettings(
                new AwsAccess("eu-west-1", "http://localhost:1", "p", "arn:aws:iam::1:role/r"),
                SageMakerSettings.Shape.HYBRID,
                SageMakerSettings.Read.UNLOAD,
                "s3",
                new SageMakerSettings.Athena(
                    "w", Optional.of("s3://b/o/"), Optional.of("s3://b/u")),
                new SageMakerSettings.ServiceLimits(1, 2, 3.5),
                new SageMakerSettings.Prices(4, 5.25, 6)));
  }

  @Test
  void placesInS3AreReachedUnderTheSchemeOfTheFileSystem() {
    assertThat(load(Map.of()).sageMaker().path("s3://b/k")).isEqualTo("s3a://b/k");
    assertThat(load(Map.of("sagemaker.s3-scheme", "s3")).sageMaker().path("s3://b/k"))
        .isEqualTo("s3://b/k");
    assertThat(load(Map.of()).sageMaker().path("hdfs://b/k")).isEqualTo("hdfs://b/k");
  }

  @Test
  void storesOfTheTypeTakeTheAccountUnlessTheyNameAnother() {
    Map<String, String> sets = new HashMap<>();
    sets.put("sagemaker.region", "eu-west-1");
    sets.put("sagemaker.profile", "p");
    sets.put("online-stores.a.type", "sagemaker");
    sets.put("online-stores.a.region", "us-east-1");
    sets.put("online-stores.b.type", "sqlite");
    sets.put("online-stores.b.path", "/b.db");

    Catalog catalog = load(sets);

    assertThat(catalog.onlineStore("a").settings())
        .isEqualTo(Map.of("region", "us-east-1", "profile", "p"));
    assertThat(catalog.onlineStore("b").settings()).isEqualTo(Map.of("path", "/b.db"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sagemaker.shape | both | must be one of auto, offline, online, hybrid",
        "sagemaker.read | athena | must be one of auto, direct, unload",
        "sagemaker.s3-scheme | s3:// | must be a scheme such as s3a or s3",
        "sagemaker.athena.unload-location | s3a://b/u | must be of the form s3://BUCKET/PREFIX",
        "sagemaker.prices.scanned-tebibyte | five | must be a number, 0 or more",
        "sagemaker.regoin | x | unknown key; did you mean region?"
      })
  void whatIsWrongIsToldWithItsKey(String key, String value, String message) {
    assertThatThrownBy(() -> load(Map.of(key, value)))
        .isInstanceOf(FsMigrateException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(message);
  }
}
