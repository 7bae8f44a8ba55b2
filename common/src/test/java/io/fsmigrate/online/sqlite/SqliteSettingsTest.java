package io.fsmigrate.online.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.fsmigrate.catalog.ConfigReference;
import org.junit.jupiter.api.Test;

class SqliteSettingsTest {
  @Test
  void theTimeOutIsTheOneThatTheReferenceNames() {
    assertThat(ConfigReference.read().keys())
        .filteredOn(key -> key.key().equals("online-stores.<store>.busy-timeout-ms"))
        .extracting(ConfigReference.Key::defaultValue)
        .containsExactly(String.valueOf(SqliteSettings.DEFAULT_BUSY_TIMEOUT_MILLIS));
  }
}
