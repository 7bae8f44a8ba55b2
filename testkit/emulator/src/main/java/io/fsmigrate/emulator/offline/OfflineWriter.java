package io.fsmigrate.emulator.offline;

import io.fsmigrate.emulator.record.CollectionType;
import io.fsmigrate.emulator.record.EmulatorClock;
import io.fsmigrate.emulator.record.FeatureDefinition;
import io.fsmigrate.emulator.record.FeatureGroup;
import io.fsmigrate.emulator.record.Schema;
import io.fsmigrate.emulator.record.StoredRecord;
import io.fsmigrate.emulator.s3.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes rows as Parquet in the layout of the Glue table format: {@code
 * year=YYYY/month=MM/day=DD/hour=HH} of the event time.
 */
public final class OfflineWriter {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Database database;
  private final ObjectStore objects;
  private final EmulatorClock clock;
  private final Path scratch;

  /** Writes objects by way of a directory for passing files. */
  public OfflineWriter(Database database, ObjectStore objects, EmulatorClock clock, Path scratch) {
    this.database = database;
    this.objects = objects;
    this.clock = clock;
    this.scratch = scratch;
  }

  void write(FeatureGroup group, List<OfflineRow> rows) {
    Path directory = scratch.resolve("offline-" + UUID.randomUUID());
    Schema schema = group.schema();
    try (DuckDBConnection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(staging(schema));
      append(connection, schema, rows);
      statement.execute(copy(schema, directory));
      publish(group.offline().orElseThrow(), directory);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot write rows of " + group.name(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write rows of " + group.name(), e);
    }
  }

  private static String staging(Schema schema) {
    StringBuilder sql = new StringBuilder("CREATE OR REPLACE TEMP TABLE staging (");
    for (int i = 0; i < schema.features().size(); i++) {
      sql.append('f').append(i).append(" VARCHAR, ");
    }
    return sql.append("event_time BIGINT, invoked BIGINT, deleted BOOLEAN)").toString();
  }

  private static void append(DuckDBConnection connection, Schema schema, List<OfflineRow> rows)
      throws SQLException {
    try (DuckDBAppender appender = connection.createAppender("temp", "main", "staging")) {
      int features = schema.features().size();
      for (OfflineRow row : rows) {
        appender.beginRow();
        for (Object value : StoredRecord.values(row.record(), features)) {
          appender.append((String) value);
        }
        appender.append(StoredRecord.eventTime(row.record()));
        appender.append(row.invoked());
        appender.append(row.deleted());
        appender.endRow();
      }
    }
  }

  private String copy(Schema schema, Path directory) {
    StringBuilder sql = new StringBuilder("COPY (SELECT ");
    for (int i = 0; i < schema.features().size(); i++) {
      FeatureDefinition feature = schema.features().get(i);
      sql.append("CAST(f").append(i).append(" AS ").append(sqlType(feature)).append(") AS ");
      sql.append(Database.name(feature.name())).append(", ");
    }
    // With a zone, so that every reader takes them for instants.
    sql.append("CAST(make_timestamp(").append(clock.micros()).append(") AS TIMESTAMPTZ)");
    sql.append(" AS write_time, CAST(make_timestamp(invoked) AS TIMESTAMPTZ)");
    sql.append(" AS api_invocation_time, deleted AS is_deleted");
    for (String[] part :
        new String[][] {{"%Y", "year"}, {"%m", "month"}, {"%d", "day"}, {"%H", "hour"}}) {
      sql.append(", strftime(make_timestamp(event_time), '").append(part[0]).append("') AS ");
      sql.append(part[1]);
    }
    sql.append(" FROM staging) TO ").append(Database.text(directory.toString()));
    sql.append(" (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (year, month, day, hour))");
    return sql.toString();
  }

  /** The type of a feature in files and tables. */
  public static String sqlType(FeatureDefinition feature) {
    if (feature.collection() != CollectionType.NONE) {
      throw new IllegalArgumentException("Collections have no offline store: " + feature.name());
    }
    return switch (feature.type()) {
      case STRING -> "VARCHAR";
      case INTEGRAL -> "BIGINT";
      case FRACTIONAL -> "DOUBLE";
    };
  }

  private void publish(FeatureGroup.Offline offline, Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name =
            STAMP.format(Instant.ofEpochMilli(clock.micros() / 1000))
                + '_'
                + UUID.randomUUID().toString().replace("-", "").substring(0, 16)
                + ".parquet";
        String partition = directory.relativize(file.getParent()).toString();
        objects.put(
            offline.bucket(), offline.resolvedPrefix() + '/' + partition + '/' + name, file);
      }
    }
    Database.deleteTree(directory);
  }
}
