package io.fsmigrate.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

// One for all: starting a JShell takes a second.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CellEvaluatorTest {
  private final CellEvaluator evaluator = new CellEvaluator();

  @AfterAll
  void close() {
    evaluator.close();
  }

  @Test
  void theValueIsTheObjectOfTheLastExpression() throws CellException {
    assertThat(evaluator.evaluate("import java.util.*;\nvar list = List.of(1, 2);\nlist"))
        .contains(List.of(1, 2));
    assertThat(evaluator.evaluate("list.size() + 1")).contains(3);
  }

  @Test
  void aStatementHasNoValue() throws CellException {
    assertThat(evaluator.evaluate("int a = 1;")).isEmpty();
    assertThat(evaluator.evaluate("a; int b = 2; // of a there is one, but it is not the last"))
        .isEmpty();
    assertThat(evaluator.evaluate("System.out.flush()")).isEmpty();
    assertThat(evaluator.evaluate("(Object) null")).isEmpty();
  }

  @Test
  void definitionsMayReferToLaterOnes() throws CellException {
    assertThat(evaluator.evaluate("int f() { return g(); }\nint g() { return 7; }\nf()"))
        .contains(7);
  }

  @Test
  void whatDoesNotCompileIsNamedWithItsLine() {
    assertThatThrownBy(() -> evaluator.evaluate("int fine = 1;\nint wrong = \"text\";"))
        .isInstanceOf(CellException.class)
        .hasMessageContaining("incompatible types")
        .hasMessageContaining("int wrong = \"text\";");
  }

  @Test
  void whatWasThrownIsNamedWithItsCause() {
    assertThatThrownBy(
            () ->
                evaluator.evaluate(
                    "throw new IllegalStateException(\"outer\", new RuntimeException(\"inner\"));"))
        .isInstanceOf(CellException.class)
        .hasMessageStartingWith("java.lang.IllegalStateException: outer")
        .hasMessageContaining("Caused by: java.lang.RuntimeException: inner");
  }

  @Test
  void nothingRunsAfterAFailure() throws CellException {
    evaluator.evaluate("int n = 0;");

    assertThatThrownBy(() -> evaluator.evaluate("int x = 1 / n;\nn = 5;"))
        .hasMessageContaining("by zero");
    assertThat(evaluator.evaluate("n")).contains(0);
  }

  @Test
  void aCellThatEndsTooEarlyIsRefused() {
    assertThatThrownBy(() -> evaluator.evaluate("int a = 1;\nif (a > 0) {"))
        .hasMessageContaining("ends too early")
        .hasMessageContaining("if (a > 0) {");
    assertThat(evaluator.isComplete("if (true) {")).isFalse();
    assertThat(evaluator.isComplete("int c = 1; // done")).isTrue();
  }

  @Test
  void aRunningCellCanBeInterrupted() throws Exception {
    CompletableFuture<String> message =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                evaluator.evaluate("Thread.sleep(600_000);");
                return "It was not interrupted";
              } catch (CellException e) {
                return e.getMessage();
              }
            });
    while (!message.isDone()) {
      evaluator.interrupt();
      TimeUnit.MILLISECONDS.sleep(20);
    }

    assertThat(message.get()).contains("Interrupted");
    assertThat(evaluator.evaluate("1 + 1")).contains(2);
  }

  @Test
  void namesAreCompleted() throws CellException {
    evaluator.evaluate("String warehouse = \"/w\";");

    CellEvaluator.Completions completions = evaluator.complete("int n = wareh", 13);

    assertThat(completions.texts()).contains("warehouse");
    assertThat(completions.from()).isEqualTo(8);
  }
}
