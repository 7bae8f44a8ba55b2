package io.fsmigrate.migration;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** A jar with migrations as a user builds one: compiled from sources, loaded by its own loader. */
public final class ProviderJar {
  private final Path directory;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private Instant time = Instant.parse("2026-01-01T00:00:00Z");
  private boolean reversed;

  /**
   * @param directory where sources, classes and jar go; must be new or empty
   */
  public ProviderJar(Path directory) {
    this.directory = directory;
  }

  /** The source of a provider of {@code group} in the package {@code user}. */
  public static String provider(String name, String group, String apply) {
    return """
        package user;
        public class %s implements io.fsmigrate.migration.MigrationFunction {
          public String group() { return "%s"; }
          public String from() { return "1.0.0"; }
          public String to() { return "2.0.0"; }
          public boolean rowLocal() { return true; }
          public org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> apply(
              org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> source) {
            %s
          }
        }
        """
        .formatted(name, group, apply);
  }

  /** Compiles classes of the package {@code user}, by simple name. */
  public ProviderJar classes(Map<String, String> sources) {
    try {
      Path in = Files.createDirectories(directory.resolve("sources/user"));
      Path out = Files.createDirectories(directory.resolve("classes"));
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "-d",
                  out.toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-proc:none"));
      for (Map.Entry<String, String> source : sources.entrySet()) {
        arguments.add(
            Files.writeString(in.resolve(source.getKey() + ".java"), source.getValue()).toString());
      }
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      if (result != 0) {
        throw new AssertionError("The sources do not compile");
      }
      try (Stream<Path> compiled = Files.walk(out)) {
        for (Path file : compiled.filter(Files::isRegularFile).sorted().toList()) {
          files.put(out.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Names providers of the package {@code user} in {@code META-INF/services}. */
  public ProviderJar services(String... names) {
    return file(
        "META-INF/services/" + MigrationFunction.class.getName(),
        String.join("\n", Stream.of(names).map(name -> "user." + name).toList()));
  }

  public ProviderJar file(String name, String content) {
    files.put(name, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Changes a file that is there, or takes it out where the change gives null. */
  public ProviderJar change(String name, UnaryOperator<byte[]> change) {
    files.computeIfPresent(name, (key, bytes) -> change.apply(bytes.clone()));
    return this;
  }

  /** As another build of the same sources would leave it: other times, another order. */
  public ProviderJar builtAgain() {
    time = time.plusSeconds(86_400);
    reversed = !reversed;
    return this;
  }

  /** Writes the jar. */
  public Path write(String name) {
    Path jar = directory.resolve(name);
    List<String> names = new ArrayList<>(files.keySet());
    if (reversed) {
      Collections.reverse(names);
    }
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String file : names) {
        zip.putNextEntry(new ZipEntry(file).setLastModifiedTime(FileTime.from(time)));
        zip.write(files.get(file));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jar;
  }

  /** A class loader over jars, as {@code --jars} makes one. */
  public static URLClassLoader loader(Path... jars) {
    return new URLClassLoader(
        Stream.of(jars).map(ProviderJar::url).toArray(URL[]::new),
        ProviderJar.class.getClassLoader());
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
