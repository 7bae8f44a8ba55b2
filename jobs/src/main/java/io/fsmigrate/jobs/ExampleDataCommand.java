package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the feature data that the quickstart migrates. */
@Command(
    name = "example-data",
    description = {
      "Generate example feature data to try migrations on.",
      "Writes Parquet files to DIR/card_payments and, beside them, expected.json: what a migration",
      "of them with conf/quickstart.conf must count."
    })
final class ExampleDataCommand implements Callable<Integer> {
  static final String SCHEMA = "fs-migrate/example-data/1";
  private static final int FILES = 4;

  private final Output output;
  private final Supplier<SparkSession> sessions;

  @Parameters(paramLabel = "DIR", description = "A new or empty directory.")
  private Path directory;

  @Option(
      names = "--rows",
      defaultValue = "300000",
      description = "How many rows to generate (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Other seeds give other values (default: ${DEFAULT-VALUE}).")
  private long seed;

  ExampleDataCommand(Output output, Supplier<SparkSession> sessions) {
    this.output = output;
    this.sessions = sessions;
  }

  @Override
  public Integer call() {
    ExampleData data = new ExampleData(rows, seed);
    Path files = directory.resolve("card_payments");
    ExampleDataExpectation expectation = ExampleDataExpectation.of(data);
    try {
      requireEmpty();
      Files.createDirectories(directory);
      data.write(sessions.get(), files.toAbsolutePath().toString(), FILES);
      Files.writeString(
          directory.resolve("expected.json"), Json.document(SCHEMA, expectation) + "\n");
    } catch (IOException e) {
      throw ExampleDataErrors.unwritable(directory, e);
    }
    output.result(SCHEMA, expectation, (result, out) -> describe(result, files, out));
    return ExitCode.OK.code();
  }

  private void requireEmpty() throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        throw ExampleDataErrors.notEmpty(directory);
      }
    }
  }

  private static void describe(ExampleDataExpectation expected, Path files, PrintWriter out) {
    out.printf("%s: %,d rows of %,d records%n", files, expected.rows(), expected.records());
    for (ExampleDataExpectation.Run run : expected.runs()) {
      out.printf(
          "%s -> %s must give %,d filtered, %,d failed, %,d accepted rows of %,d records%n",
          run.from(),
          run.to(),
          run.filtered(),
          run.failed(),
          run.accepted(),
          run.acceptedRecords());
    }
  }
}
