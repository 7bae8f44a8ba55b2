package io.fsmigrate.catalog;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges the layers of the configuration: {@code --set} over the file over reference.conf; the
 * environment is there for substitution only.
 */
final class ConfigSource {
  static final String ROOT = "fs-migrate";
  static final String SET = "--set";
  private static final String REFERENCE = "reference.conf";

  private ConfigSource() {}

  static Config read(Optional<Path> file, Map<String, String> sets, Map<String, String> env) {
    Config merged =
        sets(sets)
            .withFallback(file.map(ConfigSource::file).orElseGet(ConfigFactory::empty))
            .withFallback(reference().withOnlyPath(ROOT))
            .withFallback(ConfigValueFactory.fromMap(env, "environment").toConfig());
    try {
      return merged.resolve(ConfigResolveOptions.noSystem());
    } catch (ConfigException e) {
      throw CatalogErrors.unresolved(e);
    }
  }

  /** The root keys of the file alone. */
  static Config file(Path file) {
    if (!Files.exists(file)) {
      throw CatalogErrors.missingFile(file);
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException.IO e) {
      throw CatalogErrors.unreadableFile(file, e);
    } catch (ConfigException e) {
      throw CatalogErrors.syntax(file.toString(), e);
    }
  }

  private static Config sets(Map<String, String> sets) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, String> set : sets.entrySet()) {
      config =
          ConfigFactory.empty()
              .withValue(path(set.getKey()), value(set.getKey(), set.getValue()))
              .withFallback(config);
    }
    return config;
  }

  /** The root key may be left out. */
  private static String path(String key) {
    List<String> keys;
    try {
      keys = new ArrayList<>(ConfigUtil.splitPath(key));
    } catch (ConfigException e) {
      throw CatalogErrors.invalidSet(key);
    }
    if (!keys.get(0).equals(ROOT)) {
      keys.add(0, ROOT);
    }
    return ConfigUtil.joinPath(keys);
  }

  /** A text as it is, so that {@code s3://} needs no quotes; a list or an object as HOCON. */
  private static ConfigValue value(String key, String text) {
    String trimmed = text.trim();
    if (!trimmed.startsWith("[") && !trimmed.startsWith("{")) {
      return ConfigValueFactory.fromAnyRef(text, SET);
    }
    try {
      return ConfigFactory.parseString(
              "value = " + trimmed, ConfigParseOptions.defaults().setOriginDescription(SET))
          .root()
          .get("value");
    } catch (ConfigException e) {
      throw CatalogErrors.syntax(SET + " " + key, e);
    }
  }

  /** Parsed from text so that its place on disk never becomes the base of a relative path. */
  static Config reference() {
    return ConfigFactory.parseString(
        referenceText(), ConfigParseOptions.defaults().setOriginDescription(REFERENCE));
  }

  /** The defaults and the example, with their comments. */
  static String referenceText() {
    try (InputStream in = ConfigSource.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(REFERENCE, e);
    }
  }
}
