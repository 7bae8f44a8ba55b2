package io.fsmigrate.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaMigrationTest {
  @TempDir Path dir;

  @Test
  void takesWhatTheProviderSays() {
    JavaMigration migration = JavaMigration.of(new Upgrade());

    assertThat(migration.id()).isEqualTo("flights:1.0.0->2.0.0");
    assertThat(migration.description()).isEmpty();
    assertThat(migration.function().dropsRows()).isFalse();
    assertThat(migration.checksum()).startsWith("v1:").hasSize(67);
    assertThat(migration.checksum()).isEqualTo(JavaMigration.of(new Upgrade()).checksum());
  }

  @Test
  void theChecksumCoversNestedClasses() throws Exception {
    byte[] outer = bytes(Upgrade.class);
    byte[] nested = bytes(Upgrade.Helper.class);

    String base = checksumOf(outer, nested);
    String changed = checksumOf(outer, replace(nested, "aaaa", "bbbb"));

    assertThat(base).isEqualTo(JavaMigration.of(new Upgrade()).checksum()).isNotEqualTo(changed);
  }

  @Test
  void findsProvidersOnTheClassPath() throws Exception {
    register(Upgrade.class.getName());

    try (URLClassLoader loader = loader()) {
      assertThat(JavaMigrations.discover(loader))
          .extracting(Migration::id)
          .containsExactly("flights:1.0.0->2.0.0");
    }
  }

  @Test
  void namesAProviderThatCannotBeLoaded() throws Exception {
    register("com.example.Missing");

    try (URLClassLoader loader = loader()) {
      assertThatThrownBy(() -> JavaMigrations.discover(loader))
          .hasMessageContaining("com.example.Missing")
          .hasMessageContaining("correct or remove its jar");
    }
  }

  @Test
  void namesAProviderWhoseVersionIsNone() {
    MigrationFunction wrong =
        new Upgrade() {
          @Override
          public String to() {
            return "2";
          }
        };

    assertThatThrownBy(() -> JavaMigration.of(wrong))
        .hasMessageStartingWith(wrong.getClass().getName() + ": 2: not a feature version");
  }

  private String checksumOf(byte[] outer, byte[] nested) throws Exception {
    write(Upgrade.class, outer);
    write(Upgrade.Helper.class, nested);
    try (ChildFirst loader = new ChildFirst(dir.toUri().toURL())) {
      Object function =
          loader.loadClass(Upgrade.class.getName()).getDeclaredConstructor().newInstance();
      return JavaMigration.of((MigrationFunction) function).checksum();
    }
  }

  private void write(Class<?> type, byte[] bytes) throws IOException {
    Path file = dir.resolve(type.getName().replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void register(String provider) throws IOException {
    Path services = Files.createDirectories(dir.resolve("META-INF/services"));
    Files.writeString(services.resolve(MigrationFunction.class.getName()), provider);
  }

  private URLClassLoader loader() throws IOException {
    return new URLClassLoader(
        new URL[] {dir.toUri().toURL()}, JavaMigrationTest.class.getClassLoader());
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    try (InputStream in =
        type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
      return in.readAllBytes();
    }
  }

  private static byte[] replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Loads this test's nested classes from the directory, all others from the parent. */
  private static final class ChildFirst extends URLClassLoader {
    ChildFirst(URL url) {
      super(new URL[] {url}, JavaMigrationTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Upgrade.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }

    @Override
    public URL getResource(String name) {
      URL own = findResource(name);
      return own == null ? super.getResource(name) : own;
    }
  }
}
