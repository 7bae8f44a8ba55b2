package io.fsmigrate.sagemaker;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which account and region the services are called in, and as whom. It holds no secret: keys come
 * from the SDK's default chain (environment, profile, container or instance role).
 *
 * @param region setting {@code region}; null for the one the SDK finds
 * @param endpoint setting {@code endpoint}: address of all services, for an emulator or a private
 *     link; null for the region's own
 * @param profile setting {@code profile}: a profile of the shared configuration; null for none
 * @param roleArn setting {@code role-arn}: a role to assume; null for none
 */
public record AwsAccess(String region, String endpoint, String profile, String roleArn)
    implements Serializable {
  /** The keys of a store's or section's settings that are read here. */
  public static final Set<String> KEYS = Set.of("region", "endpoint", "profile", "role-arn");

  /** What the settings say; keys that are not there are left to the SDK. */
  public static AwsAccess of(Map<String, String> settings) {
    return new AwsAccess(
        settings.get("region"),
        settings.get("endpoint"),
        settings.get("profile"),
        settings.get("role-arn"));
  }

  /** Whether a text can be the setting {@code endpoint}. */
  public static boolean isEndpoint(String text) {
    try {
      URI uri = new URI(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  Optional<URI> endpointUri() {
    return Optional.ofNullable(endpoint).map(URI::create);
  }

  /** The settings that were given, by key. */
  public Map<String, String> settings() {
    Map<String, String> given = new TreeMap<>();
    put(given, "region", region);
    put(given, "endpoint", endpoint);
    put(given, "profile", profile);
    put(given, "role-arn", roleArn);
    return given;
  }

  /** The settings that were given, for a message. */
  @Override
  public String toString() {
    return settings().isEmpty() ? "the SDK's defaults" : settings().toString();
  }

  private static void put(Map<String, String> given, String key, String value) {
    if (value != null) {
      given.put(key, value);
    }
  }
}
