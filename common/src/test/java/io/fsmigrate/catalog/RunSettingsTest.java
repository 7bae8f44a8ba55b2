package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The twin of section {@code run} in reference.conf: a new option must be entered here. */
class RunSettingsTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void recordsTheDefaults() {
    assertThat(CatalogLoader.load(Optional.empty(), Map.of(), Map.of()).settings())
        .isEqualTo(
            new RunSettings(
                100,
                64,
                MaxFailures.parse("1%"),
                128 * MIB,
                16,
                256 * MIB,
                2,
                100_000,
                365,
                5,
                60));
  }

  @Test
  void everyKeyIsOneComponentOfTheRecord() {
    Config reference = ConfigSource.read(Optional.empty(), Map.of(), Map.of());

    assertThat(reference.getObject("fs-migrate.run").keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(RunSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void everyKeyReachesItsOwnComponent() {
    Map<String, String> sets = new HashMap<>();
    sets.put("run.batch-size", "1");
    sets.put("run.max-workers", "2");
    sets.put("run.max-failures", "3");
    sets.put("run.unit-bytes", "4");
    sets.put("run.min-units", "5");
    sets.put("run.group-bytes", "6k");
    sets.put("run.concurrent-groups", "7");
    sets.put("run.online-bucket-rows", "8");
    sets.put("run.table-retention-days", "9");
    sets.put("fs-migrate.run.progress-interval-seconds", "10");
    sets.put("run.lease-seconds", "11");

    assertThat(CatalogLoader.load(Optional.empty(), sets, Map.of()).settings())
        .isEqualTo(new RunSettings(1, 2, MaxFailures.parse("3"), 4, 5, 6 * 1024, 7, 8, 9, 10, 11));
  }
}
