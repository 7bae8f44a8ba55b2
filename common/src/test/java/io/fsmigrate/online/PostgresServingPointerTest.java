package io.fsmigrate.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.PostgresServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pointer and the view in PostgreSQL. */
class PostgresServingPointerTest extends ServingPointerContract {
  private final PostgresServer server = SharedPostgres.server();

  @BeforeEach
  void empty() {
    SharedPostgres.emptySchema();
  }

  @Override
  OnlineStoreDefinition definition() {
    return definition(Map.of());
  }

  private OnlineStoreDefinition definition(Map<String, String> more) {
    Map<String, String> settings = new java.util.HashMap<>(Map.of("table", "{group}@{version}"));
    settings.putAll(more);
    return SharedPostgres.definition(server, settings);
  }

  @Test
  void theViewShowsWhatIsServedAndKeepsItsReaders() {
    writeBoth();
    server.execute(
        "DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    pointer().move(served(FIRST, "ada"), Optional.empty());
    server.execute("GRANT SELECT ON features.flights TO reader");
    assertThat(server.rows("SELECT id, delay FROM features.flights")).containsExactly("a|1");

    pointer().move(served(SECOND, "ada"), Optional.of(served(FIRST, "ada")));

    assertThat(server.rows("SELECT id, minutes FROM features.flights")).containsExactly("a|2");
    assertThat(server.rows("SELECT has_table_privilege('reader', 'features.flights', 'SELECT')"))
        .containsExactly("t");
    assertThat(server.rows("SELECT place FROM features.fs_migrate_serving"))
        .containsExactly("flights@2.0.0");
    assertThat(
            server.rows(
                "SELECT pg_get_userbyid(relowner) FROM pg_class"
                    + " WHERE oid = 'features.flights'::regclass"))
        .containsExactly("writer");
  }

  @Test
  void whatHasTheNameOfTheViewStays() {
    writeBoth();
    server.execute("CREATE TABLE features.flights (x int)");

    for (ThrowingMove move :
        new ThrowingMove[] {
          () -> pointer().check("flights", "flights@1.0.0"),
          () -> pointer().move(served(FIRST, "ada"), Optional.empty())
        }) {
      FsMigrateException refusal = catchThrowableOfType(FsMigrateException.class, move::make);
      assertThat(refusal.code()).isEqualTo("SERVING_VIEW_TAKEN");
      assertThat(refusal).hasMessageContaining("flights is a table").hasMessageContaining("none");
    }
    assertThat(pointer().read("flights")).isEmpty();
    OnlineStore without = OnlineStores.of(definition(Map.of("serving-view", "none")));
    assertThat(without.pointer().orElseThrow().move(served(FIRST, "ada"), Optional.empty()))
        .isTrue();
    assertThat(server.rows("SELECT * FROM features.flights")).isEmpty();
  }

  private interface ThrowingMove {
    void make();
  }

  @Test
  void aViewOnWhichOthersAreBuiltIsNotChangedUnderThem() {
    writeBoth();
    pointer().move(served(FIRST, "ada"), Optional.empty());
    server.execute("CREATE VIEW features.late AS SELECT id FROM features.flights WHERE delay > 0");

    FsMigrateException refusal =
        catchThrowableOfType(
            FsMigrateException.class,
            () -> pointer().move(served(SECOND, "ada"), Optional.of(served(FIRST, "ada"))));

    assertThat(refusal.code()).isEqualTo("SERVING_VIEW_IN_USE");
    assertThat(refusal.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(pointer().read("flights")).contains(served(FIRST, "ada"));
    assertThat(server.rows("SELECT * FROM features.late")).containsExactly("a");
  }

  @Test
  void aViewUnderAnotherNameDoesNotGoOnShowingTheOldVersion() {
    writeBoth();
    pointer().move(served(FIRST, "ada"), Optional.empty());
    OnlineStore renamed = OnlineStores.of(definition(Map.of("serving-view", "{group}_now")));

    renamed.pointer().orElseThrow().move(served(SECOND, "ada"), Optional.of(served(FIRST, "ada")));

    assertThat(server.rows("SELECT minutes FROM features.flights_now")).containsExactly("2");
    assertThat(server.rows("SELECT to_regclass('features.flights')")).containsExactly("null");
  }

  @Test
  void rightsAreAskedForBeforeTheyAreNeeded() {
    write(store(), FIRST, OnlineRecord.of("a", NOON, 1));
    OnlineStore strict = OnlineStores.of(definition(Map.of("create-table", "false")));
    FsMigrateException noTable =
        catchThrowableOfType(
            FsMigrateException.class,
            () -> strict.pointer().orElseThrow().check("flights", "flights@1.0.0"));
    server.execute("ALTER SCHEMA features OWNER TO CURRENT_USER");
    server.execute("GRANT USAGE ON SCHEMA features TO writer");
    FsMigrateException noRight =
        catchThrowableOfType(
            FsMigrateException.class, () -> pointer().check("flights", "flights@1.0.0"));

    assertThat(noTable.code()).isEqualTo("SERVING_TABLE_MISSING");
    assertThat(noRight).hasMessageContaining("CREATE on schema features");
    String create = noTable.getMessage().substring(noTable.getMessage().indexOf("CREATE TABLE"));
    server.execute(create, "GRANT SELECT, INSERT, UPDATE ON features.fs_migrate_serving TO writer");
    ServingPointer row =
        OnlineStores.of(definition(Map.of("serving-view", "none", "create-table", "false")))
            .pointer()
            .orElseThrow();
    row.check("flights", "flights@1.0.0");
    assertThat(row.move(served(FIRST, "ada"), Optional.empty())).isTrue();
  }

  @Test
  void namesThatTheServerWouldCutAreRefused() {
    OnlineStore store = OnlineStores.of(definition(Map.of("table", "{group}_" + "x".repeat(60))));

    FsMigrateException refusal =
        catchThrowableOfType(FsMigrateException.class, () -> store.check(FIRST, false));

    assertThat(refusal).hasMessageContaining("63 bytes").hasMessageContaining("table");
  }
}
