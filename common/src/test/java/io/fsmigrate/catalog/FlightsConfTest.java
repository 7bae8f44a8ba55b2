package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.feature.ContractRule;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.Migration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example that everybody reads first. */
class FlightsConfTest {
  private static final Path CONF = Path.of("..", "conf", "flights.conf");

  @Test
  void definesTheThreeVersions() {
    Catalog catalog = load(Map.of());

    assertThat(version(catalog, "1.0.0").schema().ddl())
        .isEqualTo(
            "`route` string, `departed_at` timestamp, `origin` string, `destination` string,"
                + " `delay` bigint, `distance` bigint");
    assertThat(version(catalog, "1.1.0").schema().ddl())
        .contains("`delay_minutes` int, `distance` bigint");
    VersionedGroup two = version(catalog, "2.0.0");
    assertThat(two.schema().ddl())
        .isEqualTo(
            "`route` string, `departed_at` timestamp, `origin` string, `destination` string,"
                + " `delay_minutes` int, `distance` bigint, `is_long_haul` boolean, `delay_class`"
                + " string");
    assertThat(two.recordIdentifier()).isEqualTo("route");
    assertThat(two.eventTime()).isEqualTo("departed_at");
    assertThat(two.rules())
        .containsExactly(
            new ContractRule(
                "plausible_delay", "delay_minutes >= -120", Optional.of("delay_minutes")));
    assertThat(two.onlineStores()).containsExactly("online");
    assertThat(version(catalog, "1.0.0").onlineStores()).isEmpty();
  }

  @Test
  void itsMigrationsMakeOneChain() {
    List<Migration> path =
        load(Map.of())
            .migrations()
            .path("flights", FeatureVersion.RAW, new FeatureVersion("2.0.0"))
            .migrations();

    assertThat(path)
        .extracting(Migration::id)
        .containsExactly("flights:raw->1.0.0", "flights:1.0.0->1.1.0", "flights:1.1.0->2.0.0");
    assertThat(path)
        .flatExtracting(m -> ((DeclarativeMigration) m).steps())
        .extracting("class.simpleName")
        .containsExactly("SetTo", "Rename", "Cast", "Rename", "Cast", "Add", "Add");
  }

  @Test
  void everythingGoesBesideTheFileOrWhereTheEnvironmentSays() {
    Path beside = CONF.toAbsolutePath().normalize().getParent().resolve("flights-demo");

    assertThat(load(Map.of()).warehouse()).isEqualTo(beside.resolve("warehouse").toString());
    assertThat(load(Map.of()).onlineStore("online").settings())
        .containsEntry("path", beside.resolve("online.db").toString())
        .doesNotContainKey("table");
    Catalog elsewhere = load(Map.of("FLIGHTS_DIR", "/tmp/x"));
    assertThat(elsewhere.warehouse()).isEqualTo("/tmp/x/warehouse");
    assertThat(elsewhere.onlineStore("online").settings())
        .containsEntry("path", "/tmp/x/online.db");
  }

  private static Catalog load(Map<String, String> env) {
    return CatalogLoader.load(Optional.of(CONF), Map.of(), env);
  }

  private static VersionedGroup version(Catalog catalog, String version) {
    return catalog.version("flights", new FeatureVersion(version));
  }
}
