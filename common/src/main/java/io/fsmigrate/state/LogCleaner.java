package io.fsmigrate.state;

import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes log files that no reader needs any more, so that listing the log stays fast, and what
 * killed writers left behind.
 *
 * <p>Oldest first: a writer concludes from the file of its version that no newer one is gone.
 */
final class LogCleaner {
  private final StateStorage storage;
  private final StateOptions options;
  private final Clock clock;

  LogCleaner(StateStorage storage, StateOptions options, Clock clock) {
    this.storage = storage;
    this.options = options;
    this.clock = clock;
  }

  void clean(long checkpoint) throws IOException {
    long newest = clock.millis() - options.minimumLogAge().toMillis();
    for (FileStatus file : list()) {
      String name = file.getPath().substring(file.getPath().lastIndexOf('/') + 1);
      boolean old = file.getModificationTime() <= newest;
      if (old && (isTemporary(name) || isLogBefore(name, checkpoint - options.logSlack()))) {
        storage.files().delete(file.getPath());
      }
    }
  }

  /** Sorted by name, which is by version. */
  List<FileStatus> list() throws IOException {
    List<FileStatus> all = new ArrayList<>();
    // "!" sorts before every name that occurs, the temporary ones with their leading dot included.
    try (CloseableIterator<FileStatus> files = storage.files().listFrom(storage.log() + "/!")) {
      files.forEachRemaining(all::add);
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return all;
  }

  /** Whether the log has any version. */
  boolean hasVersions() throws IOException {
    return list().stream()
        .anyMatch(
            file ->
                FileNames.isCommitFile(file.getPath())
                    || FileNames.isCheckpointFile(file.getPath()));
  }

  private static boolean isTemporary(String name) {
    return name.startsWith(".") && name.endsWith(".tmp");
  }

  private static boolean isLogBefore(String name, long version) {
    return (FileNames.isCommitFile(name) && FileNames.deltaVersion(name) < version)
        || (FileNames.isCheckpointFile(name) && FileNames.checkpointVersion(name) < version);
  }
}
