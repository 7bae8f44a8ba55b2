package io.fsmigrate.online.sagemaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.catalog.ConfigReference;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.SpanOfTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SageMakerStoreSettingsTest {
  private static SageMakerStoreSettings settings(Map<String, String> settings) {
    return SageMakerStoreSettings.of(new OnlineStoreDefinition("online", "sagemaker", settings));
  }

  private static VersionedGroup target(String version) {
    return new VersionedGroup(
        "flights",
        new FeatureVersion(version),
        new FeatureSchema(List.of()),
        "id",
        "at",
        List.of(),
        List.of());
  }

  @Test
  void withoutAnyEverythingHasADefault() {
    SageMakerStoreSettings settings = settings(Map.of());

    assertThat(settings.group(target("1.0.0"))).isEqualTo("flights");
    assertThat(settings.batchWrite()).isTrue();
    assertThat(settings.inPlace()).isTrue();
    assertThat(settings.writesOnline()).isTrue();
    assertThat(settings.writesOffline()).isFalse();
    assertThat(settings.rateLimit()).isEmpty();
    assertThat(settings.timeToLive()).isEmpty();
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.unavailableAfter()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void allOfThemAreRead() {
    SageMakerStoreSettings settings =
        settings(
            Map.of(
                "feature-group", "{group}-v{version}",
                "rate-limit", "500 calls/s",
                "batch-write", "never",
                "target-stores", "online, offline",
                "ttl", "30 days",
                "call-timeout", "1 second",
                "unavailable-after", "3 hours",
                "in-place", "never",
                "endpoint", "http://127.0.0.1:1"));

    assertThat(settings.group(target("1.10.0"))).isEqualTo("flights-v1-10-0");
    assertThat(settings.rateLimit().map(Object::toString)).contains("500 calls/s");
    assertThat(settings.batchWrite()).isFalse();
    assertThat(settings.writesOnline()).isTrue();
    assertThat(settings.writesOffline()).isTrue();
    assertThat(settings.timeToLive()).contains(new SpanOfTime(30, SpanOfTime.Unit.DAY));
    assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.unavailableAfter()).isEqualTo(Duration.ofHours(3));
    assertThat(settings.inPlace()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "rate-limit, fast",
    "batch-write, yes",
    "target-stores, both",
    "ttl, 30",
    "ttl, 0 days",
    "call-timeout, soon",
    "in-place, true",
    "endpoint, ftp://x",
    "endpoint, http://user:secret@host"
  })
  void whatCannotBeUsedIsNamed(String key, String value) {
    FsMigrateException failure =
        catchThrowableOfType(FsMigrateException.class, () -> settings(Map.of(key, value)));

    assertThat(failure.code()).isEqualTo("INVALID_STORE_SETTING");
    assertThat(failure)
        .hasMessageContaining("online store online: cannot use " + key)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void unknownKeysAndNamesAreRefused() {
    assertThat(
            catchThrowableOfType(
                FsMigrateException.class, () -> settings(Map.of("table", "flights"))))
        .satisfies(e -> assertThat(e.code()).isEqualTo("UNKNOWN_STORE_SETTING"))
        .hasMessageContaining("unavailable-after");
    assertThat(
            catchThrowableOfType(
                FsMigrateException.class,
                () -> settings(Map.of("feature-group", "-{group}")).group(target("1.0.0"))))
        .hasMessageContaining("-flights");
    String arn = "arn:aws:sagemaker:us-east-1:123456789012:feature-group/flights";
    assertThat(settings(Map.of("feature-group", arn)).group(target("1.0.0"))).isEqualTo(arn);
  }

  @ParameterizedTest
  @CsvSource({
    "feature-group, {group}",
    "batch-write, auto",
    "target-stores, online",
    "call-timeout, 10 seconds",
    "unavailable-after, 2 minutes",
    "in-place, auto"
  })
  void defaultsAreThoseThatTheReferenceNames(String key, String byDefault) {
    assertThat(ConfigReference.read().keys())
        .filteredOn(k -> k.key().equals("online-stores.<store>." + key))
        .extracting(ConfigReference.Key::defaultValue)
        .containsExactly(byDefault);
    assertThat(settings(Map.of(key, byDefault))).isEqualTo(settings(Map.of()));
  }
}
