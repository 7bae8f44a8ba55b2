package io.fsmigrate.online.postgresql;

import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.jdbc.JdbcOnlineStore;

/** Makes online stores of type {@code postgresql}. */
public final class PostgresOnlineStore {
  private PostgresOnlineStore() {}

  /**
   * The store; nothing is opened or created yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, MISSING_STORE_SETTING,
   *     INVALID_STORE_SETTING
   */
  public static OnlineStore of(OnlineStoreDefinition definition) {
    return new JdbcOnlineStore(
        definition.name(), new PostgresDialect(PostgresSettings.of(definition)));
  }
}
