package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.FsMigrateException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pointer and the view in SQLite. */
class SqliteServingPointerTest extends ServingPointerContract {
  @TempDir private Path directory;

  @Override
  OnlineStoreDefinition definition() {
    return new OnlineStoreDefinition(
        "local", "sqlite", Map.of("path", directory.resolve("online.db").toString()));
  }

  @Test
  void theViewShowsWhatIsServed() throws SQLException {
    writeBoth();
    pointer().move(served(FIRST, "ada"), Optional.empty());
    assertThat(rows("SELECT delay FROM flights")).containsExactly("1");

    pointer().move(served(SECOND, "ada"), Optional.of(served(FIRST, "ada")));

    assertThat(rows("SELECT minutes FROM flights")).containsExactly("2");
    assertThat(rows("SELECT place FROM fs_migrate_serving")).containsExactly("flights@2.0.0");
  }

  @Test
  void whatHasTheNameOfTheViewStays() throws SQLException {
    writeBoth();
    rows("CREATE VIEW Flights AS SELECT 1 AS mine");

    FsMigrateException refusal =
        catchThrowableOfType(
            FsMigrateException.class, () -> pointer().move(served(FIRST, "ada"), Optional.empty()));

    assertThat(refusal.code()).isEqualTo("SERVING_VIEW_TAKEN");
    assertThat(pointer().read("flights")).isEmpty();
    assertThat(rows("SELECT mine FROM flights")).containsExactly("1");
  }

  @Test
  void aTableThatVersionsShareIsItsOwnView() throws SQLException {
    Map<String, String> settings = Map.of("path", directory.resolve("online.db").toString());
    Map<String, String> shared = new java.util.HashMap<>(settings);
    shared.put("table", "{group}");
    OnlineStore store = OnlineStores.of(new OnlineStoreDefinition("local", "sqlite", shared));
    write(store, FIRST, OnlineRecord.of("a", NOON, 1));
    Served served = new Served("flights", FIRST.version(), FIRST.version(), "flights", NOON, "ada");

    assertThat(store.pointer().orElseThrow().move(served, Optional.empty())).isTrue();

    assertThat(rows("SELECT type FROM sqlite_master WHERE name = 'flights'"))
        .containsExactly("table");
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("online.db"));
        Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            rows.add(result.getString(1));
          }
        }
      }
      return rows;
    }
  }
}
