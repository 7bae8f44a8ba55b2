package io.fsmigrate.state;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.hadoopio.HadoopFileIO;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a state table lies and how files get there.
 *
 * @param path the table's directory, absolute and with its scheme
 */
record StateStorage(String path, FileIO files, LogPublisher publisher) {
  /** Object stores, whose rename is a copy that neither fails on a taken name nor is atomic. */
  private static final Set<String> WITHOUT_RENAME =
      Set.of("s3", "s3a", "s3n", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  static StateStorage of(String path, Configuration configuration) {
    try {
      String scheme = scheme(path, configuration);
      if (WITHOUT_RENAME.contains(scheme)) {
        throw StateErrors.storeNotSupported(path, scheme);
      }
      if (scheme.equals("file")) {
        FileIO files = new LocalFileIO(configuration);
        return new StateStorage(files.resolvePath(path), files, new LocalLogPublisher());
      }
      FileIO files = new HadoopFileIO(configuration);
      return new StateStorage(
          files.resolvePath(path), files, new RenameLogPublisher(configuration));
    } catch (IOException | IllegalArgumentException e) {
      throw StateErrors.invalidPath(path, e);
    }
  }

  /** Read from the text where it is there: asking Hadoop costs a process its first half second. */
  private static String scheme(String path, Configuration configuration) {
    String own = new Path(path).toUri().getScheme();
    if (own != null) {
      return own.toLowerCase(Locale.ROOT);
    }
    String standard = new Path(configuration.get("fs.defaultFS", "file:///")).toUri().getScheme();
    return standard == null ? "file" : standard.toLowerCase(Locale.ROOT);
  }

  String log() {
    return path + "/_delta_log";
  }
}
