package io.fsmigrate.catalog;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the comments of reference.conf. A comment reads {@code TYPE (DEFAULT): MEANING}; without a
 * default in it, the value beside it is the default.
 */
final class ReferenceReader {
  private static final String EXAMPLE = "example";
  private static final Pattern COMMENT =
      Pattern.compile("(?<type>[^:(]+?)(?: \\((?<default>[^)]+)\\))?: (?<meaning>.+)");

  /** A key that is a name of the user's has this in front of its type. */
  private static final String NAME = "<";

  private final Map<String, ConfigReference.Key> explained = new LinkedHashMap<>();
  private final Set<String> found = new TreeSet<>();

  private ReferenceReader() {}

  static ConfigReference read() {
    Config file = ConfigSource.reference();
    ConfigObject example = file.getObject(EXAMPLE);
    ReferenceReader reader = new ReferenceReader();
    for (Map.Entry<String, ConfigValue> part : inOrder(file.getObject(ConfigSource.ROOT))) {
      reader.key("", part.getKey(), part.getValue());
      Optional.ofNullable(example.get(part.getKey()))
          .ifPresent(value -> reader.inside(part.getKey(), value));
    }
    reader.found.removeAll(reader.explained.keySet());
    if (!reader.found.isEmpty()) {
      throw new IllegalStateException(
          "reference.conf: no comment of the form TYPE (DEFAULT): MEANING on " + reader.found);
    }
    return new ConfigReference(
        new ArrayList<>(reader.explained.values()), example(ConfigSource.referenceText()));
  }

  private void key(String parent, String key, ConfigValue value) {
    String comment =
        value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
    Matcher matcher = COMMENT.matcher(comment);
    boolean matches = matcher.matches();
    boolean named = matches && matcher.group("type").startsWith(NAME);
    String name = named ? matcher.group("type") : key;
    String path = parent.isEmpty() ? name : parent + "." + name;
    found.add(path);
    if (matches) {
      String type = named ? "name" : matcher.group("type");
      String fallback =
          Optional.ofNullable(matcher.group("default"))
              .orElseGet(() -> Section.isScalar(value) ? Section.text(value) : "");
      // Elements of one list may share a key; the first that explains it does so for all.
      explained.putIfAbsent(
          path, new ConfigReference.Key(path, type, fallback, matcher.group("meaning")));
    }
    inside(path, value);
  }

  private void inside(String path, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      inOrder(object).forEach(entry -> key(path, entry.getKey(), entry.getValue()));
    } else if (value instanceof ConfigList list) {
      list.forEach(element -> inside(path + "[]", element));
    }
  }

  /** An object does not promise to keep the order of the file. */
  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .toList();
  }

  /** The text of the example without its comments, as part of a configuration file. */
  private static String example(String text) {
    return text.lines()
        .dropWhile(line -> !line.equals(EXAMPLE + " {"))
        .skip(1)
        .filter(line -> !line.strip().startsWith("#"))
        .collect(Collectors.joining("\n", ConfigSource.ROOT + " {\n", "\n"))
        .replace(" {\n\n", " {\n");
  }
}
