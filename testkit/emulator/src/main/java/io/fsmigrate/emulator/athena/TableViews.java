package io.fsmigrate.emulator.athena;

import io.fsmigrate.emulator.group.GroupRegistry;
import io.fsmigrate.emulator.offline.Database;
import io.fsmigrate.emulator.offline.OfflineWriter;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.s3.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of feature groups: views over the files of their offline stores. */
final class TableViews {
  private final GroupRegistry groups;
  private final ObjectStore objects;

  TableViews(GroupRegistry groups, ObjectStore objects) {
    this.groups = groups;
    this.objects = objects;
  }

  /**
   * Brings the views of all tables that a statement names up to date.
   *
   * @return the total length of their files, in bytes
   */
  synchronized long refresh(Statement statement, AthenaSql sql, String database)
      throws SQLException {
    String catalog = Database.name(Database.CATALOG);
    statement.execute("CREATE SCHEMA IF NOT EXISTS " + catalog + '.' + Database.name(database));
    long bytes = 0;
    for (FeatureGroup group : groups.all()) {
      FeatureGroup.Offline offline = group.offline().orElse(null);
      if (offline == null || !sql.names(offline.table())) {
        continue;
      }
      List<Path> files =
          objects.files(offline.bucket(), offline.resolvedPrefix() + '/').stream()
              .filter(file -> file.toString().endsWith(".parquet"))
              .toList();
      String schema = catalog + '.' + Database.name(offline.database());
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
      statement.execute(
          "CREATE OR REPLACE VIEW "
              + schema
              + '.'
              + Database.name(offline.table())
              + " AS "
              + definition(group, offline, !files.isEmpty()));
      bytes += length(files);
    }
    return bytes;
  }

  private String definition(FeatureGroup group, FeatureGroup.Offline offline, boolean withFiles) {
    List<String> columns = new ArrayList<>();
    for (FeatureDefinition feature : group.schema().features()) {
      columns.add(nothing(OfflineWriter.sqlType(feature), feature.name().toLowerCase(Locale.ROOT)));
    }
    columns.add(nothing("TIMESTAMP", "write_time"));
    columns.add(nothing("TIMESTAMP", "api_invocation_time"));
    columns.add(nothing("BOOLEAN", "is_deleted"));
    for (String part : List.of("year", "month", "day", "hour")) {
      columns.add(nothing("VARCHAR", part));
    }
    String empty = "SELECT " + String.join(", ", columns) + " WHERE false";
    if (!withFiles) {
      return empty;
    }
    // Looking for columns in every file takes long, so only where they may differ.
    // Features that were added later are missing in older files, or in all: the first part has all.
    String glob = objects.path(offline.bucket(), offline.resolvedPrefix()) + "/**/*.parquet";
    return "SELECT * FROM ("
        + empty
        + " UNION ALL BY NAME SELECT * REPLACE (CAST(write_time AS TIMESTAMP) AS write_time,"
        + " CAST(api_invocation_time AS TIMESTAMP) AS api_invocation_time) FROM read_parquet("
        + Database.text(glob)
        + ", union_by_name = "
        + group.featuresAdded()
        + ", hive_partitioning = true, hive_types = {'year': VARCHAR,"
        + " 'month': VARCHAR, 'day': VARCHAR, 'hour': VARCHAR}))";
  }

  private static String nothing(String type, String column) {
    return "CAST(NULL AS " + type + ") AS " + Database.name(column);
  }

  private static long length(List<Path> files) {
    long bytes = 0;
    for (Path file : files) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read the length of " + file, e);
      }
    }
    return bytes;
  }
}
