package io.fsmigrate.jobs;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/**
 * Where a command writes: its result to standard output, for people or as one JSON document, and
 * everything else to standard error.
 */
final class Output {
  private final PrintWriter out;
  private final PrintWriter err;
  private final GlobalOptions options;
  private boolean documentWritten;

  Output(PrintWriter out, PrintWriter err, GlobalOptions options) {
    this.out = out;
    this.err = err;
    this.options = options;
  }

  /** How the result is to be written. Known once the command line is parsed. */
  OutputFormat format() {
    return options.output();
  }

  /**
   * Writes the result of the command, once.
   *
   * @param schema name and version of the JSON form, for example {@code fs-migrate/branch-list/1}
   * @param text how people see it
   */
  <T extends Record> void result(String schema, T result, BiConsumer<T, PrintWriter> text) {
    if (documentWritten) {
      throw new IllegalStateException("The result of this command is already written");
    }
    documentWritten = true;
    switch (format()) {
      case TEXT -> text.accept(result, out);
      case JSON -> out.println(Json.document(schema, result));
    }
    out.flush();
  }

  /** How a command that goes on from this one begins. */
  String sameProgram() {
    return options.sameProgram();
  }

  /** Where lines for people go that are not the result: progress, warnings, next steps. */
  PrintWriter people() {
    return err;
  }

  /** Where help and the version go. */
  PrintWriter out() {
    return out;
  }

  /** Reports why the command failed: to people, and as the JSON document if there is none yet. */
  void failure(Failure failure, OutputFormat format) {
    err.println("error: " + failure.message());
    if (format == OutputFormat.JSON && !documentWritten) {
      documentWritten = true;
      out.println(Json.document(Failure.SCHEMA, failure));
    }
    flush();
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
