package io.fsmigrate.online.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.feature.Feature;
import io.fsmigrate.feature.FeatureSchema;
import io.fsmigrate.feature.FeatureType;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.feature.VersionedGroup;
import io.fsmigrate.online.Fence;
import io.fsmigrate.online.OnlineRecord;
import io.fsmigrate.online.OnlineStore;
import io.fsmigrate.online.OnlineStoreDefinition;
import io.fsmigrate.online.RecordLayout;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that cannot grow, here by its own limit; a full disk has the same code. */
class SqliteFullTest {
  private static final VersionedGroup NOTES =
      new VersionedGroup(
          "notes",
          new FeatureVersion("1.0.0"),
          new FeatureSchema(
              List.of(
                  new Feature("id", FeatureType.parse("string")),
                  new Feature("at", FeatureType.parse("timestamp")),
                  new Feature("text", FeatureType.parse("string")))),
          "id",
          "at",
          List.of(),
          List.of());

  @TempDir private Path directory;

  @Test
  void aDatabaseThatCannotGrowIsNamedAndKeepsNothingOfTheBucket() throws SQLException {
    Path database = directory.resolve("online.db");
    OnlineStoreDefinition definition =
        new OnlineStoreDefinition(
            "local", "sqlite", Map.of("path", database.toString(), "table", "{group}"));
    OnlineStore store = SqliteOnlineStore.of(definition);
    store.prepare(NOTES);
    RecordLayout layout = RecordLayout.of(NOTES);
    SqliteDialect dialect = SqliteDialect.of(definition);
    Connection connection = dialect.openToWrite(layout);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA max_page_count = 20");
    }

    try (SqliteRecordWriter writer =
        SqliteRecordWriter.open(dialect, "notes", layout, Fence.NONE, connection)) {
      writer.write(records(1), outcome -> assertThat(outcome.written()).isEqualTo(1));
      FsMigrateException full =
          catchThrowableOfType(
              FsMigrateException.class, () -> writer.write(records(1000), outcome -> {}));

      assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(full.code()).isEqualTo("SQLITE_FULL");
      assertThat(full)
          .hasMessageContaining(database.toString())
          .hasMessageContaining("online store local")
          .hasMessageContaining("Make room")
          .hasMessageContaining("can be resumed");
    }
    assertThat(store.count(NOTES)).hasValue(0);

    try (var writer = SqliteRecordWriter.open(dialect, "notes", layout, Fence.NONE)) {
      writer.write(records(1000), outcome -> assertThat(outcome.written()).isEqualTo(1000));
      writer.commit();
    }
    assertThat(store.count(NOTES)).hasValue(1000);
  }

  private static List<OnlineRecord> records(int number) {
    List<OnlineRecord> records = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      records.add(OnlineRecord.of("r" + i, Instant.parse("2026-01-01T00:00:00Z"), "x".repeat(200)));
    }
    return records;
  }
}
