package io.fsmigrate.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where things lie below the warehouse's root.
 *
 * <pre>
 * GROUP/VERSION/RUN            the rows that a run wrote, a Delta table
 * _fs_migrate/refs             branches
 * _fs_migrate/runs             the ledger and the locks
 * _fs_migrate/serving          what online stores were told to serve
 * _fs_migrate/run/RUN/         what belongs to one run: plan.json, report.json, progress, failed,
 *                              settled (of a retry), differences and sums of buckets (of a
 *                              verification), and what its source had to bring together
 * </pre>
 *
 * @param root a path or URI without a slash at its end
 */
public record Warehouse(String root) {
  /** Where the rows of a run go. */
  public String table(String group, String version, String run) {
    return "%s/%s/%s/%s".formatted(root, group, version, run);
  }

  /** The failed records of a run, a Delta table. */
  public String failedRecords(String run) {
    return file(run, "failed");
  }

  /** What became of the records that a retry tried, a Delta table. */
  public String settledRecords(String run) {
    return file(run, "settled");
  }

  /** The rows that a verification found to differ, a Delta table. */
  public String differences(String run) {
    return file(run, "differences");
  }

  /** What belongs to a run, but for its table. */
  public String directory(String run) {
    return "%s/_fs_migrate/run/%s".formatted(root, run);
  }

  /** A file that belongs to a run. */
  public String file(String run, String name) {
    return directory(run) + "/" + name;
  }

  /** Writes a small text, replacing what was there. */
  void writeText(Configuration hadoop, String file, String text) throws IOException {
    Path path = new Path(file);
    FileSystem fs = path.getFileSystem(hadoop);
    try (OutputStream out = fs.create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Reads a small text; empty when there is no such file. */
  public Optional<String> readText(Configuration hadoop, String file) throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes sure that a run can write here, above all its failed records: what could not be written
   * must not be lost for want of a place. It does so by writing and removing a file where a run's
   * would be: permissions alone prove nothing for some users and file systems.
   *
   * @throws io.fsmigrate.error.FsMigrateException NOT_WRITABLE
   */
  void requireWritable(Configuration hadoop) {
    String run = "probe-" + UUID.randomUUID();
    requireWritable(hadoop, new Path(failedRecords(run)), root);
    try {
      Path directory = new Path(directory(run));
      directory.getFileSystem(hadoop).delete(directory, true);
    } catch (IOException | RuntimeException e) {
      throw RunErrors.notWritable(root, e);
    }
  }

  /**
   * Makes sure of the same for a run that has its directory already.
   *
   * @throws io.fsmigrate.error.FsMigrateException NOT_WRITABLE
   */
  void requireFailedRecordsWritable(Configuration hadoop, String run) {
    String table = failedRecords(run);
    requireWritable(hadoop, new Path(table), table);
  }

  private static void requireWritable(Configuration hadoop, Path table, String named) {
    // Names that begin so are nothing to Delta.
    Path probe = new Path(table, "_probe-" + UUID.randomUUID());
    try {
      FileSystem fs = probe.getFileSystem(hadoop);
      boolean there = fs.exists(table);
      fs.create(probe, false).close();
      fs.delete(probe, false);
      if (!there) {
        fs.delete(table, false);
      }
    } catch (IOException | RuntimeException e) {
      throw RunErrors.notWritable(named, e);
    }
  }
}
