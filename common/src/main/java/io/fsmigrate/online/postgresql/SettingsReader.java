package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.restraint.RateLimit;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings of a store in PostgreSQL. */
record SettingsReader(StoreSettings settings) {
  private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^?\\s@]+)(?:\\?(.*))?");
  private static final Pattern HOST = Pattern.compile("[^\\s/?#@,]+");
  private static final String NOT_SHOWN = "(not shown)";

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
        settings.store(),
        url,
        parameters,
        settings.text(PostgresSettings.USER),
        settings.password(PostgresSettings.PASSWORD, PostgresSettings.PASSWORD_FILE),
        name(PostgresSettings.SCHEMA).orElse(PostgresSettings.DEFAULT_SCHEMA),
        settings.name(PostgresSettings.TABLE, NameTemplate.OF_VERSION),
        settings.orNone(PostgresSettings.SERVING_VIEW, NameTemplate.OF_GROUP),
        settings.flag(PostgresSettings.CREATE_TABLE, true),
        // A call is a bucket or a part of it: only records say how much it is.
        settings.rateLimit(PostgresSettings.RATE_LIMIT, EnumSet.of(RateLimit.Unit.RECORDS)),
        settings
            .spanOr(PostgresSettings.CONNECT_TIMEOUT, PostgresSettings.DEFAULT_CONNECT_TIMEOUT)
            .duration(),
        settings
            .spanOr(PostgresSettings.CALL_TIMEOUT, PostgresSettings.DEFAULT_CALL_TIMEOUT)
            .duration(),
        settings
            .spanOr(PostgresSettings.UNAVAILABLE_AFTER, PostgresSettings.DEFAULT_UNAVAILABLE_AFTER)
            .duration());
  }

  private String url(Map<String, String> parameters) {
    Optional<String> url = settings.text(PostgresSettings.URL);
    if (url.isEmpty()) {
      return fromParts();
    }
    settings.requireAbsent(
        List.of(PostgresSettings.HOST, PostgresSettings.PORT, PostgresSettings.DATABASE),
        "leave out it or url, not both");
    Matcher matcher = URL.matcher(url.get());
    if (!matcher.matches()) {
      throw settings.invalid(
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
      throw settings.invalid(
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
        settings
            .text(PostgresSettings.HOST)
            .orElseGet(
                () ->
                    // What people are told to set is the shorter of the two ways.
                    settings.required(
                        PostgresSettings.URL,
                        "jdbc:postgresql://HOST:PORT/DATABASE, or set host and database"));
    if (!HOST.matcher(host).matches()) {
      throw settings.invalid(
          PostgresSettings.HOST, NOT_SHOWN, "write the name or address of one server");
    }
    String port = settings.text(PostgresSettings.PORT).orElse(PostgresSettings.DEFAULT_PORT);
    if (!StoreSettings.isPort(port)) {
      throw settings.invalid(PostgresSettings.PORT, port, "write a number from 1 to 65535");
    }
    String database = settings.required(PostgresSettings.DATABASE, "the name of the database");
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
        .forEach((key, name) -> settings.text(key).ifPresent(value -> parameters.put(name, value)));
    String mode = parameters.get("sslmode");
    if (mode != null && !mode.matches("disable|allow|prefer|require|verify-ca|verify-full")) {
      throw settings.invalid(
          PostgresSettings.SSL_MODE,
          mode,
          "write disable, allow, prefer, require, verify-ca or verify-full");
    }
  }

  private Optional<String> name(String key) {
    Optional<String> name = settings.text(key);
    if (name.isPresent() && name.get().getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      throw settings.invalid(key, name.get(), "write a name of up to 63 bytes");
    }
    return name;
  }
}
