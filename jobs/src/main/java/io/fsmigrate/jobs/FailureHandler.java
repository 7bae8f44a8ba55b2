package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what a command throws into an exit code and one to three lines. A stack trace goes to the
 * log only, never to people.
 */
final class FailureHandler {
  /** Names the log file for the one line that people see; set by the start script. */
  static final String LOG_FILE_PROPERTY = "fsmigrate.log";

  /** The logging configuration sends this logger to the log file and not to the terminal. */
  private static final Logger DEFECTS = LoggerFactory.getLogger("io.fsmigrate.defect");

  private static final int MAX_DEFECT_TEXT = 300;

  private final Output output;

  FailureHandler(Output output) {
    this.output = output;
  }

  /** Reports a command line that cannot be understood, and returns the exit code. */
  int usage(ParameterException e, String[] args) {
    String sentence = firstLine(e.getMessage());
    StringBuilder message = new StringBuilder(sentence);
    suggestions(e).ifPresent(names -> message.append("; did you mean ").append(names).append("?"));
    message
        .append('\n')
        .append("Run '")
        .append(e.getCommandLine().getCommandSpec().qualifiedName())
        .append(" --help' for the options and examples.");
    Failure failure = new Failure("USAGE", message.toString(), ExitCode.USAGE.code());
    return report(failure, asksForJson(args) ? OutputFormat.JSON : OutputFormat.TEXT);
  }

  /** Reports whatever a command threw, and returns the exit code. */
  int execution(Throwable thrown) {
    return report(failure(thrown), output.format());
  }

  private int report(Failure failure, OutputFormat format) {
    output.failure(failure, format);
    return failure.exitCode();
  }

  private static Failure failure(Throwable thrown) {
    if (thrown instanceof FsMigrateException expected) {
      DEFECTS.debug("Command failed as foreseen", expected);
      return new Failure(expected.code(), expected.getMessage(), expected.exitCode().code());
    }
    if (thrown instanceof InterruptedException || thrown instanceof CancellationException) {
      return new Failure("INTERRUPTED", "Interrupted.", ExitCode.INTERRUPTED.code());
    }
    DEFECTS.error("Unexpected error", thrown);
    return new Failure("DEFECT", defect(thrown), ExitCode.DEFECT.code());
  }

  private static String defect(Throwable thrown) {
    String where =
        Optional.ofNullable(System.getProperty(LOG_FILE_PROPERTY))
            .map(file -> "the trace is in " + file)
            .orElse("the trace is in the log");
    String text = thrown.getMessage() == null ? "" : ": " + firstLine(thrown.getMessage());
    if (text.length() > MAX_DEFECT_TEXT) {
      text = text.substring(0, MAX_DEFECT_TEXT) + "...";
    }
    return "Unexpected " + thrown.getClass().getSimpleName() + text + " (" + where + ")";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private static Optional<String> suggestions(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return Optional.of(String.join(", ", unmatched.getSuggestions()));
    }
    return Optional.empty();
  }

  /** The parser stops at the first mistake, which may stand before {@code --output}. */
  private static boolean asksForJson(String[] args) {
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    boolean json = false;
    while (!rest.isEmpty()) {
      String arg = rest.pop();
      if (arg.equals("--output") && !rest.isEmpty()) {
        json = isJson(rest.pop());
      } else if (arg.startsWith("--output=")) {
        json = isJson(arg.substring("--output=".length()));
      }
    }
    return json;
  }

  private static boolean isJson(String value) {
    return value.toUpperCase(Locale.ROOT).equals(OutputFormat.JSON.name());
  }
}
