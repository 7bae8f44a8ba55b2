package io.fsmigrate.jobs.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the checkout that are no code, as text and as trees. */
final class Repository {
  /** The root of the checkout; tests run in the directory of their module. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private Repository() {}

  static Path file(String path) {
    return ROOT.resolve(path);
  }

  static Path definition(String path) {
    return ROOT.resolve("submit-scripts/definitions").resolve(path);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON or YAML file. */
  static JsonNode tree(Path file) {
    try {
      return (file.toString().endsWith(".json") ? JSON : YAML).readTree(text(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
