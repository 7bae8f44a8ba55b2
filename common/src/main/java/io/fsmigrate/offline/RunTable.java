package io.fsmigrate.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A Delta table that one run writes and nobody else: the run's rows, or its failed records. Readers
 * see it only once a branch points to it.
 */
public final class RunTable {
  private final SparkSession session;
  private final String location;
  private final int retentionDays;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * The table at that place, whether or not it is there yet.
   *
   * @param retentionDays days for which old versions stay readable; Delta's default would let them
   *     go after a week
   */
  public RunTable(SparkSession session, String location, int retentionDays) {
    this.session = session;
    this.retentionDays = retentionDays;
    this.location = location;
  }

  /** Where it is. */
  public String location() {
    return location;
  }

  /** Creates the empty table unless it is there. */
  public void create(StructType schema) {
    if (exists()) {
      return;
    }
    session
        .createDataFrame(List.of(), schema)
        .write()
        .format("delta")
        .mode("append")
        .options(properties())
        .save(location);
  }

  private Map<String, String> properties() {
    String interval = "interval %d days".formatted(retentionDays);
    return Map.of(
        "delta.deletedFileRetentionDuration", interval, "delta.logRetentionDuration", interval);
  }

  /**
   * Starts the table as a shallow clone: the other table's rows without a copy of its files. Does
   * nothing when the table is there.
   */
  public void cloneFrom(String source, long version) {
    if (exists()) {
      return;
    }
    session.sql(
        "CREATE TABLE delta.`%1$s` SHALLOW CLONE delta.`%2$s` VERSION AS OF %3$d TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval %4$d days', 'delta.logRetentionDuration' = 'interval %4$d days')"
            .formatted(location, source, version, retentionDays));
  }

  /**
   * Appends rows in one commit, once: a transaction that the table has already is not written
   * again.
   *
   * @param transaction unique among the commits of this table
   * @param userMetadata kept in the commit, see {@link #commits}
   */
  public void append(Dataset<Row> rows, String transaction, String userMetadata) {
    append(rows, transaction, userMetadata, Map.of());
  }

  /** The same of rows with more columns than the table, which an earlier release has made. */
  public void appendWider(Dataset<Row> rows, String transaction, String userMetadata) {
    append(rows, transaction, userMetadata, Map.of("mergeSchema", "true"));
  }

  private void append(
      Dataset<Row> rows, String transaction, String userMetadata, Map<String, String> options) {
    rows.write()
        .format("delta")
        .mode("append")
        .option("txnAppId", transaction)
        .option("txnVersion", 1)
        .option("userMetadata", userMetadata)
        .options(options)
        .options(exists() ? Map.of() : properties())
        .save(location);
  }

  /**
   * Ends what an earlier writer is about to commit: a change of the table's properties conflicts
   * with every write that began before it. Does nothing where there is no table.
   *
   * @param token of the present writer
   */
  public void raiseFence(long token) {
    if (exists()) {
      session.sql(
          "ALTER TABLE delta.`%s` SET TBLPROPERTIES ('fs-migrate.fence' = '%d')"
              .formatted(location, token));
    }
  }

  /** Removes the rows whose values in the columns of the keys are those of one of them. */
  public void deleteKeys(Dataset<Row> keys) {
    String view = "fs_migrate_keys_" + UUID.randomUUID().toString().replace("-", "");
    keys.createOrReplaceTempView(view);
    try {
      String same =
          Stream.of(keys.columns())
              .map(name -> "`" + name.replace("`", "``") + "`")
              .map(name -> "t.%s <=> k.%s".formatted(name, name))
              .collect(Collectors.joining(" AND "));
      keys.sparkSession()
          .sql(
              "MERGE INTO delta.`%s` t USING %s k ON %s WHEN MATCHED THEN DELETE"
                  .formatted(location, view, same));
    } finally {
      keys.sparkSession().catalog().dropTempView(view);
    }
  }

  /** Whether the table has a commit. */
  public boolean exists() {
    return !logFiles().isEmpty();
  }

  /** The commits after that version, ascending; read from the log, not from Spark. */
  public List<TableCommit> commitsAfter(long version) {
    List<TableCommit> commits = new ArrayList<>();
    for (FileStatus file : logFiles()) {
      long number = versionOf(file.getPath());
      if (number > version) {
        commits.add(read(file.getPath(), number));
      }
    }
    commits.sort(Comparator.comparingLong(TableCommit::version));
    return commits;
  }

  private List<FileStatus> logFiles() {
    List<FileStatus> files = new ArrayList<>();
    try {
      Path log = new Path(location, "_delta_log");
      for (FileStatus file : fileSystem().listStatus(log)) {
        if (file.getPath().getName().matches("\\d{20}\\.json")) {
          files.add(file);
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(location, e);
    }
    return files;
  }

  private static long versionOf(Path path) {
    return Long.parseLong(path.getName().substring(0, 20));
  }

  private TableCommit read(Path file, long version) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(fileSystem().open(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode info = json.readTree(line).get("commitInfo");
        if (info != null) {
          JsonNode metrics = info.path("operationMetrics");
          return new TableCommit(
              version,
              Optional.ofNullable(info.get("userMetadata")).map(JsonNode::asText),
              metrics.path("numOutputRows").asLong(),
              metrics.path("numFiles").asLong(),
              metrics.path("numOutputBytes").asLong());
        }
      }
      return new TableCommit(version, Optional.empty(), 0, 0, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private FileSystem fileSystem() throws IOException {
    return new Path(location).getFileSystem(session.sparkContext().hadoopConfiguration());
  }
}
