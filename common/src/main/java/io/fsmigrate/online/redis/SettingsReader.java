package io.fsmigrate.online.redis;

import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.redis.RedisSettings.FeastNames;
import io.fsmigrate.online.redis.RedisSettings.Layout;
import io.fsmigrate.online.restraint.RateLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.HostAndPort;

/** Reads the settings of a store in Redis. */
record SettingsReader(StoreSettings settings) {
  private static final String DEFAULT_KEY_PREFIX = "{group}@{version}:";
  private static final String DEFAULT_SERVING_KEY = "fs-migrate:serving:{group}";
  private static final String DEFAULT_VIEW = "{group}";
  private static final int MOST_DATABASE = 1_000_000;

  RedisSettings read() {
    Layout layout = layout();
    return new RedisSettings(
        settings.store(),
        access(),
        layout,
        keyPrefix(layout),
        servingKey(layout),
        feast(layout),
        settings.span(RedisSettings.TTL).map(SpanOfTime::duration),
        settings.rateLimit(
            RedisSettings.RATE_LIMIT, EnumSet.of(RateLimit.Unit.RECORDS, RateLimit.Unit.CALLS)),
        settings.spanOr(RedisSettings.UNAVAILABLE_AFTER, "2 minutes").duration());
  }

  private RedisAccess access() {
    boolean cluster = settings.flag(RedisSettings.CLUSTER, false);
    int database = database(cluster);
    boolean tls = settings.flag(RedisSettings.TLS, false);
    Optional<Path> ca = settings.path(RedisSettings.TLS_CA);
    if (ca.isPresent() && !tls) {
      throw settings.invalid(
          RedisSettings.TLS, "false", "set it to true, or leave out tls-ca-file");
    }
    return new RedisAccess(
        nodes(cluster),
        cluster,
        database,
        settings.text(RedisSettings.USER),
        settings.password(RedisSettings.PASSWORD, RedisSettings.PASSWORD_FILE),
        tls,
        ca,
        settings.spanOr(RedisSettings.CONNECT_TIMEOUT, "5 seconds").duration(),
        settings.spanOr(RedisSettings.CALL_TIMEOUT, "10 seconds").duration());
  }

  private List<HostAndPort> nodes(boolean cluster) {
    String text =
        settings.required(RedisSettings.NODES, "the server, such as redis.example.com:6379");
    List<HostAndPort> nodes = new ArrayList<>();
    for (String node : text.split(",", -1)) {
      nodes.add(node(text, node.strip()));
    }
    if (nodes.size() > 1 && !cluster) {
      throw settings.invalid(
          RedisSettings.NODES, text, "write one server, or set cluster = true for a cluster's");
    }
    return nodes;
  }

  private HostAndPort node(String all, String node) {
    int colon = node.lastIndexOf(':');
    String port = node.substring(colon + 1);
    boolean valid =
        colon > 0 && node.indexOf('@') < 0 && node.indexOf('/') < 0 && StoreSettings.isPort(port);
    if (!valid) {
      // Somebody may have written a URL with a password in it.
      throw settings.invalid(
          RedisSettings.NODES,
          all.indexOf('@') < 0 ? all : "(not shown)",
          "write HOST:PORT, several with commas between; user, password and tls are keys of their"
              + " own");
    }
    return new HostAndPort(node.substring(0, colon), Integer.parseInt(port));
  }

  private int database(boolean cluster) {
    String text = settings.text(RedisSettings.DATABASE).orElse("0");
    if (!text.matches("\\d{1,7}") || Integer.parseInt(text) > MOST_DATABASE) {
      throw settings.invalid(RedisSettings.DATABASE, text, "write a whole number, 0 or more");
    }
    if (cluster && Integer.parseInt(text) > 0) {
      throw settings.invalid(
          RedisSettings.DATABASE, text, "leave it out: a cluster has database 0 only");
    }
    return Integer.parseInt(text);
  }

  private Layout layout() {
    String text = settings.text(RedisSettings.LAYOUT).orElse("hash");
    return switch (text) {
      case "hash" -> Layout.HASH;
      case "feast" -> Layout.FEAST;
      default -> throw settings.invalid(RedisSettings.LAYOUT, text, "write hash or feast");
    };
  }

  private NameTemplate keyPrefix(Layout layout) {
    Optional<String> text = settings.text(RedisSettings.KEY_PREFIX);
    if (text.isPresent() && layout == Layout.FEAST) {
      throw settings.invalid(
          RedisSettings.KEY_PREFIX, text.get(), "leave it out: Feast says what keys look like");
    }
    String prefix = text.orElse(DEFAULT_KEY_PREFIX);
    if (!prefix.matches(".*[^:]:")) {
      // Without an end, the keys of one target could begin like those of another.
      throw settings.invalid(
          RedisSettings.KEY_PREFIX,
          prefix,
          "write a text that ends with a colon, such as \"{group}:\"");
    }
    return settings.name(RedisSettings.KEY_PREFIX, DEFAULT_KEY_PREFIX);
  }

  private String servingKey(Layout layout) {
    if (layout == Layout.FEAST) {
      settings.requireAbsent(
          List.of(RedisSettings.SERVING_KEY), "leave it out: Feast says what is read");
    }
    return settings.text(RedisSettings.SERVING_KEY).orElse(DEFAULT_SERVING_KEY);
  }

  private Optional<FeastNames> feast(Layout layout) {
    if (layout != Layout.FEAST) {
      settings.requireAbsent(
          List.of(
              RedisSettings.PROJECT,
              RedisSettings.FEATURE_VIEW,
              RedisSettings.ENTITY,
              RedisSettings.ENTITY_TYPE),
          "leave it out, or set layout = feast");
      return Optional.empty();
    }
    String project = settings.required(RedisSettings.PROJECT, "the name of the Feast project");
    return Optional.of(
        new FeastNames(
            project,
            settings.name(RedisSettings.FEATURE_VIEW, DEFAULT_VIEW),
            settings.text(RedisSettings.ENTITY),
            settings.text(RedisSettings.ENTITY_TYPE).map(this::entityType)));
  }

  private FeastType entityType(String text) {
    return FeastType.entity(text)
        .orElseThrow(
            () ->
                settings.invalid(
                    RedisSettings.ENTITY_TYPE,
                    text,
                    "write string, bytes, int32, int64 or unix_timestamp"));
  }
}
