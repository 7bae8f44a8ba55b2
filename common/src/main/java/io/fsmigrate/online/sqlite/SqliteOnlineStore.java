package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.jdbc.JdbcOnlineStore;

/** Makes online stores of type {@code sqlite}. */
public final class SqliteOnlineStore {
  private SqliteOnlineStore() {}

  /**
   * The store; nothing is opened or created yet.
   *
   * @throws io.fsmigrate.error.FsMigrateException UNKNOWN_STORE_SETTING, MISSING_STORE_SETTING,
   *     INVALID_STORE_SETTING
   */
  public static OnlineStore of(OnlineStoreDefinition definition) {
    return new JdbcOnlineStore(definition.name(), SqliteDialect.of(definition));
  }
}
