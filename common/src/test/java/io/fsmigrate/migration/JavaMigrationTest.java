package io.fsmigrate.migration;

import static io.fsmigrate.migration.ProviderJar.loader;
import static io.fsmigrate.migration.ProviderJar.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations in jars that are compiled here, each loaded by a class loader of its own. */
class JavaMigrationTest {
  private static final String RENAMES =
      provider("Upgrade", "flights", "return source.withColumnRenamed(\"delay\", Names.target());");
  private static final String NAMES =
      "package user; final class Names { static String target() { return \"aaaa\"; } }";

  @TempDir Path dir;

  @Test
  void takesWhatTheProviderSays() throws Exception {
    JavaMigration migration = only(upgrade("a").write("my migrations.jar"));

    assertThat(migration.id()).isEqualTo("flights:1.0.0->2.0.0");
    assertThat(migration.description()).isEmpty();
    assertThat(migration.function().dropsRows()).isFalse();
    assertThat(migration.origin()).isEqualTo("user.Upgrade");
    assertThat(migration.checksum()).startsWith("v1:").hasSize(67);
    assertThat(migration.code().classes()).containsExactly("user.Names", "user.Upgrade");
  }

  @Test
  void theChecksumIsThatOfWhatIsInTheJar() throws Exception {
    String checksum = only(upgrade("a").write("a.jar")).checksum();

    assertThat(only(upgrade("b").builtAgain().write("other name.jar")).checksum())
        .isEqualTo(checksum);
    assertThat(
            List.of(
                only(upgrade("c", NAMES.replace("aaaa", "bbbb")).write("c.jar")).checksum(),
                only(upgrade("d").file("table.csv", "1,3").write("d.jar")).checksum(),
                only(upgrade("e").file("table.csv", "1,2").file("t2", "").write("e.jar"))
                    .checksum()))
        .doesNotHaveDuplicates()
        .doesNotContain(checksum);
  }

  @Test
  void twoMigrationsOfOneJarHaveChecksumsOfTheirOwn() throws Exception {
    Path jar =
        new ProviderJar(Files.createDirectory(dir.resolve("two")))
            .classes(
                Map.of(
                    "One",
                    provider("One", "flights", "return source;"),
                    "Two",
                    provider("Two", "hotels", "return source;")))
            .services("One", "Two")
            .write("two.jar");

    assertThat(discovered(jar)).extracting(Migration::checksum).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aDirectoryOfClassesIsAsGoodAsAJar() throws Exception {
    upgrade("a");
    Path classes = dir.resolve("a/classes");
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(MigrationFunction.class.getName()), "user.Upgrade");
    String checksum = only(classes).checksum();

    assertThat(only(classes).checksum()).isEqualTo(checksum);
    Files.writeString(classes.resolve("table.csv"), "1,2");
    assertThat(only(classes).checksum()).isNotEqualTo(checksum);
  }

  @Test
  void aProviderThatIsNotThereIsNamed() throws Exception {
    assertThat(refused(upgrade("a").services("Missing").write("a.jar")))
        .hasMessage(
            "META-INF/services/io.fsmigrate.migration.MigrationFunction:"
                + " Provider user.Missing not found; correct or remove the jar");
  }

  @Test
  void aConstructorThatThrowsIsNamedWithItsReason() throws Exception {
    String source =
        provider("Upgrade", "flights", "return source;")
            .replace(
                "public String group()",
                "public Upgrade() { throw new IllegalStateException(\"no\\nluck\"); }"
                    + " public String group()");

    assertThat(refused(upgrade("a", NAMES, source).write("a.jar")))
        .hasMessageContaining("Provider user.Upgrade could not be instantiated")
        .hasMessageContaining("(IllegalStateException: no)");
  }

  @Test
  void aClassThatTheProviderLacksIsNamed() throws Exception {
    String source =
        provider("Upgrade", "flights", "return source;")
            .replace("public class Upgrade", "public class Upgrade extends Base");
    ProviderJar jar =
        new ProviderJar(Files.createDirectory(dir.resolve("a")))
            .classes(Map.of("Upgrade", source, "Base", "package user; public class Base {}"))
            .services("Upgrade")
            .change("user/Base.class", bytes -> null);

    assertThat(refused(jar.write("a.jar")))
        .hasMessageContaining("user/Base")
        .hasMessageContaining("NoClassDefFoundError");
  }

  @Test
  void aClassOfANewerJavaIsNamed() throws Exception {
    ProviderJar jar =
        upgrade("a")
            .change(
                "user/Upgrade.class",
                bytes -> {
                  // Bytes 6 and 7 of a class file are its major version, 44 more than Java's.
                  bytes[7] = (byte) (Runtime.version().feature() + 44 + 1);
                  return bytes;
                });

    assertThat(refused(jar.write("a.jar")))
        .hasMessageContaining("user/Upgrade has been compiled by a more recent version");
  }

  @Test
  void aProviderThatCannotSayWhatItIsIsNamed() throws Exception {
    String source = provider("Upgrade", "flights", "return source;");

    assertThat(refused(upgrade("a", NAMES, source.replace("\"2.0.0\"", "\"2\"")).write("a.jar")))
        .hasMessageStartingWith("user.Upgrade: 2: not a feature version");
    assertThat(refused(upgrade("b", NAMES, source.replace("\"2.0.0\"", "null")).write("b.jar")))
        .hasMessageContaining("user.Upgrade: IllegalArgumentException: to() gives null");
    assertThat(
            refused(
                upgrade("c", NAMES, source.replace("\"flights\"", "Names.class.getName() + 1 / 0"))
                    .write("c.jar")))
        .hasMessageContaining("user.Upgrade: ArithmeticException: / by zero");
  }

  @Test
  void twoProvidersOfTheSameMigrationAreBothNamed() throws Exception {
    Path jar =
        new ProviderJar(Files.createDirectory(dir.resolve("two")))
            .classes(
                Map.of(
                    "One",
                    provider("One", "flights", "return source;"),
                    "Two",
                    provider("Two", "flights", "return source;")))
            .services("One", "Two")
            .write("two.jar");
    List<Migration> both = discovered(jar);

    assertThatThrownBy(() -> new MigrationRegistry(both))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("DUPLICATE_MIGRATION"))
        .hasMessageStartingWith("flights:1.0.0->2.0.0")
        .hasMessageContaining("user.One")
        .hasMessageContaining("user.Two");
  }

  private ProviderJar upgrade(String name) throws IOException {
    return upgrade(name, NAMES);
  }

  private ProviderJar upgrade(String name, String names) throws IOException {
    return upgrade(name, names, RENAMES);
  }

  private ProviderJar upgrade(String name, String names, String upgrade) throws IOException {
    return new ProviderJar(Files.createDirectory(dir.resolve(name)))
        .classes(Map.of("Names", names, "Upgrade", upgrade))
        .services("Upgrade")
        .file("table.csv", "1,2");
  }

  private static JavaMigration only(Path jar) throws IOException {
    assertThat(discovered(jar)).hasSize(1);
    return (JavaMigration) discovered(jar).get(0);
  }

  private static List<Migration> discovered(Path jar) throws IOException {
    try (URLClassLoader loader = loader(jar)) {
      return JavaMigrations.discover(loader);
    }
  }

  private static FsMigrateException refused(Path jar) throws IOException {
    try (URLClassLoader loader = loader(jar)) {
      FsMigrateException refused =
          catchThrowableOfType(FsMigrateException.class, () -> JavaMigrations.discover(loader));
      assertThat(refused).isNotNull();
      assertThat(refused.code()).isEqualTo("INVALID_MIGRATION_PROVIDER");
      assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.getMessage().lines()).hasSizeLessThanOrEqualTo(3);
      return refused;
    }
  }
}
