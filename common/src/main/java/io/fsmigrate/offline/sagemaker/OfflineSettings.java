package io.fsmigrate.offline.sagemaker;

import io.fsmigrate.error.Suggestions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How offline stores are read and written.
 *
 * @param read setting {@code read}
 * @param shape setting {@code shape}
 * @param s3Scheme setting {@code s3-scheme}: what the job's file system calls {@code s3://}; {@code
 *     s3a} by default, {@code s3} on EMR
 * @param workGroup setting {@code work-group}: Athena's, {@code primary} by default
 * @param outputLocation setting {@code output-location}: where Athena puts the protocol of a query;
 *     needed where the work group sets none
 * @param unloadLocation setting {@code unload-location}: where UNLOAD writes, {@code s3://...};
 *     needed to read by UNLOAD
 */
public record OfflineSettings(
    Read read,
    Shape shape,
    String s3Scheme,
    String workGroup,
    Optional<String> outputLocation,
    Optional<String> unloadLocation) {
  /** The keys that are read here. */
  public static final Set<String> KEYS =
      Set.of("read", "shape", "s3-scheme", "work-group", "output-location", "unload-location");

  private static final Set<String> SCHEMES = Set.of("s3", "s3a", "s3n");

  /** How the rows of the offline store are had. */
  public enum Read {
    /** Directly where the files can be read and are the table, by UNLOAD otherwise. */
    AUTO,
    /** The data files, with Spark. */
    DIRECT,
    /** Through Athena. */
    UNLOAD
  }

  /** Which of the group's stores the rows come from. */
  public enum Shape {
    /** The offline store where there is one, the online store otherwise. */
    AUTO,
    /** The full history of the offline store. */
    OFFLINE,
    /** The records of the online store. */
    ONLINE,
    /** The offline store, and online records that are newer or not in it. */
    HYBRID
  }

  /**
   * What the settings say.
   *
   * @throws io.fsmigrate.error.FsMigrateException INVALID_SETTING
   */
  public static OfflineSettings of(Map<String, String> settings) {
    return new OfflineSettings(
        choice("read", settings, Read.values(), Read.AUTO),
        choice("shape", settings, Shape.values(), Shape.AUTO),
        scheme(settings.getOrDefault("s3-scheme", "s3a")),
        settings.getOrDefault("work-group", "primary"),
        location("output-location", settings),
        location("unload-location", settings));
  }

  private static <E extends Enum<E>> E choice(
      String key, Map<String, String> settings, E[] values, E byDefault) {
    String text = settings.get(key);
    if (text == null) {
      return byDefault;
    }
    List<String> known =
        Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
    for (E value : values) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw StoreErrors.setting(
        key, text, "give " + String.join(", ", known) + Suggestions.didYouMean(text, known));
  }

  private static String scheme(String text) {
    if (!SCHEMES.contains(text)) {
      throw StoreErrors.setting("s3-scheme", text, "give s3a, s3 or s3n");
    }
    return text;
  }

  private static Optional<String> location(String key, Map<String, String> settings) {
    Optional<String> text = Optional.ofNullable(settings.get(key));
    text.filter(location -> !location.matches("s3://[^/]+(/.*)?"))
        .ifPresent(
            location -> {
              throw StoreErrors.setting(key, location, "give s3://BUCKET/PREFIX");
            });
    return text.map(location -> location.replaceAll("/+$", ""));
  }

  /** The address of a place in S3 in the words of the job's file system. */
  String path(String location) {
    return location.startsWith("s3://") ? s3Scheme + location.substring("s3".length()) : location;
  }
}
