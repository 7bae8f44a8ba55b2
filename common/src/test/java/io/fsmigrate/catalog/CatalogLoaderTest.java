package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.ProviderJar;
import io.fsmigrate.migration.SqlMigration;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogLoaderTest {
  private static final String GROUP =
      """
      feature-groups.g {
        record-identifier = id
        event-time = at
        versions."1.0.0".features = ["ID: string", "at: timestamp"]
        versions."1.1.0" {
          features = ["id: int64", "day: date", { name = x, type = float64, description = d }]
          event-time = day
          online-stores = [o]
        }
      }
      online-stores.o { type = redis, host = h, pool { size = 3 } }
      """;

  @TempDir Path dir;

  @Test
  void bindsGroupsAndStores() throws IOException {
    Catalog catalog = load(GROUP);

    assertThat(catalog.version("g", v("1.0.0")).recordIdentifier()).isEqualTo("ID");
    assertThat(catalog.version("g", v("1.0.0")).onlineStores()).isEmpty();
    assertThat(catalog.version("g", v("1.1.0")).eventTime()).isEqualTo("day");
    assertThat(catalog.version("g", v("1.1.0")).onlineStores()).containsExactly("o");
    assertThat(catalog.version("g", v("1.1.0")).schema().ddl())
        .isEqualTo("`id` bigint, `day` date, `x` double");
    assertThat(catalog.onlineStore("o").type()).isEqualTo("redis");
    assertThat(catalog.onlineStore("o").settings())
        .containsExactlyInAnyOrderEntriesOf(Map.of("host", "h", "pool.size", "3"));
  }

  @Test
  void namesAreLookedUpWithAListOfWhatIsThere() throws IOException {
    Catalog catalog = load(GROUP.replace("groups.g ", "groups.flights "));

    assertThatThrownBy(() -> catalog.group("flihgts"))
        .hasMessage(
            "flihgts: unknown feature group; did you mean flights?\nFeature groups: flights");
    assertThatThrownBy(() -> catalog.version("flights", v("1.2.0")))
        .hasMessageContaining("flights@1.2.0: unknown feature version")
        .hasMessageContaining("Versions of flights: 1.0.0, 1.1.0");
    assertThatThrownBy(() -> catalog.onlineStore("oo"))
        .hasMessageContaining("oo: unknown online store; did you mean o?");
  }

  @Test
  void setBeatsTheFileAndTheFileBeatsTheDefaults() throws IOException {
    String text = "run { batch-size = 7, min-units = 3 }\nwarehouse = ${?W}";
    Catalog catalog =
        CatalogLoader.load(
            Optional.of(write(text)),
            Map.of("run.batch-size", "9", "fs-migrate.online-stores.o", "{ type = x }"),
            Map.of("W", "s3a://bucket/w"));

    assertThat(catalog.settings().batchSize()).isEqualTo(9);
    assertThat(catalog.settings().minUnits()).isEqualTo(3);
    assertThat(catalog.settings().maxWorkers()).isEqualTo(64);
    assertThat(catalog.warehouse()).isEqualTo("s3a://bucket/w");
    assertThat(catalog.onlineStores()).containsOnlyKeys("o");
  }

  @Test
  void relativePathsCountFromTheFileThatHoldsThem() throws IOException {
    Path file = write("include \"sub/stores.conf\"\n  warehouse = \"w\"\n  " + sql("sub/../q.sql"));
    Files.createDirectories(dir.resolve("sub"));
    Files.writeString(
        dir.resolve("sub/stores.conf"), "online-stores.o { type = sqlite, path = o.db }");
    Files.writeString(dir.resolve("q.sql"), "SELECT * FROM source\r\n");
    Catalog catalog = CatalogLoader.load(Optional.of(file), Map.of(), Map.of());

    assertThat(catalog.warehouse()).isEqualTo(dir.resolve("w").toString());
    assertThat(catalog.onlineStore("o").settings())
        .containsEntry("path", dir.resolve("sub/o.db").toString());
    Migration migration = catalog.migrations().migrations("g").get(0);
    assertThat(migration).isInstanceOf(SqlMigration.class);
    assertThat(((SqlMigration) migration).sql()).isEqualTo("SELECT * FROM source\n");
    assertThat(((SqlMigration) migration).origin()).isEqualTo("q.sql");
  }

  @Test
  void pathsFromSetCountFromTheWorkingDirectoryAndDefaultsFromTheFile() throws IOException {
    Path file = write("");
    Path here = Path.of("").toAbsolutePath();

    assertThat(
            CatalogLoader.load(Optional.of(file), Map.of("warehouse", "w"), Map.of()).warehouse())
        .isEqualTo(here.resolve("w").toString());
    assertThat(CatalogLoader.load(Optional.of(file), Map.of(), Map.of()).warehouse())
        .isEqualTo(dir.resolve("warehouse").toString());
    assertThat(CatalogLoader.load(Optional.empty(), Map.of(), Map.of()).warehouse())
        .isEqualTo(here.resolve("warehouse").toString());
  }

  @Test
  void layoutCommentsAndOrderOfKeysDoNotChangeAChecksum() throws IOException {
    String migration =
        "migrations = [{ group = g, from = raw, to = \"1.0.0\", description = a, steps = [{ rename"
            + " { from = a, to = id } }, { add { name = at, type = timestamp, expression ="
            + " \"now()\" } }] }]";
    String same =
        """
        migrations = [{
          # the same
          steps = [
            { rename = { to : id, "from" : a } }
            { add.expression = "now()", add.type = TIMESTAMP, add.name = at }
          ]
          to = 1.0.0, from = "raw", group = "g"
        }]
        """;

    assertThat(checksum(same)).isEqualTo(checksum(migration));
    assertThat(checksum(same.replace("now()", "now() "))).isEqualTo(checksum(migration));
    assertThat(checksum(same.replace("to : id", "to : idx"))).isNotEqualTo(checksum(migration));
  }

  @Test
  void thePlaceOfAFileWrittenAsItsUserWroteIt() throws IOException {
    Path file = write("run {\n batch-size = many\n}");
    Path relative = Path.of("").toAbsolutePath().relativize(file);

    assertThatThrownBy(() -> CatalogLoader.load(Optional.of(relative), Map.of(), Map.of()))
        .hasMessage(
            relative + ":3: fs-migrate.run.batch-size: must be a whole number, found string many");
  }

  @Test
  void migrationsOfTheContextClassLoaderAreRegisteredForGroupsThatThereAre() throws Exception {
    Path jar =
        new ProviderJar(Files.createDirectory(dir.resolve("jar")))
            .classes(
                Map.of(
                    "Mine", ProviderJar.provider("Mine", "g", "return source;"),
                    "Other", ProviderJar.provider("Other", "h", "return source;")))
            .services("Mine", "Other")
            .write("m.jar");
    String inside =
        GROUP + "feature-groups.g.versions.\"2.0.0\".features = [\"id: string\", \"at: date\"]";

    assertThat(loadWith(jar, inside).migrations().migrations())
        .extracting(Migration::origin)
        .containsExactly("user.Mine");
    assertThatThrownBy(
            () ->
                loadWith(
                    jar,
                    inside
                        + "\nmigrations = [{ group = g, from = 1.0.0, to = 2.0.0, steps = [{ drop = x }] }]"))
        .hasMessageContaining("fs-migrate.migrations: g:1.0.0->2.0.0")
        .hasMessageContaining("by steps in the configuration and by user.Mine");
  }

  @Test
  void aBrokenProviderIsNotBlamedOnTheConfiguration() throws Exception {
    Path jar =
        new ProviderJar(Files.createDirectory(dir.resolve("jar"))).services("Gone").write("m.jar");

    assertThatThrownBy(() -> loadWith(jar, GROUP))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> assertThat(e.code()).isEqualTo("INVALID_MIGRATION_PROVIDER"))
        .hasMessageStartingWith("META-INF/services/")
        .hasMessageContaining("user.Gone");
  }

  private Catalog loadWith(Path jar, String inside) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = ProviderJar.loader(jar)) {
      thread.setContextClassLoader(loader);
      return load(inside);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private String checksum(String migrations) throws IOException {
    return load(GROUP + migrations).migrations().migrations().get(0).checksum();
  }

  private static String sql(String file) {
    return GROUP.replace("o { type = redis", "p { type = redis")
        + "migrations = [{ group = g, from = \"1.0.0\", to = \"1.1.0\", sql-file = \"%s\" }]"
            .formatted(file);
  }

  private Catalog load(String inside) throws IOException {
    return CatalogLoader.load(Optional.of(write(inside)), Map.of(), Map.of());
  }

  private Path write(String inside) throws IOException {
    return Files.writeString(dir.resolve("x.conf"), "fs-migrate {\n" + inside + "\n}\n");
  }

  private static FeatureVersion v(String text) {
    return new FeatureVersion(text);
  }
}
