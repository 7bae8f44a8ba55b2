package io.fsmigrate.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whole files on a local disk that survive a crash: temporary file, fsync, then the name. */
final class LocalFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LocalFiles.class);

  private LocalFiles() {}

  /** The nio path of a path as Kernel and Hadoop spell it, with or without scheme. */
  static Path path(String path) {
    return Path.of(new org.apache.hadoop.fs.Path(path).toUri().getPath());
  }

  /** A name beside {@code target} that no reader of the log looks at. */
  static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      out.write(content);
      channel.force(true);
    }
  }

  /** Gives {@code temporary} its final name if that is free. */
  static void link(Path temporary, Path target) throws IOException {
    try {
      // The one call that is atomic and fails when the name is taken; a move would replace it.
      Files.createLink(target, temporary);
      syncDirectory(target.getParent());
    } finally {
      discard(temporary);
    }
  }

  /** Gives {@code temporary} its final name, replacing what is there. */
  static void replace(Path temporary, Path target) throws IOException {
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(target.getParent());
  }

  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The name is taken already, so a failure here must not be told as a failed write. */
  static void syncDirectory(Path directory) {
    try {
      sync(directory);
    } catch (IOException e) {
      LOG.debug("{}: the file system does not sync directories", directory, e);
    }
  }

  static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOG.debug("{}: left for the log clean-up", temporary, e);
    }
  }
}
