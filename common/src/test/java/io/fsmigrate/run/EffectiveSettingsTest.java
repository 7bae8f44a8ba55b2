package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.catalog.CatalogLoader;
import io.fsmigrate.catalog.MaxFailures;
import io.fsmigrate.catalog.RunSettings;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EffectiveSettingsTest {
  private final RunSettings defaults =
      CatalogLoader.load(Optional.empty(), Map.of("warehouse", "/w"), Map.of()).settings();

  @Test
  void keysAreThoseOfTheConfigurationAndTheCommandLineCountsMore() {
    RunReport.Settings settings =
        EffectiveSettings.of(defaults, new RunOptions(7, 8, MaxFailures.parse("2.5 %")), List.of());

    assertThat(settings.run())
        .containsEntry("batch-size", "7")
        .containsEntry("max-workers", "8")
        .containsEntry("max-failures", "2.5%")
        .containsEntry("online-bucket-rows", Long.toString(defaults.onlineBucketRows()))
        .hasSize(RunSettings.class.getRecordComponents().length);
  }

  @Test
  void secretsOfStoresAreMasked() {
    OnlineStoreDefinition store =
        new OnlineStoreDefinition(
            "features",
            "postgresql",
            Map.of(
                "url", "jdbc:postgresql://me:hidden1@db/features?password=hidden2&x=1",
                "password", "hidden3",
                "batch", "5"));

    RunReport.Settings settings =
        EffectiveSettings.of(defaults, RunOptions.of(defaults), List.of(store));

    assertThat(settings.stores().get("features"))
        .containsEntry("type", "postgresql")
        .containsEntry("batch", "5")
        .containsEntry("password", "***")
        .containsEntry("url", "jdbc:postgresql://***@db/features?password=***&x=1");
    assertThat(settings.toString()).doesNotContain("hidden");
  }
}
