package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a benchmark works. */
final class DataDirectory {
  @Option(
      names = "--dir",
      defaultValue = "benchmarks/target/data",
      description = "Where generated data is kept and results are written (${DEFAULT-VALUE}).")
  private Path directory;

  /** Made if it is missing. */
  Path create() throws IOException {
    return Files.createDirectories(directory.toAbsolutePath().normalize());
  }
}
