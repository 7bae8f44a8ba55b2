package io.fsmigrate.notebooks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Runs the cells of a notebook, one after the other, in this JVM. */
final class CellEvaluator implements AutoCloseable {
  private static final int FRAMES = 12;

  private final KeepingControl control = new KeepingControl();
  private final JShell shell =
      JShell.builder().executionEngine(new Provider(control), Map.of()).build();

  /**
   * Runs every statement of a cell.
   *
   * @return the value of its last one, if that is an expression with a value
   * @throws CellException if one of them did not compile or threw; the ones after it did not run
   */
  Optional<Object> evaluate(String cell) throws CellException {
    SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
    Optional<Object> value = Optional.empty();
    CompletionInfo next = analysis.analyzeCompletion(cell);
    while (next.completeness().isComplete()) {
      value = run(next.source());
      next = analysis.analyzeCompletion(next.remaining());
    }
    if (next.completeness() != Completeness.EMPTY) {
      throw new CellException("This cell ends too early:\n" + next.remaining().strip());
    }
    return value;
  }

  private Optional<Object> run(String statement) throws CellException {
    control.forget();
    Optional<Object> value = Optional.empty();
    for (SnippetEvent event : shell.eval(statement)) {
      // An event with a cause is about an older statement, which this one completed or replaced.
      if (event.causeSnippet() == null) {
        if (event.status() == Snippet.Status.REJECTED) {
          throw new CellException(rejection(event.snippet()));
        }
        if (event.exception() != null) {
          throw new CellException(describe(event.exception()));
        }
        value = isExpression(event.snippet()) ? control.value() : Optional.empty();
      }
    }
    return value;
  }

  private static boolean isExpression(Snippet snippet) {
    return switch (snippet.subKind()) {
      case VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND, TEMP_VAR_EXPRESSION_SUBKIND -> true;
      default -> false;
    };
  }

  private String rejection(Snippet snippet) {
    return shell
        .diagnostics(snippet)
        .filter(Diag::isError)
        .map(
            diag ->
                diag.getMessage(Locale.ENGLISH)
                    + "\n  "
                    + line(snippet.source(), (int) diag.getPosition()))
        .collect(Collectors.joining("\n"));
  }

  private static String line(String source, int position) {
    int at = Math.max(0, Math.min(position, source.length()));
    int start = source.lastIndexOf('\n', at - 1) + 1;
    int end = source.indexOf('\n', at);
    return source.substring(start, end < 0 ? source.length() : end).strip();
  }

  private String describe(JShellException exception) {
    if (!(exception instanceof EvalException)) {
      return exception.getMessage() == null
          ? "A definition that this statement needs is missing"
          : exception.getMessage();
    }
    StringBuilder text = new StringBuilder();
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      text.append(text.isEmpty() ? "" : "Caused by: ")
          .append(cause instanceof EvalException e ? e.getExceptionClassName() : cause.getClass())
          .append(": ")
          .append(cause.getMessage())
          .append('\n');
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
        text.append("    at ").append(frames[i]).append('\n');
      }
    }
    return text.toString();
  }

  /**
   * What can stand before the cursor.
   *
   * @param from where the text begins that they replace
   */
  record Completions(List<String> texts, int from) {}

  /** What could be meant by what stands before the cursor. */
  Completions complete(String code, int at) {
    int[] from = {at};
    List<String> texts =
        shell.sourceCodeAnalysis().completionSuggestions(code, at, from).stream()
            .map(Suggestion::continuation)
            .distinct()
            .toList();
    return new Completions(new ArrayList<>(texts), from[0]);
  }

  /** Whether a console may run this, or has to let the person go on writing. */
  boolean isComplete(String code) {
    CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(code);
    while (next.completeness().isComplete()) {
      next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
    }
    return next.completeness() == Completeness.EMPTY;
  }

  /** Interrupts the statement that runs now. */
  void interrupt() {
    control.interrupt();
  }

  @Override
  public void close() {
    shell.close();
  }

  private record Provider(KeepingControl control) implements ExecutionControlProvider {
    @Override
    public String name() {
      return "notebook";
    }

    @Override
    public KeepingControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return control;
    }
  }
}
