package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.jobs.NamedPoints.Happened;
import io.fsmigrate.testkit.PostgresServer;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors and workers that are lost in mid-run, and tasks that run twice: no row counts twice.
 */
@DisabledOnOs(OS.WINDOWS)
@ExtendWith(SparkExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostExecutorsIT {
  private static final Duration BOUND = Duration.ofMinutes(10);
  private static final long ROWS = 60_000;
  private static final int FILES = 16;

  private Path root;
  private PostgresServer postgres;
  private Readings readings;
  private Remains undisturbed;

  @BeforeAll
  void migrateUndisturbed(SparkSession spark, @TempDir Path directory) throws Exception {
    root = directory;
    postgres = PostgresServer.start(Map.of());
    readings = Readings.many(spark, root.resolve("input"), ROWS, FILES, postgres);
    Sandbox calm = readings.sandbox(root.resolve("undisturbed"));
    JsonNode report = calm.json(3, "migrate", readings.source(), Readings.TARGET);
    undisturbed = Remains.of(readings, calm, report);
    assertThat(undisturbed.failed()).isNotEmpty();
  }

  @AfterAll
  void endServer() {
    postgres.close();
  }

  @Test
  void executorsAndAWorkerAreLost() throws Exception {
    try (ProcessCluster cluster = cluster("losing")) {
      Sandbox sandbox = readings.sandbox(root.resolve("lost"));
      try (ProcessUnderTest run = start(cluster, sandbox, List.of())) {
        await(run, sandbox, "OFFLINE_WRITTEN/offline:1");
        kill(cluster);
        await(run, sandbox, "RECORDED/local:1");
        kill(cluster);
        await(run, sandbox, "RECORDED/local:3");
        cluster.loseWorker(0);
        assertThat(run.waitFor(BOUND)).as(run::stderr).isEqualTo(3);
      }
      assertAsUndisturbed(sandbox);
    }
  }

  /** An executor stands still for a while, so that its tasks are given to the other one as well. */
  @Test
  void tasksThatRunTwiceCountOnce() throws Exception {
    try (ProcessCluster cluster = cluster("speculating")) {
      Sandbox sandbox = readings.sandbox(root.resolve("twice"));
      Path log = Files.createDirectory(root.resolve("spark-events"));
      List<String> speculation =
          List.of(
              "-Dspark.speculation=true",
              "-Dspark.speculation.interval=50ms",
              "-Dspark.speculation.multiplier=1.1",
              "-Dspark.speculation.quantile=0.1",
              "-Dspark.speculation.minTaskRuntime=1ms",
              "-Dspark.eventLog.enabled=true",
              "-Dspark.eventLog.compress=false",
              "-Dspark.eventLog.dir=" + log.toUri());
      try (ProcessUnderTest run = start(cluster, sandbox, speculation)) {
        for (String point : List.of("OFFLINE_WRITTEN/offline:1", "RECORDED/local:1")) {
          await(run, sandbox, point);
          ProcessHandle halted = executor(cluster);
          signal("-STOP", halted);
          // No condition: the longer it stands still, the more of its tasks run twice.
          Thread.sleep(3_000);
          signal("-CONT", halted);
        }
        assertThat(run.waitFor(BOUND)).as(run::stderr).isEqualTo(3);
      }
      assertAsUndisturbed(sandbox);
      assertThat(text(log)).contains("\"Speculative\":true");
    }
  }

  private ProcessCluster cluster(String name) throws Exception {
    return ProcessCluster.start(Files.createDirectory(root.resolve(name)), 2);
  }

  private ProcessUnderTest start(ProcessCluster cluster, Sandbox sandbox, List<String> more)
      throws IOException {
    List<String> options = new ArrayList<>(cluster.driverOptions());
    options.add("-D%s=%s".formatted(NamedPoints.EVENTS, sandbox.path("events")));
    options.addAll(more);
    return sandbox.spawn(options, "migrate", readings.source(), Readings.TARGET);
  }

  private static void await(ProcessUnderTest run, Sandbox sandbox, String point) throws Exception {
    run.awaitUntil(
        point,
        BOUND,
        () ->
            Happened.in(sandbox.path("events")).stream()
                .anyMatch(event -> event.point().equals(point)));
  }

  private static void kill(ProcessCluster cluster) throws Exception {
    ProcessHandle executor = executor(cluster);
    assertThat(executor.destroyForcibly()).isTrue();
    executor.onExit().get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private static ProcessHandle executor(ProcessCluster cluster) throws InterruptedException {
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() < end) {
      List<ProcessHandle> executors = cluster.executors();
      if (!executors.isEmpty()) {
        return executors.get(0);
      }
      Thread.sleep(20);
    }
    throw new AssertionError("There is no executor");
  }

  private static void signal(String signal, ProcessHandle process) throws Exception {
    int exit =
        new ProcessBuilder("kill", signal, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    assertThat(exit).isZero();
  }

  private void assertAsUndisturbed(Sandbox sandbox) throws Exception {
    JsonNode report = sandbox.json(0, "runs", "report", "latest");
    assertThat(undisturbed.differences(Remains.of(readings, sandbox, report))).isEmpty();
    Path log =
        sandbox.path("warehouse/readings/1.0.0/" + report.get("run").asText() + "/_delta_log");
    assertThat(DeltaCommits.of(log).units())
        .hasSize(readings.files())
        .allSatisfy((unit, commits) -> assertThat(commits).isOne());
  }

  private static String text(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
