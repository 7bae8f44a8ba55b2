package io.fsmigrate.online.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.catalog.ConfigReference;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.online.OnlineStoreDefinition;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresSettingsTest {
  private static final String URL = "jdbc:postgresql://db.example.com:6432/features";

  private static OnlineStoreDefinition definition(String... settings) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    return new OnlineStoreDefinition("serving", "postgresql", all);
  }

  @Test
  void partsMakeTheSameAddressAsAUrl() {
    PostgresSettings parts =
        PostgresSettings.of(
            definition("host", "db.example.com", "port", "6432", "database", "features"));

    assertThat(parts.url())
        .isEqualTo(URL)
        .isEqualTo(PostgresSettings.of(definition("url", URL)).url());
    assertThat(PostgresSettings.of(definition("host", "::1", "database", "a b?c")).url())
        .isEqualTo("jdbc:postgresql://[::1]:5432/a%20b%3Fc");
  }

  @Test
  void parametersOfTheDriverAndTlsArePassedOn() {
    PostgresSettings settings =
        PostgresSettings.of(
            definition(
                "url",
                URL + "?targetServerType=primary&options=-c%20x%3Dy",
                "ssl-mode",
                "verify-full",
                "ssl-root-cert",
                "/ca.pem"));

    assertThat(settings.parameters())
        .containsOnly(
            Map.entry("targetServerType", "primary"),
            Map.entry("options", "-c x=y"),
            Map.entry("sslmode", "verify-full"),
            Map.entry("sslrootcert", "/ca.pem"));
    assertThat(settings.place()).isEqualTo("postgresql://db.example.com:6432/features");
  }

  @Test
  void defaultsAreThoseOfTheReference() {
    Map<String, String> defaults = new HashMap<>();
    ConfigReference.read()
        .keys()
        .forEach(key -> defaults.putIfAbsent(key.key(), key.defaultValue()));

    assertThat(defaults)
        .containsEntry("online-stores.<store>.schema", PostgresSettings.DEFAULT_SCHEMA)
        .containsEntry("online-stores.<store>.port", PostgresSettings.DEFAULT_PORT)
        .containsEntry(
            "online-stores.<store>.connect-timeout", PostgresSettings.DEFAULT_CONNECT_TIMEOUT)
        .containsEntry(
            "online-stores.<store>.unavailable-after", PostgresSettings.DEFAULT_UNAVAILABLE_AFTER);
    PostgresSettings settings = PostgresSettings.of(definition("url", URL));
    assertThat(settings.createTable()).isTrue();
    assertThat(settings.callTimeout()).hasMinutes(5);
    assertThat(settings.rateLimit()).isEmpty();
  }

  @Test
  void noPasswordIsShown() {
    OnlineStoreDefinition definition = definition("url", URL, "password", "hidden");

    assertThat(PostgresSettings.of(definition).toString()).doesNotContain("hidden");
    assertThat(definition.toString()).doesNotContain("hidden");
    for (String url :
        new String[] {
          URL + "?password=hidden",
          URL + "?sslpassword=hidden",
          "jdbc:postgresql://user:hidden@db/features"
        }) {
      assertThatThrownBy(() -> PostgresSettings.of(definition("url", url)))
          .isInstanceOf(FsMigrateException.class)
          .hasMessageContaining("url")
          .hasMessageNotContaining("hidden");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "usr, x, UNKNOWN_STORE_SETTING, there is no setting usr",
    "host, db, INVALID_STORE_SETTING, leave out it or url",
    "password, '', INVALID_STORE_SETTING, environment variable",
    "ssl-mode, on, INVALID_STORE_SETTING, verify-full",
    "rate-limit, 5 calls/s, INVALID_STORE_SETTING, records/s",
    "create-table, maybe, INVALID_STORE_SETTING, true or false",
    "call-timeout, soon, INVALID_STORE_SETTING, 30 days",
    "schema, ' ', INVALID_STORE_SETTING, leave it out",
  })
  void settingsAreChecked(String key, String value, String code, String hint) {
    assertThatThrownBy(() -> PostgresSettings.of(definition("url", URL, key, value)))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContaining("serving").hasMessageContaining(hint);
            });
  }

  @Test
  void anAddressIsNeeded() {
    assertThatThrownBy(() -> PostgresSettings.of(definition("user", "x")))
        .hasMessageContaining("MISSING".toLowerCase(java.util.Locale.ROOT))
        .hasMessageContaining("jdbc:postgresql://HOST:PORT/DATABASE");
    assertThatThrownBy(() -> PostgresSettings.of(definition("host", "db")))
        .hasMessageContaining("database");
    assertThatThrownBy(
            () ->
                PostgresSettings.of(definition("url", URL, "password", "a", "password-file", "/b")))
        .hasMessageContaining("not both");
  }
}
