package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.Password;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.restraint.RateLimit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of an online store of type {@code postgresql}.
 *
 * @param store the store's name in the catalog
 * @param url {@code jdbc:postgresql://...} without parameters, from {@code url} or from {@code
 *     host}, {@code port} and {@code database}
 * @param parameters those of {@code url}, and TLS by {@code ssl-mode}, {@code ssl-root-cert},
 *     {@code ssl-cert} and {@code ssl-key}, under the driver's names
 * @param user setting {@code user}; the driver's choice where it is not set
 * @param password settings {@code password} and {@code password-file}
 * @param schema setting {@code schema}
 * @param table setting {@code table}
 * @param servingView setting {@code serving-view}: the view that shows what is served, {@code
 *     {group}} to be filled in; empty for none
 * @param createTable setting {@code create-table}: whether a missing table is made
 * @param rateLimit setting {@code rate-limit}; empty for none
 * @param connectTimeout setting {@code connect-timeout}
 * @param callTimeout setting {@code call-timeout}: how long to wait for an answer
 * @param unavailableAfter setting {@code unavailable-after}: how long to go on without any success
 */
record PostgresSettings(
    String store,
    String url,
    Map<String, String> parameters,
    Optional<String> user,
    Optional<Password> password,
    String schema,
    NameTemplate table,
    Optional<String> servingView,
    boolean createTable,
    Optional<RateLimit> rateLimit,
    Duration connectTimeout,
    Duration callTimeout,
    Duration unavailableAfter) {
  static final String URL = "url";
  static final String HOST = "host";
  static final String PORT = "port";
  static final String DATABASE = "database";
  static final String USER = "user";
  static final String PASSWORD = "password";
  static final String PASSWORD_FILE = "password-file";
  static final String SCHEMA = "schema";
  static final String TABLE = "table";
  static final String SERVING_VIEW = "serving-view";
  static final String CREATE_TABLE = "create-table";
  static final String RATE_LIMIT = "rate-limit";
  static final String SSL_MODE = "ssl-mode";
  static final String SSL_ROOT_CERT = "ssl-root-cert";
  static final String SSL_CERT = "ssl-cert";
  static final String SSL_KEY = "ssl-key";
  static final String CONNECT_TIMEOUT = "connect-timeout";
  static final String CALL_TIMEOUT = "call-timeout";
  static final String UNAVAILABLE_AFTER = "unavailable-after";

  static final String DEFAULT_PORT = "5432";
  static final String DEFAULT_SCHEMA = "public";
  static final String DEFAULT_CONNECT_TIMEOUT = "5 seconds";
  static final String DEFAULT_CALL_TIMEOUT = "5 minutes";
  static final String DEFAULT_UNAVAILABLE_AFTER = "2 minutes";

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              URL,
              HOST,
              PORT,
              DATABASE,
              USER,
              PASSWORD,
              PASSWORD_FILE,
              SCHEMA,
              TABLE,
              SERVING_VIEW,
              CREATE_TABLE,
              RATE_LIMIT,
              SSL_MODE,
              SSL_ROOT_CERT,
              SSL_CERT,
              SSL_KEY,
              CONNECT_TIMEOUT,
              CALL_TIMEOUT,
              UNAVAILABLE_AFTER));

  PostgresSettings {
    parameters = Map.copyOf(parameters);
  }

  static PostgresSettings of(OnlineStoreDefinition definition) {
    return new SettingsReader(StoreSettings.of(definition, KEYS)).read();
  }

  /** What a message may show: neither user nor password, nor any parameter. */
  String place() {
    return url.substring("jdbc:".length());
  }
}
