package io.fsmigrate.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program reads is what reference.conf explains, no more and no less. */
class ConfigReferenceTest {
  private static final Pattern IN_SECTION =
      Pattern.compile(
          "(fs-migrate\\S*?)(?:\\.zzz)?: (?:zzz: )?unknown (?:key|step)"
              + " \\((?:keys here|steps): (.*)\\)");
  private static final Pattern IN_STORE =
      Pattern.compile("there is no setting zzz; choose among (.*)");

  /** RunSettingsTest and SageMakerSettingsTest have the keys of these. */
  private static final Set<String> NOT_IN_THE_EXAMPLE =
      Set.of("run", "sagemaker.limits", "sagemaker.prices", "verify");

  private final ConfigReference reference = ConfigReference.read();

  @TempDir Path directory;

  @BeforeEach
  void theExampleRefersToAFile() throws IOException {
    Files.writeString(directory.resolve("flights-1.1.0.sql"), "SELECT * FROM source");
  }

  @Test
  void everyDefaultIsThatOfTheProgram() {
    Config defaults = ConfigSource.reference().getConfig(ConfigSource.ROOT);
    Map<String, String> scalars = new TreeMap<>();
    defaults
        .entrySet()
        .forEach(
            entry -> {
              String value = entry.getValue().unwrapped().toString();
              scalars.put(entry.getKey(), value.isEmpty() ? "none" : value);
            });
    scalars.remove("migrations");

    Map<String, String> explained =
        reference.keys().stream()
            .filter(key -> scalars.containsKey(key.key()))
            .collect(Collectors.toMap(ConfigReference.Key::key, ConfigReference.Key::defaultValue));

    assertThat(scalars).containsKeys("warehouse", "run.batch-size").hasSizeGreaterThan(10);
    assertThat(explained).isEqualTo(scalars);
  }

  @Test
  void theExampleIsACatalog() throws IOException {
    Catalog catalog = load(reference.example());

    assertThat(catalog.groups().get("flights").versions()).hasSize(2);
    assertThat(catalog.migrations().migrations()).hasSize(2);
    assertThat(OnlineStores.of(catalog.onlineStores().get("online"))).isNotNull();
    assertThat(reference.example()).doesNotContain("#");
  }

  @Test
  void onlyDefaultsOfTheProgramAreInForce() {
    assertThat(ConfigSource.read(Optional.empty(), Map.of(), Map.of()).root())
        .containsOnlyKeys(ConfigSource.ROOT);
  }

  /** A key that nobody knows makes every section say which ones it knows. */
  @Test
  void everyKeyThatASectionKnowsIsExplained() throws IOException {
    Map<String, Set<String>> known = new TreeMap<>();
    List<String> lines = reference.example().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith("{")) {
        List<String> broken = new ArrayList<>(lines);
        broken.add(i + 1, "zzz = 1");
        addTo(known, refusal(String.join("\n", broken)));
      }
    }

    Map<String, Set<String>> explained = new TreeMap<>();
    for (ConfigReference.Key key : reference.keys()) {
      int dot = key.key().lastIndexOf('.');
      String section = dot < 0 ? "" : key.key().substring(0, dot);
      if (!key.type().equals("name") && !NOT_IN_THE_EXAMPLE.contains(section)) {
        explained.computeIfAbsent(section, s -> new TreeSet<>()).add(key.key().substring(dot + 1));
      }
    }
    assertThat(known).containsKeys("", "migrations[].steps[].add", "online-stores.<store>");
    assertThat(explained).containsExactlyInAnyOrderEntriesOf(known);
  }

  private String refusal(String text) throws IOException {
    try {
      load(text).onlineStores().values().forEach(OnlineStores::of);
    } catch (FsMigrateException e) {
      return e.getMessage();
    }
    throw new AssertionError("The unknown key was taken:\n" + text);
  }

  private static void addTo(Map<String, Set<String>> known, String message) {
    Matcher section = IN_SECTION.matcher(message);
    Matcher store = IN_STORE.matcher(message);
    if (section.find()) {
      known.put(path(section.group(1)), keys(section.group(2)));
    } else if (store.find()) {
      Set<String> keys = keys(store.group(1));
      keys.add("type");
      // Stores of all types are explained together.
      known.computeIfAbsent("online-stores.<store>", any -> new TreeSet<>()).addAll(keys);
    } else {
      // Where the keys are names, any key will do, and its value will not.
      assertThat(message).contains("must be an object", "zzz");
    }
  }

  private static Set<String> keys(String list) {
    return new TreeSet<>(List.of(list.split(", ")));
  }

  /** The place in the example as the reference writes it. */
  private static String path(String place) {
    return place
        .replaceFirst("^fs-migrate\\.?", "")
        .replaceAll("\\[\\d+\\]", "[]")
        .replace(".flights", ".<group>")
        .replaceAll("\\.\"[\\d.]+\"", ".<version>");
  }

  private Catalog load(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("my.conf"), text);
    return CatalogLoader.load(Optional.of(file), Map.of(), Map.of());
  }
}
