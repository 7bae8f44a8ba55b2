package io.fsmigrate.notebooks;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** The kernel of the notebooks: what Jupyter starts, one process for each open notebook. */
public final class NotebookKernel extends BaseKernel {
  private final CellEvaluator evaluator;

  NotebookKernel(CellEvaluator evaluator) {
    this.evaluator = evaluator;
    Displays.register(getRenderer());
  }

  /**
   * Serves one notebook until it is closed.
   *
   * @param args the connection file that Jupyter writes
   */
  public static void main(String[] args) throws Exception {
    // Its remarks on every message that comes in would fill Jupyter's terminal.
    Logger.getLogger("").setLevel(Level.WARNING);
    // Logging that first starts inside a cell would write below that cell for ever.
    LoggerFactory.getLogger(NotebookKernel.class).info("Serving {}", args[0]);

    JupyterConnection connection =
        new JupyterConnection(KernelConnectionProperties.parse(Files.readString(Path.of(args[0]))));
    try (CellEvaluator evaluator = new CellEvaluator()) {
      new NotebookKernel(evaluator).becomeHandlerForConnection(connection);
      connection.connect();
      connection.waitUntilClose();
    }
    // Cells may have left threads behind.
    System.exit(0);
  }

  @Override
  public DisplayData eval(String cell) throws CellException {
    return evaluator.evaluate(cell).map(getRenderer()::render).orElse(null);
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    CellEvaluator.Completions completions = evaluator.complete(code, at);
    return new ReplacementOptions(completions.texts(), completions.from(), at);
  }

  @Override
  public String isComplete(String code) {
    return evaluator.isComplete(code) ? IS_COMPLETE_YES : "";
  }

  @Override
  public void interrupt() {
    evaluator.interrupt();
  }

  @Override
  public List<String> formatError(Exception e) {
    return e instanceof CellException cell
        ? errorStyler.secondaryLines(cell.getMessage())
        : super.formatError(e);
  }

  @Override
  public LanguageInfo getLanguageInfo() {
    return new LanguageInfo.Builder("Java")
        .version(Runtime.version().toString())
        .mimetype("text/x-java-source")
        .fileExtension(".jshell")
        .pygments("java")
        .codemirror("text/x-java")
        .build();
  }
}
