package io.fsmigrate.state;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.commit.Committer;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.files.ParsedDeltaData;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.CloseableIterator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/**
 * Commits through a {@link LogPublisher}. Kernel's own committer is not safe for several processes
 * on a local disk: it leaves torn JSON and stale checksum files behind.
 */
final class PublishingCommitter implements Committer {
  /** What became of an attempt. */
  enum Outcome {
    /** It was not made, or failed without a trace. */
    NOT_PUBLISHED,
    /** Another writer has the version. */
    CONFLICT,
    /** The version is there, whatever went wrong afterwards. */
    PUBLISHED
  }

  private final FileIO files;
  private final LogPublisher publisher;
  private Outcome outcome = Outcome.NOT_PUBLISHED;

  PublishingCommitter(FileIO files, LogPublisher publisher) {
    this.files = files;
    this.publisher = publisher;
  }

  /** Forgets the last attempt. */
  void begin() {
    outcome = Outcome.NOT_PUBLISHED;
  }

  /** What became of the last attempt. Kernel reads the log after it, and that may fail as well. */
  Outcome outcome() {
    return outcome;
  }

  @Override
  public CommitResponse commit(
      Engine engine, CloseableIterator<Row> finalizedActions, CommitMetadata commitMetadata)
      throws CommitFailedException {
    long version = commitMetadata.getVersion();
    String log = commitMetadata.getDeltaLogDirPath();
    String target = FileNames.deltaFile(log, version);
    try {
      publisher.publish(target, content(finalizedActions));
      if (version > 0 && !exists(FileNames.deltaFile(log, version - 1))) {
        // This writer slept for so long that the log moved on and was cleaned up behind it: the
        // name
        // was free because it had been used and deleted.
        files.delete(target);
        throw conflict(version, null);
      }
      outcome = Outcome.PUBLISHED;
      return new CommitResponse(ParsedDeltaData.forFileStatus(files.getFileStatus(target)));
    } catch (FileAlreadyExistsException e) {
      throw conflict(version, e);
    } catch (NoSuchFileException e) {
      // This writer slept for so long that its temporary file was cleaned up: begin anew.
      throw conflict(version, e);
    } catch (IOException e) {
      throw new CommitFailedException(false, false, "Cannot write " + target, e);
    }
  }

  private static byte[] content(CloseableIterator<Row> actions) throws IOException {
    try (actions) {
      StringBuilder text = new StringBuilder();
      actions.forEachRemaining(row -> text.append(JsonUtils.rowToJson(row)).append('\n'));
      return text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  private boolean exists(String path) throws IOException {
    try {
      files.getFileStatus(path);
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private CommitFailedException conflict(long version, IOException cause) {
    outcome = Outcome.CONFLICT;
    return new CommitFailedException(true, true, "Version " + version + " is taken", cause);
  }
}
