package io.fsmigrate.catalog;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.error.Suggestions;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads one object of the configuration key by key. Every key that is asked for is a known key;
 * {@link #finish} reports the others. What is wrong becomes a finding and reads as absent, so that
 * reading goes on.
 */
final class Section {
  private final ConfigObject object;
  private final String path;
  private final Findings findings;
  private final Set<String> known = new TreeSet<>();

  Section(ConfigObject object, String path, Findings findings) {
    this.object = object;
    this.path = path;
    this.findings = findings;
  }

  String path() {
    return path;
  }

  ConfigOrigin origin() {
    return object.origin();
  }

  Findings findings() {
    return findings;
  }

  /** The full path of a key. */
  String path(String key) {
    return path + "." + ConfigUtil.joinPath(key);
  }

  /** Where a key stands; the section's own place if it is not there. */
  ConfigOrigin origin(String key) {
    return value(key).map(ConfigValue::origin).orElseGet(this::origin);
  }

  /** Reports something about a key. */
  void report(String code, String key, String message) {
    findings.add(code, origin(key), path(key), message);
  }

  /** The keys as they stand, for sections whose keys are names. */
  Set<String> names() {
    return new TreeSet<>(object.keySet());
  }

  boolean has(String key) {
    return value(key).isPresent();
  }

  Optional<String> string(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && !isScalar(value.get())) {
      wrongType(value.get(), path(key), "a text");
      return Optional.empty();
    }
    return value.map(Section::text);
  }

  Optional<String> requiredString(String key) {
    Optional<String> text = string(key);
    if (text.isPresent() && text.get().isBlank()) {
      report("MISSING_KEY", key, "must not be empty");
      return Optional.empty();
    }
    return require(key, text);
  }

  long number(String key, long least, long most) {
    Optional<String> text = string(key);
    if (text.isEmpty()) {
      require(key, text);
      return least;
    }
    try {
      long number = Long.parseLong(text.get().trim());
      if (number >= least && number <= most) {
        return number;
      }
      report("OUT_OF_RANGE", key, "must be from %d to %d, found %d".formatted(least, most, number));
    } catch (NumberFormatException e) {
      wrongType(value(key).orElseThrow(), path(key), "a whole number");
    }
    return least;
  }

  long bytes(String key) {
    Optional<ConfigValue> value = value(key);
    try {
      if (value.isPresent()) {
        long bytes = value.get().atKey("size").getBytes("size");
        if (bytes > 0) {
          return bytes;
        }
        report("OUT_OF_RANGE", key, "must be more than 0 bytes");
      } else {
        require(key, value);
      }
    } catch (ConfigException e) {
      wrongType(value.orElseThrow(), path(key), "a size such as 128MiB");
    }
    return 1;
  }

  List<String> strings(String key) {
    List<String> texts = new ArrayList<>();
    for (Item item : items(key)) {
      if (isScalar(item.value())) {
        texts.add(text(item.value()));
      } else {
        wrongType(item.value(), item.path(), "a text");
      }
    }
    return texts;
  }

  /** The elements of a list; none if it is not there. */
  List<Item> items(String key) {
    Optional<ConfigValue> value = value(key);
    List<Item> items = new ArrayList<>();
    if (value.isPresent() && value.get() instanceof ConfigList list) {
      for (int i = 0; i < list.size(); i++) {
        items.add(new Item(list.get(i), path(key) + "[" + i + "]"));
      }
    } else if (value.isPresent()) {
      wrongType(value.get(), path(key), "a list [ ... ]");
    }
    return items;
  }

  Optional<Section> section(String key) {
    return value(key).flatMap(value -> section(new Item(value, path(key))));
  }

  /** An element of a list as a section of its own. */
  Optional<Section> section(Item item) {
    if (item.value() instanceof ConfigObject nested) {
      return Optional.of(new Section(nested, item.path(), findings));
    }
    wrongType(item.value(), item.path(), "an object { ... }");
    return Optional.empty();
  }

  /** Builds a value of the model from a text; what its constructor refuses becomes a finding. */
  <T> Optional<T> parse(String key, Optional<String> text, Function<String, T> parser) {
    return text.flatMap(t -> attempt(origin(key), path(key), () -> parser.apply(t)));
  }

  /** The same for any construction. */
  <T> Optional<T> attempt(ConfigOrigin origin, String place, Supplier<T> construction) {
    try {
      return Optional.of(construction.get());
    } catch (FsMigrateException e) {
      findings.add(origin, place, e);
      return Optional.empty();
    }
  }

  <T> Optional<T> require(String key, Optional<T> value) {
    if (value.isEmpty() && !has(key)) {
      findings.add("MISSING_KEY", origin(), path(key), "missing; add %s = ...".formatted(key));
    }
    return value;
  }

  /** Every key that nobody has asked for, with its texts; nested keys are joined by dots. */
  Map<String, String> rest() {
    Map<String, String> rest = new LinkedHashMap<>();
    Set<String> asked = Set.copyOf(known);
    for (String key : names()) {
      if (!asked.contains(key)) {
        value(key).ifPresent(value -> flatten(key, value, rest));
      }
    }
    return rest;
  }

  private void flatten(String key, ConfigValue value, Map<String, String> into) {
    if (value instanceof ConfigObject nested) {
      nested.forEach((inner, v) -> flatten(key + "." + inner, v, into));
    } else if (isScalar(value)) {
      into.put(key, text(value));
    } else if (value.valueType() != ConfigValueType.NULL) {
      wrongType(value, path + "." + key, "a text");
    }
  }

  /** Reports the keys that are not known. */
  void finish() {
    for (String key : names()) {
      if (!known.contains(key)) {
        findings.add(
            "UNKNOWN_KEY",
            object.get(key).origin(),
            path(key),
            "unknown key%s (keys here: %s)"
                .formatted(Suggestions.didYouMean(key, known), Suggestions.list(known)));
      }
    }
  }

  void wrongType(ConfigValue value, String place, String expected) {
    String found = value.valueType().name().toLowerCase(Locale.ROOT);
    boolean shown = isScalar(value) && !OnlineStoreDefinition.isSecret(place);
    findings.add(
        "WRONG_TYPE",
        value.origin(),
        place,
        "must be %s, found %s".formatted(expected, shown ? found + " " + text(value) : found));
  }

  /** Null reads as absent, as HOCON has it. */
  private Optional<ConfigValue> value(String key) {
    known.add(key);
    return Optional.ofNullable(object.get(key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  static boolean isScalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }

  /** The text as written, so that 1.50 stays 1.50. */
  static String text(ConfigValue scalar) {
    return scalar.atKey("text").getString("text");
  }

  /**
   * One element of a list.
   *
   * @param path its full path, with its index
   */
  record Item(ConfigValue value, String path) {}
}
