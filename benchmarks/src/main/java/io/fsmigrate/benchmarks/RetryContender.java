package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.jobs.FsMigrate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program's {@code retry} of all failed records of one migration, called inside this JVM. What
 * the warehouse knew before is put back after each, so that the same records are open again.
 */
final class RetryContender implements Contender {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Source source;
  private final Path migration;
  private final Path correction;
  private final Path directory;
  private final Path warehouse;
  private String run = "";

  /**
   * @param migration the catalog by which records fail
   * @param correction the catalog by which they do not
   */
  RetryContender(Source source, Path migration, Path correction, Path directory) {
    this.source = source;
    this.migration = migration;
    this.correction = correction;
    this.directory = directory;
    this.warehouse = directory.resolve("retry-warehouse-" + source.rows());
  }

  /** Migrates, and remembers what the warehouse knows then. */
  void prepare() throws IOException {
    Trees.delete(warehouse);
    Trees.delete(remembered());
    run =
        program(
                migration,
                ExitCode.RECORDS_FAILED,
                "migrate",
                source.address(directory),
                "account_activity@2.0.0")
            .path("run")
            .asText();
    copy(warehouse.resolve("_fs_migrate"), remembered());
  }

  private Path remembered() {
    return warehouse.resolveSibling(warehouse.getFileName() + "-state");
  }

  @Override
  public String name() {
    return "of %,d rows".formatted(source.rows());
  }

  @Override
  public void run() {
    JsonNode report = program(correction, ExitCode.OK, "retry", run, "--all");
    long written = report.path("offline").path("written").asLong();
    if (written != source.refusedRows()) {
      throw new IllegalStateException(
          "retry wrote %d of %d records: %s".formatted(written, source.refusedRows(), report));
    }
  }

  @Override
  public void cleanUp() throws IOException {
    if (run.isEmpty()) {
      return;
    }
    Trees.delete(warehouse.resolve("_fs_migrate"));
    copy(remembered(), warehouse.resolve("_fs_migrate"));
    try (Stream<Path> tables = Files.list(warehouse.resolve("account_activity/2.0.0"))) {
      for (Path table : tables.filter(t -> !t.endsWith(run)).toList()) {
        Trees.delete(table);
      }
    }
  }

  private JsonNode program(Path conf, ExitCode expected, String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all =
        Stream.concat(
                Stream.of(
                    "--conf",
                    conf.toString(),
                    "--set",
                    "fs-migrate.warehouse=" + warehouse,
                    "--output",
                    "json"),
                Stream.of(command))
            .toList();
    int exitCode =
        FsMigrate.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    if (exitCode != expected.code()) {
      throw new IllegalStateException(
          "fs-migrate %s returned %d and not %d:%n%s%n%s"
              .formatted(command[0], exitCode, expected.code(), err, out));
    }
    try {
      return JSON.readTree(out.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path there = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(there);
        } else {
          Files.copy(file, there);
        }
      }
    }
  }
}
