package io.fsmigrate.online;

import java.io.Serializable;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An online store as the configuration defines it. What it prints has no secret in it.
 *
 * @param name how feature groups refer to it
 * @param type the kind of store, such as {@code sqlite}
 * @param settings every other key of the definition; nested keys are joined by dots
 */
public record OnlineStoreDefinition(String name, String type, Map<String, String> settings)
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

  /** Whether the value of a setting of that name must not be shown. */
  public static boolean isSecret(String key) {
    return SECRET.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(settings);
    shown.replaceAll((key, value) -> isSecret(key) ? MASK : withoutSecrets(value));
    return "OnlineStoreDefinition[name=%s, type=%s, settings=%s]".formatted(name, type, shown);
  }

  /** A URL may carry a user's password or a secret parameter. */
  private static String withoutSecrets(String value) {
    String masked = USER_INFO.matcher(value).replaceAll("://" + MASK + "@");
    return SECRET_PARAMETER.matcher(masked).replaceAll("$1" + MASK);
  }
}
