package io.fsmigrate.online.redis;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.redis.RedisSettings.FeastNames;
import io.fsmigrate.online.redis.RedisSettings.Layout;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.HostAndPort;

/** Reads the settings of a store whose keys are known, and says of a wrong one what to write. */
record SettingsReader(String store, Map<String, String> settings) {
  private static final String DEFAULT_KEY_PREFIX = "{group}@{version}:";
  private static final String DEFAULT_VIEW = "{group}";
  private static final int MOST_DATABASE = 1_000_000;
  private static final int MOST_PORT = 65_535;

  RedisSettings read() {
    Layout layout = layout();
    return new RedisSettings(
        store,
        access(),
        layout,
        keyPrefix(layout),
        feast(layout),
        span(RedisSettings.TTL, null),
        rateLimit(),
        span(RedisSettings.UNAVAILABLE_AFTER, "2 minutes").orElseThrow());
  }

  private RedisAccess access() {
    boolean cluster = flag(RedisSettings.CLUSTER);
    int database = database(cluster);
    boolean tls = flag(RedisSettings.TLS);
    Optional<Path> ca = path(RedisSettings.TLS_CA);
    if (ca.isPresent() && !tls) {
      throw invalid(RedisSettings.TLS, "false", "set it to true, or leave out tls-ca-file");
    }
    return new RedisAccess(
        nodes(cluster),
        cluster,
        database,
        text(RedisSettings.USER),
        password(),
        tls,
        ca,
        span(RedisSettings.CONNECT_TIMEOUT, "5 seconds").orElseThrow(),
        span(RedisSettings.CALL_TIMEOUT, "10 seconds").orElseThrow());
  }

  private List<HostAndPort> nodes(boolean cluster) {
    String text =
        text(RedisSettings.NODES)
            .orElseThrow(
                () ->
                    OnlineErrors.missingSetting(
                        store, RedisSettings.NODES, "the server, such as redis.example.com:6379"));
    List<HostAndPort> nodes = new ArrayList<>();
    for (String node : text.split(",", -1)) {
      nodes.add(node(text, node.strip()));
    }
    if (nodes.size() > 1 && !cluster) {
      throw invalid(
          RedisSettings.NODES, text, "write one server, or set cluster = true for a cluster's");
    }
    return nodes;
  }

  private HostAndPort node(String all, String node) {
    int colon = node.lastIndexOf(':');
    String port = node.substring(colon + 1);
    boolean valid =
        colon > 0
            && node.indexOf('@') < 0
            && node.indexOf('/') < 0
            && port.matches("[1-9]\\d{0,4}")
            && Integer.parseInt(port) <= MOST_PORT;
    if (!valid) {
      // Somebody may have written a URL with a password in it.
      throw invalid(
          RedisSettings.NODES,
          all.indexOf('@') < 0 ? all : "(not shown)",
          "write HOST:PORT, several with commas between; user, password and tls are keys of their"
              + " own");
    }
    return new HostAndPort(node.substring(0, colon), Integer.parseInt(port));
  }

  private int database(boolean cluster) {
    String text = settings.getOrDefault(RedisSettings.DATABASE, "0");
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > MOST_DATABASE) {
      throw invalid(RedisSettings.DATABASE, text, "write a whole number, 0 or more");
    }
    if (cluster && Integer.parseInt(text) > 0) {
      throw invalid(RedisSettings.DATABASE, text, "leave it out: a cluster has database 0 only");
    }
    return Integer.parseInt(text);
  }

  private Optional<Password> password() {
    Optional<String> text = Optional.ofNullable(settings.get(RedisSettings.PASSWORD));
    Optional<Path> file = path(RedisSettings.PASSWORD_FILE);
    if (text.isPresent() && file.isPresent()) {
      throw invalid(
          RedisSettings.PASSWORD_FILE, file.get().toString(), "leave out it or password, not both");
    }
    if (text.filter(String::isEmpty).isPresent()) {
      throw invalid(
          RedisSettings.PASSWORD,
          "(empty)",
          "set the environment variable that it comes from, or leave it out");
    }
    return text.map(Password::of).or(() -> file.map(Password::in));
  }

  private Layout layout() {
    String text = settings.getOrDefault(RedisSettings.LAYOUT, "hash");
    return switch (text) {
      case "hash" -> Layout.HASH;
      case "feast" -> Layout.FEAST;
      default -> throw invalid(RedisSettings.LAYOUT, text, "write hash or feast");
    };
  }

  private String keyPrefix(Layout layout) {
    Optional<String> text = text(RedisSettings.KEY_PREFIX);
    if (text.isPresent() && layout == Layout.FEAST) {
      throw invalid(
          RedisSettings.KEY_PREFIX, text.get(), "leave it out: Feast says what keys look like");
    }
    String prefix = text.orElse(DEFAULT_KEY_PREFIX);
    if (!prefix.matches(".*[^:]:")) {
      // Without an end, the keys of one target could begin like those of another.
      throw invalid(
          RedisSettings.KEY_PREFIX,
          prefix,
          "write a text that ends with a colon, such as \"{group}:\"");
    }
    return prefix;
  }

  private Optional<FeastNames> feast(Layout layout) {
    if (layout != Layout.FEAST) {
      for (String key :
          List.of(
              RedisSettings.PROJECT,
              RedisSettings.FEATURE_VIEW,
              RedisSettings.ENTITY,
              RedisSettings.ENTITY_TYPE)) {
        if (settings.containsKey(key)) {
          throw invalid(key, settings.get(key), "leave it out, or set layout = feast");
        }
      }
      return Optional.empty();
    }
    String project =
        text(RedisSettings.PROJECT)
            .orElseThrow(
                () ->
                    OnlineErrors.missingSetting(
                        store, RedisSettings.PROJECT, "the name of the Feast project"));
    return Optional.of(
        new FeastNames(
            project,
            text(RedisSettings.FEATURE_VIEW).orElse(DEFAULT_VIEW),
            text(RedisSettings.ENTITY),
            text(RedisSettings.ENTITY_TYPE).map(this::entityType)));
  }

  private FeastType entityType(String text) {
    return FeastType.entity(text)
        .orElseThrow(
            () ->
                invalid(
                    RedisSettings.ENTITY_TYPE,
                    text,
                    "write string, bytes, int32, int64 or unix_timestamp"));
  }

  private Optional<RateLimit> rateLimit() {
    Optional<String> text = text(RedisSettings.RATE_LIMIT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<RateLimit> limit = parse(text.get());
    if (limit.filter(l -> l.unit() != RateLimit.Unit.WRITE_UNITS).isEmpty()) {
      throw invalid(
          RedisSettings.RATE_LIMIT,
          text.get(),
          "write a number and records/s or calls/s, such as 50000 records/s");
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

  private boolean flag(String key) {
    String text = settings.getOrDefault(key, "false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, text, "write true or false");
    };
  }

  private Optional<Duration> span(String key, String byDefault) {
    String text = settings.getOrDefault(key, byDefault);
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(
        SpanOfTime.parse(text)
            .map(SpanOfTime::duration)
            .orElseThrow(
                () ->
                    invalid(
                        key,
                        text,
                        "write a whole number and seconds, minutes, hours, days or weeks, such as"
                            + " 30 days")));
  }

  private Optional<Path> path(String key) {
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

  private Optional<String> text(String key) {
    Optional<String> text = Optional.ofNullable(settings.get(key));
    if (text.filter(String::isBlank).isPresent()) {
      throw invalid(key, "(empty)", "write a value, or leave it out");
    }
    return text;
  }

  private FsMigrateException invalid(String key, String value, String need) {
    return OnlineErrors.invalidSetting(store, key, value, need);
  }
}
