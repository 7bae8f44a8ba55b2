package io.fsmigrate.benchmarks;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.jobs.FsMigrate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * The program's {@code migrate}, called inside this JVM on the session that is there, into a new
 * warehouse each time: raw through 1.0.0 to 2.0.0 with contract, branch commit and run ledger.
 */
final class MigrateCommand implements Contender {
  private final Source source;
  private final Path conf;
  private final Path directory;
  private final Path warehouse;

  MigrateCommand(Source source, Path conf, Path directory) {
    this.source = source;
    this.conf = conf;
    this.directory = directory;
    this.warehouse = directory.resolve("warehouse");
  }

  @Override
  public String name() {
    return "fs-migrate";
  }

  @Override
  public void run() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        FsMigrate.run(
            new PrintWriter(out),
            new PrintWriter(err),
            "--conf",
            conf.toString(),
            "--set",
            "fs-migrate.warehouse=" + warehouse,
            "--output",
            "json",
            "migrate",
            source.address(directory),
            "account_activity@2.0.0");
    ExitCode expected = source.refusedRows() == 0 ? ExitCode.OK : ExitCode.RECORDS_FAILED;
    if (exitCode != expected.code()) {
      throw new IllegalStateException(
          "fs-migrate migrate returned %d and not %d:%n%s%n%s"
              .formatted(exitCode, expected.code(), err, out));
    }
  }

  @Override
  public void cleanUp() throws IOException {
    Trees.delete(warehouse);
  }
}
