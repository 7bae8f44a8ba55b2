package io.fsmigrate.state;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/** Publishes by rename without overwrite, as HDFS does it atomically. */
final class RenameLogPublisher implements LogPublisher {
  private final Configuration configuration;

  RenameLogPublisher(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public void publish(String path, byte[] content) throws IOException {
    Path target = new Path(path);
    Path temporary =
        new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + ".tmp");
    FileContext files = FileContext.getFileContext(target.toUri(), configuration);
    try {
      try (FSDataOutputStream out = files.create(temporary, EnumSet.of(CreateFlag.CREATE))) {
        out.write(content);
        out.hsync();
      }
      rename(files, temporary, target, content);
    } finally {
      files.delete(temporary, false);
    }
  }

  private static void rename(FileContext files, Path temporary, Path target, byte[] content)
      throws IOException {
    try {
      files.rename(temporary, target, Options.Rename.NONE);
    } catch (FileAlreadyExistsException e) {
      throw new java.nio.file.FileAlreadyExistsException(target.toString(), null, e.getMessage());
    } catch (IOException e) {
      // A lost answer is not a lost rename: every commit's content is unique, so it tells.
      if (!holds(files, target, content)) {
        throw e;
      }
    }
  }

  private static boolean holds(FileContext files, Path target, byte[] content) throws IOException {
    if (!files.util().exists(target)) {
      return false;
    }
    try (FSDataInputStream in = files.open(target)) {
      return Arrays.equals(in.readAllBytes(), content);
    }
  }
}
