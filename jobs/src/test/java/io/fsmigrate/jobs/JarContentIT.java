package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may be in the jar that is put beside any Spark without a clash of class names. */
class JarContentIT {
  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(System.getProperty("fsmigrate.jar"));
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void everyClassIsOursRelocatedOrBoundToANativeLibrary() {
    assertThat(names())
        .filteredOn(name -> name.endsWith(".class"))
        .hasSizeGreaterThan(100)
        .allMatch(
            name ->
                name.startsWith("io/fsmigrate/")
                    || name.startsWith("org/sqlite/")
                    || name.startsWith("software/amazon/awssdk/crt/"));
  }

  @Test
  void whatWeBundleIsRelocated() {
    assertThat(names())
        .contains(
            "io/fsmigrate/jobs/FsMigrate.class",
            "io/fsmigrate/error/FsMigrateException.class",
            "io/fsmigrate/shaded/io/delta/kernel/Table.class",
            "io/fsmigrate/shaded/io/delta/kernel/defaults/engine/DefaultEngine.class",
            "io/fsmigrate/shaded/io/delta/storage/LogStore.class",
            "io/fsmigrate/shaded/com/typesafe/config/ConfigFactory.class",
            "io/fsmigrate/shaded/com/fasterxml/jackson/databind/ObjectMapper.class",
            "io/fsmigrate/shaded/picocli/CommandLine.class",
            "io/fsmigrate/shaded/me/tongfei/progressbar/ProgressBar.class",
            "io/fsmigrate/shaded/software/amazon/awssdk/services/sagemaker/SageMakerClient.class",
            "io/fsmigrate/shaded/software/amazon/awssdk/services/dynamodb/DynamoDbAsyncClient.class",
            "io/fsmigrate/shaded/software/amazon/awssdk/http/crt/AwsCrtAsyncHttpClient.class",
            "io/fsmigrate/shaded/org/reactivestreams/Publisher.class",
            "io/fsmigrate/shaded/redis/clients/jedis/Connection.class",
            "io/fsmigrate/online/redis/guard.lua",
            "io/fsmigrate/shaded/org/postgresql/Driver.class",
            "software/amazon/awssdk/crt/CRT.class",
            "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
            "org/sqlite/native/Mac/aarch64/libsqlitejdbc.dylib");
  }

  @Test
  void noSignatureAndNoModuleOfAnotherJarIsLeft() {
    assertThat(names())
        .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"))
        .noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void servicesNameClassesThatAreInTheJar() throws IOException {
    assertThat(text("META-INF/services/java.sql.Driver"))
        .isEqualToIgnoringWhitespace("org.sqlite.JDBC");
    List<String> services =
        names().stream().filter(name -> name.matches("META-INF/services/[^/]+")).toList();

    assertThat(services).isNotEmpty();
    for (String service : services) {
      assertThat(text(service).lines().map(String::strip))
          .filteredOn(line -> !line.isEmpty() && !line.startsWith("#"))
          .as(service)
          .allSatisfy(line -> assertThat(names()).contains(line.replace('.', '/') + ".class"));
    }
  }

  @Test
  void theTerminalOfTheProgressBarIsFoundUnderItsNewName() throws IOException {
    String provider = text("META-INF/services/org/jline/terminal/provider/exec");

    assertThat(provider).startsWith("class = io.fsmigrate.shaded.org.jline.");
    assertThat(names())
        .contains(provider.substring("class = ".length()).strip().replace('.', '/') + ".class");
  }

  @Test
  void theManifestNamesTheProgram() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
        .isEqualTo(FsMigrate.class.getName());
  }

  @Test
  void licencesAreKept() {
    assertThat(names())
        .contains(
            "META-INF/LICENSE", "META-INF/NOTICE", "META-INF/maven/org.xerial/sqlite-jdbc/LICENSE");
  }

  private List<String> names() {
    return jar.stream().map(JarEntry::getName).toList();
  }

  private String text(String name) throws IOException {
    ZipEntry entry = Objects.requireNonNull(jar.getEntry(name), name);
    try (InputStream in = jar.getInputStream(entry)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
