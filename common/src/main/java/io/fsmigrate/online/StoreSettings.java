package io.fsmigrate.online;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings of one store as they are written, and what all types of stores read alike. Every
 * method that reads one throws INVALID_STORE_SETTING, saying what to write, where it cannot.
 *
 * @param store its name
 * @param settings by key
 * @param inPlaceOf see {@link OnlineStoreDefinition#inPlaceOf}
 */
public record StoreSettings(
    String store, Map<String, String> settings, Optional<String> inPlaceOf) {
  /**
   * Those of a store.
   *
   * @param known the keys that its type has
   * @throws FsMigrateException UNKNOWN_STORE_SETTING
   */
  public static StoreSettings of(OnlineStoreDefinition definition, Collection<String> known) {
    for (String key : definition.settings().keySet()) {
      if (!known.contains(key)) {
        throw OnlineErrors.unknownSetting(definition.name(), key, known);
      }
    }
    return new StoreSettings(definition.name(), definition.settings(), definition.inPlace());
  }

  /** A text that is not blank. */
  public Optional<String> text(String key) {
    Optional<String> text = Optional.ofNullable(settings.get(key));
    if (text.filter(String::isBlank).isPresent()) {
      throw invalid(key, "(empty)", "write a value, or leave it out");
    }
    return text;
  }

  /** A name of a place, in which group and version may be left to be filled in. */
  public NameTemplate name(String key, String byDefault) {
    return new NameTemplate(text(key).orElse(byDefault), inPlaceOf);
  }

  /** A text of which {@code none} says that there is to be none. */
  public Optional<String> orNone(String key, String byDefault) {
    return Optional.of(text(key).orElse(byDefault)).filter(text -> !text.equals("none"));
  }

  /**
   * A text that has to be there.
   *
   * @param meaning what to set it to
   * @throws FsMigrateException MISSING_STORE_SETTING
   */
  public String required(String key, String meaning) {
    return text(key).orElseThrow(() -> OnlineErrors.missingSetting(store, key, meaning));
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean byDefault) {
    String text = settings.getOrDefault(key, String.valueOf(byDefault));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, text, "write true or false");
    };
  }

  /** A time such as {@code 30 seconds}. */
  public Optional<SpanOfTime> span(String key) {
    return Optional.ofNullable(settings.get(key)).map(text -> span(key, text));
  }

  /** The same, with a default as it would be written. */
  public SpanOfTime spanOr(String key, String byDefault) {
    return span(key, settings.getOrDefault(key, byDefault));
  }

  private SpanOfTime span(String key, String text) {
    return SpanOfTime.parse(text)
        .orElseThrow(
            () ->
                invalid(
                    key,
                    text,
                    "write a whole number and seconds, minutes, hours, days or weeks, such as 30"
                        + " days"));
  }

  /** The path of a file, from the root on. */
  public Optional<Path> path(String key) {
    return text(key)
        .map(
            text -> {
              try {
                return Path.of(text).toAbsolutePath().normalize();
              } catch (InvalidPathException e) {
                throw invalid(key, text, "write the path of a file");
              }
            });
  }

  /** Whether a text is the number of a port. */
  public static boolean isPort(String text) {
    return text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= 65_535;
  }

  /**
   * A rate limit.
   *
   * @param units in which this type of store can be limited
   */
  public Optional<RateLimit> rateLimit(String key, EnumSet<RateLimit.Unit> units) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<RateLimit> limit = parse(text.get()).filter(l -> units.contains(l.unit()));
    if (limit.isEmpty()) {
      String known = units.stream().map(u -> u + "/s").collect(Collectors.joining(" or "));
      throw invalid(
          key, text.get(), "write a number and %s, such as 20000 records/s".formatted(known));
    }
    return limit;
  }

  private static Optional<RateLimit> parse(String text) {
    try {
      return Optional.of(RateLimit.parse(text));
    } catch (FsMigrateException e) {
      return Optional.empty();
    }
  }

  /** The password, given as it is or by a file; at most one of both. */
  public Optional<Password> password(String key, String fileKey) {
    Optional<String> text = Optional.ofNullable(settings.get(key));
    Optional<Path> file = path(fileKey);
    if (text.isPresent() && file.isPresent()) {
      throw invalid(fileKey, file.get().toString(), "leave out it or %s, not both".formatted(key));
    }
    if (text.filter(String::isEmpty).isPresent()) {
      throw invalid(
          key, "(empty)", "set the environment variable that it comes from, or leave it out");
    }
    return text.map(Password::of).or(() -> file.map(Password::in));
  }

  /** Refuses keys of which only some others make use. */
  public void requireAbsent(Collection<String> keys, String need) {
    for (String key : keys) {
      if (settings.containsKey(key)) {
        throw invalid(key, settings.get(key), need);
      }
    }
  }

  /** A value that cannot be used; {@code need} says what to write. */
  public FsMigrateException invalid(String key, String value, String need) {
    return OnlineErrors.invalidSetting(store, key, value, need);
  }

  /** Without the values, of which one may be a password. */
  @Override
  public String toString() {
    return "settings of online store " + store;
  }
}
