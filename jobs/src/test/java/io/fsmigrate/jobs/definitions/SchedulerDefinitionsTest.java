package io.fsmigrate.jobs.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Airflow DAG is Python with the four tasks in their order; the crontab is one. */
class SchedulerDefinitionsTest {
  private static final Path DAG = Repository.definition("airflow/fs_migrate_clicks.py");

  /** Prints the operator of each task and the names in the chain that orders them. */
  private static final String TASKS_AND_ORDER =
      """
      import ast, sys
      tree = ast.parse(open(sys.argv[1]).read())
      def names(node):
          return names(node.left) + names(node.right) if isinstance(node, ast.BinOp) else [node.id]
      for node in ast.walk(tree):
          if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
              task = [k.value.value for k in node.value.keywords if k.arg == "task_id"]
              print(node.targets[0].id, node.value.func.id, *task)
          if isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp):
              print("order", *names(node.value))
      """;

  @Test
  void theDagCompiles() throws Exception {
    requirePython();

    assertThat(python("-c", "import sys; compile(open(sys.argv[1]).read(), 'dag', 'exec')"))
        .isEmpty();
  }

  @Test
  void aPersonIsAskedBetweenThePlanAndTheMigration() throws Exception {
    requirePython();

    assertThat(python("-c", TASKS_AND_ORDER).lines())
        .containsExactlyInAnyOrder(
            "plan BashOperator plan",
            "approve ApprovalOperator approve",
            "migrate BashOperator migrate",
            "check BashOperator check",
            "order plan approve migrate check");
  }

  @Test
  void whatIsMigratedIsThePlanThatWasApproved() {
    List<Launch> launches =
        Launch.all().stream().filter(l -> l.definition().startsWith("airflow/")).toList();
    List<String> plan = launches.get(0).arguments();
    List<String> migrate = launches.get(1).arguments();

    assertThat(migrate.get(migrate.indexOf("--plan") + 1))
        .isEqualTo(plan.get(plan.indexOf("--out") + 1));
  }

  @Test
  void theCrontabHasItsFields() {
    List<String> jobs =
        Repository.text(Repository.definition("cron/fs-migrate"))
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .filter(line -> !line.matches("[A-Z_]+=.*"))
            .toList();

    assertThat(jobs).hasSize(1);
    // Five times, a user, the command; cron ends a command at a per cent sign.
    assertThat(jobs.get(0))
        .matches("([0-9*/,-]+ ){5}fs-migrate flock --nonblock .+")
        .doesNotContain("%");
  }

  private static void requirePython() {
    boolean there;
    try {
      there = new ProcessBuilder("python3", "-c", "").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    assumeTrue(there, "python3 is not there: the DAG is not checked");
  }

  private static String python(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("python3").redirectErrorStream(true);
    builder.command().addAll(List.of(arguments));
    builder.command().add(DAG.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
