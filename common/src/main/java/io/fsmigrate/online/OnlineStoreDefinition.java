package io.fsmigrate.online;

import io.fsmigrate.feature.FeatureVersion;
import java.io.Serializable;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An online store as the configuration defines it. What it prints has no secret in it.
 *
 * @param name how feature groups refer to it
 * @param type the kind of store, such as {@code sqlite}
 * @param settings every other key of the definition; nested keys are joined by dots
 * @param placeVersion the version that fills {@code {version}} in names of places; null for that of
 *     the target. It travels to workers, which an {@code Optional} could not.
 */
public record OnlineStoreDefinition(
    String name, String type, Map<String, String> settings, String placeVersion)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern SECRET =
      Pattern.compile("password|passwd|secret|token|credential|auth|(access|private|api)[-_.]?key");

  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");
  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)((?:password|secret|token)[^=&;]*=)[^&;]*");
  private static final String MASK = "***";

  public OnlineStoreDefinition {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** A store in which every version has its own place. */
  public OnlineStoreDefinition(String name, String type, Map<String, String> settings) {
    this(name, type, settings, null);
  }

  /**
   * The same store, written in place of that version: whatever the target, its records go where
   * those of that version are. Where names have no version in them, nothing changes.
   */
  public OnlineStoreDefinition inPlaceOf(FeatureVersion version) {
    return new OnlineStoreDefinition(name, type, settings, version.text());
  }

  /** The version in whose place records are written; empty for the target's own. */
  public Optional<String> inPlace() {
    return Optional.ofNullable(placeVersion);
  }

  /** Whether the value of a setting of that name must not be shown. */
  public static boolean isSecret(String key) {
    return SECRET.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  /** The settings as they may be shown: secrets are masked. */
  public Map<String, String> shown() {
    Map<String, String> shown = new TreeMap<>(settings);
    shown.replaceAll((key, value) -> isSecret(key) ? MASK : withoutSecrets(value));
    return shown;
  }

  @Override
  public String toString() {
    String place = placeVersion == null ? "" : ", in place of " + placeVersion;
    return "OnlineStoreDefinition[name=%s, type=%s, settings=%s%s]"
        .formatted(name, type, shown(), place);
  }

  /** A URL may carry a user's password or a secret parameter. */
  private static String withoutSecrets(String value) {
    String masked = USER_INFO.matcher(value).replaceAll("://" + MASK + "@");
    return SECRET_PARAMETER.matcher(masked).replaceAll("$1" + MASK);
  }
}
