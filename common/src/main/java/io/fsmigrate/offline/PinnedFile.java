package io.fsmigrate.offline;

import java.io.Serializable;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A data file as it was when it was listed.
 *
 * @param path with scheme
 * @param length bytes
 * @param modified milliseconds since 1970
 */
public record PinnedFile(String path, long length, long modified) implements Serializable {
  /** What a listing says of a file. */
  public static PinnedFile of(FileStatus status) {
    return new PinnedFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime());
  }

  /** The same for Hadoop, without asking the file system again. */
  FileStatus status() {
    return new FileStatus(length, false, 1, Math.max(1, length), modified, new Path(path));
  }
}
