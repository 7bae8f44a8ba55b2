package io.fsmigrate.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory of S3's objects and one for passing files; what is temporary is deleted. */
final class WorkDirectory implements AutoCloseable {
  private final Path buckets;
  private final Path scratch;

  private WorkDirectory(Path buckets, Path scratch) {
    this.buckets = buckets;
    this.scratch = scratch;
  }

  static WorkDirectory open(Optional<Path> lasting) {
    try {
      Path scratch = Files.createTempDirectory("fs-migrate-emulator-");
      Path buckets = lasting.map(Path::toAbsolutePath).orElse(scratch.resolve("s3"));
      Files.createDirectories(buckets);
      return new WorkDirectory(buckets, scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the emulator's directories", e);
    }
  }

  Path buckets() {
    return buckets;
  }

  Path scratch() {
    return scratch;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(scratch)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
