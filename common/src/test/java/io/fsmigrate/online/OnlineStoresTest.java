package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlineStoresTest {
  @Test
  void anUnknownTypeListsTheKnownOnes() {
    assertThatThrownBy(
            () -> OnlineStores.of(new OnlineStoreDefinition("serving", "sqlit", Map.of())))
        .isInstanceOf(FsMigrateException.class)
        .hasMessageContaining("online store serving")
        .hasMessageContaining("sqlit;")
        .hasMessageContaining("choose one of dynamodb, postgresql, redis, sagemaker, sqlite");
    assertThat(OnlineStores.types()).contains("sqlite");
  }

  @ParameterizedTest
  @CsvSource({
    "paht, x.db, UNKNOWN_STORE_SETTING, 'busy-timeout-ms, path, serving-view, table'",
    "path, ' ', INVALID_STORE_SETTING, path",
    "busy-timeout-ms, soon, INVALID_STORE_SETTING, busy-timeout-ms = soon",
    "busy-timeout-ms, -1, INVALID_STORE_SETTING, busy-timeout-ms = -1",
  })
  void settingsAreChecked(String key, String value, String code, String hint) {
    Map<String, String> settings =
        key.equals("busy-timeout-ms") ? Map.of("path", "x.db", key, value) : Map.of(key, value);

    assertThatThrownBy(
            () -> OnlineStores.of(new OnlineStoreDefinition("serving", "sqlite", settings)))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageContaining("serving").hasMessageContaining(hint);
            });
  }

  @Test
  void aPathThatIsNoPathAndAReservedTableAreRefused() {
    assertThatThrownBy(
            () ->
                OnlineStores.of(
                    new OnlineStoreDefinition("serving", "sqlite", Map.of("path", "a\u0000b"))))
        .hasMessageContaining("write the path of a file");
    OnlineStore store =
        OnlineStores.of(
            new OnlineStoreDefinition(
                "serving", "sqlite", Map.of("path", "target/x.db", "table", "SQLite_x")));
    assertThatThrownBy(() -> store.prepare(OnlineTargets.of()))
        .hasMessageContaining("table = SQLite_x");
  }

  @Test
  void aTargetWithoutItsEventTimeIsRefused() {
    assertThatThrownBy(
            () -> TieRule.of(OnlineTargets.target("flights", "id", "when", "id", "string")))
        .hasMessageContaining("the event time when is not among its features");
  }
}
