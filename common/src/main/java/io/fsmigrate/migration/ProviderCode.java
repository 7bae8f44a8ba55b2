package io.fsmigrate.migration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a migration in Java is made of: everything in the jar, or the directory, that its class
 * comes from.
 *
 * <p>The whole jar counts and not the classes that the migration refers to: what it loads by name,
 * and the tables it reads as resources, decide its result as well, and no reference leads there.
 * The order and the times of the files in the jar do not count, so that building the same sources
 * again gives the same hash. Other jars are not seen.
 *
 * @param hash over the name and the bytes of every file
 * @param classes the names of the classes among the files
 */
public record ProviderCode(String hash, SortedSet<String> classes) {
  private static final String CLASS_FILE = ".class";

  /** Takes a copy. */
  public ProviderCode {
    classes = Collections.unmodifiableSortedSet(new TreeSet<>(classes));
  }

  /** The jar or directory that a class comes from. */
  static Path location(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null
        || source.getLocation() == null
        || !source.getLocation().getProtocol().equals("file")) {
      throw MigrationErrors.noCode(type.getName(), null);
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw MigrationErrors.noCode(type.getName(), e);
    }
  }

  /** Reads a jar or a directory of classes. */
  static ProviderCode read(Path location) {
    try {
      return of(Files.isDirectory(location) ? filesOf(location) : entriesOf(location));
    } catch (IOException e) {
      throw MigrationErrors.noCode(location.toString(), e);
    }
  }

  private static ProviderCode of(SortedMap<String, byte[]> files) {
    Checksum checksum = new Checksum("code");
    SortedSet<String> classes = new TreeSet<>();
    files.forEach(
        (name, bytes) -> {
          checksum.add("file", name).add("bytes", bytes);
          if (name.endsWith(CLASS_FILE)) {
            classes.add(name.substring(0, name.length() - CLASS_FILE.length()).replace('/', '.'));
          }
        });
    return new ProviderCode(checksum.text(), classes);
  }

  private static SortedMap<String, byte[]> entriesOf(Path jar) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          files.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return files;
  }

  private static SortedMap<String, byte[]> filesOf(Path directory) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        String name = directory.relativize(file).toString().replace('\\', '/');
        files.put(name, Files.readAllBytes(file));
      }
    }
    return files;
  }
}
