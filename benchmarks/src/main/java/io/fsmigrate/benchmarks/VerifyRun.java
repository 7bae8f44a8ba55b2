package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.jobs.FsMigrate;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/** The program's {@code verify}, called inside this JVM on the session that is there. */
final class VerifyRun implements Contender {
  private final ComparedTables tables;
  private final Path conf;
  private final Path directory;
  private final List<String> options;

  VerifyRun(ComparedTables tables, Path conf, Path directory, List<String> options) {
    this.tables = tables;
    this.conf = conf;
    this.directory = directory;
    this.options = options;
  }

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public void run() throws IOException {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "--conf",
                conf.toString(),
                "--set",
                "fs-migrate.warehouse=" + tables.warehouse(directory),
                "--output",
                "json",
                "verify",
                tables.source().address(directory),
                "activity@1.0.0"));
    command.addAll(options);
    int exitCode =
        FsMigrate.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
    ExitCode expected = tables.differing() == 0 ? ExitCode.OK : ExitCode.DIFFERENCES;
    if (exitCode != expected.code()) {
      throw new IllegalStateException(
          "fs-migrate verify returned %d and not %d:%n%s%n%s"
              .formatted(exitCode, expected.code(), err, out));
    }
    JsonNode report = new ObjectMapper().readTree(out.toString());
    long found = report.at("/offline/different").asLong();
    if (found != tables.differing()) {
      throw new IllegalStateException("fs-migrate verify found " + found + " differing rows");
    }
  }
}
