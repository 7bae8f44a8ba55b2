package io.fsmigrate.online.redis;

import io.fsmigrate.online.NameTemplate;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.StoreSettings;
import io.fsmigrate.online.restraint.RateLimit;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of an online store of type {@code redis}.
 *
 * @param store the store's name in the catalog
 * @param layout setting {@code layout}
 * @param keyPrefix setting {@code key-prefix}, for {@link Layout#HASH}: what keys begin with
 * @param servingKey setting {@code serving-key}, likewise: the key that says what is served, {@code
 *     {group}} to be filled in
 * @param feast settings of {@link Layout#FEAST}; empty with another
 * @param timeToLive setting {@code ttl}; empty for ever
 * @param rateLimit setting {@code rate-limit}; empty for none
 * @param unavailableAfter setting {@code unavailable-after}: how long to go on without any success
 */
record RedisSettings(
    String store,
    RedisAccess access,
    Layout layout,
    NameTemplate keyPrefix,
    String servingKey,
    Optional<FeastNames> feast,
    Optional<Duration> timeToLive,
    Optional<RateLimit> rateLimit,
    Duration unavailableAfter) {
  static final String NODES = "nodes";
  static final String CLUSTER = "cluster";
  static final String DATABASE = "database";
  static final String USER = "user";
  static final String PASSWORD = "password";
  static final String PASSWORD_FILE = "password-file";
  static final String TLS = "tls";
  static final String TLS_CA = "tls-ca-file";
  static final String LAYOUT = "layout";
  static final String KEY_PREFIX = "key-prefix";
  static final String SERVING_KEY = "serving-key";
  static final String PROJECT = "project";
  static final String FEATURE_VIEW = "feature-view";
  static final String ENTITY = "entity";
  static final String ENTITY_TYPE = "entity-type";
  static final String TTL = "ttl";
  static final String RATE_LIMIT = "rate-limit";
  static final String CONNECT_TIMEOUT = "connect-timeout";
  static final String CALL_TIMEOUT = "call-timeout";
  static final String UNAVAILABLE_AFTER = "unavailable-after";

  static final Set<String> KEYS =
      Set.of(
          NODES,
          CLUSTER,
          DATABASE,
          USER,
          PASSWORD,
          PASSWORD_FILE,
          TLS,
          TLS_CA,
          LAYOUT,
          KEY_PREFIX,
          SERVING_KEY,
          PROJECT,
          FEATURE_VIEW,
          ENTITY,
          ENTITY_TYPE,
          TTL,
          RATE_LIMIT,
          CONNECT_TIMEOUT,
          CALL_TIMEOUT,
          UNAVAILABLE_AFTER);

  /** What a record looks like in Redis. */
  enum Layout {
    /** {@link HashForm}. */
    HASH,
    /** {@link FeastForm}. */
    FEAST
  }

  /**
   * Names of the Feast deployment that serves the records.
   *
   * @param view the feature view
   * @param entity the join key; empty for the record identifier's name
   * @param entityType the join key's type; empty for that of the record identifier
   */
  record FeastNames(
      String project, NameTemplate view, Optional<String> entity, Optional<FeastType> entityType) {}

  static RedisSettings of(OnlineStoreDefinition definition) {
    return new SettingsReader(StoreSettings.of(definition, new TreeSet<>(KEYS))).read();
  }
}
