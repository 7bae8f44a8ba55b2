package io.fsmigrate.online.sqlite;

import io.fsmigrate.online.OnlineErrors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What can be told about a database file without SQLite. */
final class SqliteFile {
  private SqliteFile() {}

  /** Refuses a place that SQLite could not write to; leaves nothing behind. */
  static void checkWritable(Path database) {
    Path directory = database.getParent();
    if (directory == null || Files.isDirectory(database)) {
      throw OnlineErrors.notWritable(
          database.toString(), "it is a directory; choose a file in it as path");
    }
    if (!Files.isDirectory(directory)) {
      throw OnlineErrors.notWritable(
          database.toString(),
          "the directory %s does not exist; create it or choose another path".formatted(directory));
    }
    try {
      // Permissions say little for root and for read-only mounts: only trying tells. The directory
      // counts as well as the file, since the write-ahead log lies beside it.
      Files.delete(Files.createTempFile(directory, ".fs-migrate-", ".check"));
      if (Files.exists(database)) {
        FileChannel.open(database, StandardOpenOption.WRITE).close();
      }
    } catch (IOException e) {
      throw OnlineErrors.notWritable(
          database.toString(),
          "%s (%s); make it writable or choose another path"
              .formatted(e.getMessage(), e.getClass().getSimpleName()));
    }
  }

  /**
   * The mode that reads and leaves no trace. Beside a write-ahead log, which a live or killed
   * writer owns, only {@code ro} leaves that log as it is; without one, {@code ro} would leave an
   * empty log behind, which {@code rw} removes when it closes.
   */
  static String readMode(Path database) {
    return Files.exists(database.resolveSibling(database.getFileName() + "-wal")) ? "ro" : "rw";
  }
}
