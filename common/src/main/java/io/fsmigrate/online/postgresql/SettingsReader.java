package io.fsmigrate.online.postgresql;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineErrors;
import io.fsmigrate.online.SpanOfTime;
import io.fsmigrate.online.restraint.RateLimit;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings of a store whose keys are known, and says of a wrong one what to write. */
record SettingsReader(String store, Map<String, String> settings) {
  private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^?\\s@]+)(?:\\?(.*))?");
  private static final Pattern HOST = Pattern.compile("[^\\s/?#@,]+");
  private static final String NOT_SHOWN = "(not shown)";
  private static final int MOST_PORT = 65_535;

  /** Longer names would be cut by the server, in silence. */
  private static final int MOST_NAME_BYTES = 63;

  /** What has a key of its own, or must not be in a text that people pass around. */
  private static final Set<String> NOT_IN_URL =
      Set.of(
          "user",
          "password",
          "sslpassword",
          "sockettimeout",
          "connecttimeout",
          "logintimeout",
          "currentschema");

  PostgresSettings read() {
    Map<String, String> parameters = new LinkedHashMap<>();
    String url = url(parameters);
    tls(parameters);
    return new PostgresSettings(
        store,
        url,
        parameters,
        text(PostgresSettings.USER),
        password(),
        name(PostgresSettings.SCHEMA).orElse(PostgresSettings.DEFAULT_SCHEMA),
        name(PostgresSettings.TABLE),
        flag(PostgresSettings.CREATE_TABLE, true),
        rateLimit(),
        span(PostgresSettings.CONNECT_TIMEOUT, PostgresSettings.DEFAULT_CONNECT_TIMEOUT),
        span(PostgresSettings.CALL_TIMEOUT, PostgresSettings.DEFAULT_CALL_TIMEOUT),
        span(PostgresSettings.UNAVAILABLE_AFTER, PostgresSettings.DEFAULT_UNAVAILABLE_AFTER));
  }

  private String url(Map<String, String> parameters) {
    Optional<String> url = text(PostgresSettings.URL);
    if (url.isEmpty()) {
      return fromParts();
    }
    for (String part :
        Set.of(PostgresSettings.HOST, PostgresSettings.PORT, PostgresSettings.DATABASE)) {
      if (settings.containsKey(part)) {
        throw invalid(part, settings.get(part), "leave out it or url, not both");
      }
    }
    Matcher matcher = URL.matcher(url.get());
    if (!matcher.matches()) {
      throw invalid(
          PostgresSettings.URL,
          NOT_SHOWN,
          "write jdbc:postgresql://HOST:PORT/DATABASE; user and password are keys of their own");
    }
    if (matcher.group(2) != null) {
      for (String parameter : matcher.group(2).split("&")) {
        add(parameters, parameter);
      }
    }
    return matcher.group(1);
  }

  private void add(Map<String, String> parameters, String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    if (NOT_IN_URL.contains(name.toLowerCase(Locale.ROOT))) {
      throw invalid(
          PostgresSettings.URL,
          NOT_SHOWN,
          "leave out the parameter %s; user, password, schema and timeouts are keys of their own"
              .formatted(name));
    }
    if (!name.isEmpty()) {
      parameters.put(
          name,
          equals < 0
              ? ""
              : URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
    }
  }

  private String fromParts() {
    String host =
        text(PostgresSettings.HOST)
            .orElseThrow(
                () ->
                    OnlineErrors.missingSetting(
                        store,
                        PostgresSettings.URL,
                        "jdbc:postgresql://HOST:PORT/DATABASE, or set host and database"));
    if (!HOST.matcher(host).matches()) {
      throw invalid(PostgresSettings.HOST, NOT_SHOWN, "write the name or address of one server");
    }
    String port = settings.getOrDefault(PostgresSettings.PORT, PostgresSettings.DEFAULT_PORT);
    if (!port.matches("[1-9]\\d{0,4}") || Integer.parseInt(port) > MOST_PORT) {
      throw invalid(PostgresSettings.PORT, port, "write a number from 1 to 65535");
    }
    String database =
        text(PostgresSettings.DATABASE)
            .orElseThrow(
                () ->
                    OnlineErrors.missingSetting(
                        store, PostgresSettings.DATABASE, "the name of the database"));
    // An address of version 6 has colons of its own.
    String address = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return "jdbc:postgresql://%s:%s/%s"
        .formatted(
            address, port, URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private void tls(Map<String, String> parameters) {
    Map.of(
            PostgresSettings.SSL_MODE, "sslmode",
            PostgresSettings.SSL_ROOT_CERT, "sslrootcert",
            PostgresSettings.SSL_CERT, "sslcert",
            PostgresSettings.SSL_KEY, "sslkey")
        .forEach((key, name) -> text(key).ifPresent(value -> parameters.put(name, value)));
    String mode = parameters.get("sslmode");
    if (mode != null && !mode.matches("disable|allow|prefer|require|verify-ca|verify-full")) {
      throw invalid(
          PostgresSettings.SSL_MODE,
          mode,
          "write disable, allow, prefer, require, verify-ca or verify-full");
    }
  }

  private Password password() {
    Optional<String> text = Optional.ofNullable(settings.get(PostgresSettings.PASSWORD));
    Optional<Path> file = path(PostgresSettings.PASSWORD_FILE);
    if (text.isPresent() && file.isPresent()) {
      throw invalid(
          PostgresSettings.PASSWORD_FILE,
          file.get().toString(),
          "leave out it or password, not both");
    }
    if (text.filter(String::isEmpty).isPresent()) {
      throw invalid(
          PostgresSettings.PASSWORD,
          "(empty)",
          "set the environment variable that it comes from, or leave it out");
    }
    return text.map(Password::of).or(() -> file.map(Password::in)).orElseGet(Password::none);
  }

  private Optional<RateLimit> rateLimit() {
    Optional<String> text = text(PostgresSettings.RATE_LIMIT);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<RateLimit> limit = parse(text.get());
    // A call is a bucket or a part of it: only records say how much it is.
    if (limit.filter(l -> l.unit() == RateLimit.Unit.RECORDS).isEmpty()) {
      throw invalid(
          PostgresSettings.RATE_LIMIT,
          text.get(),
          "write a number and records/s, such as 20000 records/s");
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

  private Optional<String> name(String key) {
    Optional<String> name = text(key);
    if (name.isPresent() && name.get().getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      throw invalid(key, name.get(), "write a name of up to 63 bytes");
    }
    return name;
  }

  private boolean flag(String key, boolean byDefault) {
    String text = settings.getOrDefault(key, String.valueOf(byDefault));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, text, "write true or false");
    };
  }

  private Duration span(String key, String byDefault) {
    String text = settings.getOrDefault(key, byDefault);
    return SpanOfTime.parse(text)
        .map(SpanOfTime::duration)
        .orElseThrow(
            () ->
                invalid(
                    key,
                    text,
                    "write a whole number and seconds, minutes, hours, days or weeks, such as 30"
                        + " seconds"));
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
