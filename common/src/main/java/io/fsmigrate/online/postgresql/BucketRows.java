package io.fsmigrate.online.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a bucket, kept until it is committed: a lost transaction begins again with them. What
 * exceeds {@link #MEMORY_BYTES} goes to a temporary file that only its owner may read.
 */
final class BucketRows implements AutoCloseable {
  /** Of one writer. */
  static final long MEMORY_BYTES = 16L * 1024 * 1024;

  private final long memoryBytes;
  private final List<Part> parts = new ArrayList<>();
  private FileChannel file;
  private long inMemory;
  private long inFile;

  BucketRows() {
    this(MEMORY_BYTES);
  }

  BucketRows(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  int parts() {
    return parts.size();
  }

  /** Appends whole rows. */
  void add(byte[] rows) {
    if (inMemory + rows.length <= memoryBytes) {
      inMemory += rows.length;
      parts.add(new Part(rows, 0, rows.length));
      return;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(rows);
      long at = inFile;
      while (bytes.hasRemaining()) {
        at += file().write(bytes, at);
      }
      parts.add(new Part(null, inFile, rows.length));
      inFile = at;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep the rows of a bucket in a temporary file", e);
    }
  }

  byte[] part(int i) {
    Part part = parts.get(i);
    if (part.rows != null) {
      return part.rows;
    }
    try {
      ByteBuffer bytes = ByteBuffer.allocate(part.length);
      while (bytes.hasRemaining() && file().read(bytes, part.at + bytes.position()) >= 0) {
        // Until all of it is there.
      }
      return bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the rows of a bucket from a temporary file", e);
    }
  }

  /** Forgets all rows. */
  void clear() {
    parts.clear();
    inMemory = 0;
    inFile = 0;
  }

  @Override
  public void close() {
    clear();
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot close a temporary file", e);
      }
    }
  }

  private FileChannel file() throws IOException {
    if (file == null) {
      Path path = Files.createTempFile("fs-migrate-bucket-", ".rows");
      file =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    return file;
  }

  /** Rows in memory, or where they are in the file. */
  private static final class Part {
    private final byte[] rows;
    private final long at;
    private final int length;

    Part(byte[] rows, long at, int length) {
      this.rows = rows;
      this.at = at;
      this.length = length;
    }
  }
}
