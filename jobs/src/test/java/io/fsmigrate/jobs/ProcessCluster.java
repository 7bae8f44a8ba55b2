package io.fsmigrate.jobs;

import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SpawnedProcess;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A standalone Spark cluster: a master and workers, each a JVM, with executors in JVMs of their
 * own, all with the class path of the tests.
 */
final class ProcessCluster implements AutoCloseable {
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final int port;
  private final List<ProcessUnderTest> processes = new ArrayList<>();
  private final List<ProcessUnderTest> workers = new ArrayList<>();

  private ProcessCluster(int port) {
    this.port = port;
  }

  /**
   * Starts it with workers of one core each.
   *
   * @param directory empty
   */
  static ProcessCluster start(Path directory, int workers) throws Exception {
    ProcessCluster cluster = new ProcessCluster(freePort());
    try {
      Path home = home(directory);
      ProcessUnderTest master =
          cluster.launch(
              directory,
              home,
              "org.apache.spark.deploy.master.Master",
              "--host",
              "127.0.0.1",
              "--port",
              Integer.toString(cluster.port),
              "--webui-port",
              "0");
      master.awaitUntil("the master listens", BOUND, () -> says(master, "Starting Spark master"));
      for (int i = 0; i < workers; i++) {
        cluster.workers.add(
            cluster.launch(
                directory,
                home,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "--webui-port",
                "0",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                Files.createTempDirectory(directory, "work").toString(),
                cluster.master()));
      }
      for (ProcessUnderTest worker : cluster.workers) {
        worker.awaitUntil(
            "the worker is known", BOUND, () -> says(worker, "Successfully registered"));
      }
      return cluster;
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  /** A Spark without jars: they are on the class path that executors are given. */
  private static Path home(Path directory) throws IOException {
    Path home = directory.resolve("spark");
    Files.createDirectories(home.resolve("jars"));
    Files.writeString(home.resolve("RELEASE"), "");
    return home;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean says(ProcessUnderTest process, String words) {
    return process.stderr().contains(words) || process.stdout().contains(words);
  }

  private ProcessUnderTest launch(Path directory, Path home, String main, String... arguments)
      throws IOException {
    ProcessUnderTest process =
        SpawnedProcess.java(
                SpawnedProcess.currentClassPath(),
                main,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + logging(directory))
            .with(arguments)
            .withEnvironment("SPARK_HOME", home.toString())
            .withEnvironment("SPARK_SCALA_VERSION", "2.13")
            .withEnvironment("SPARK_LOCAL_IP", "127.0.0.1")
            .start(directory, directory.resolve("logs"));
    processes.add(process);
    return process;
  }

  /** What tells that they are ready is said at this level. */
  private static Path logging(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("log4j2.properties"),
        """
        rootLogger.level = info
        rootLogger.appenderRef.err.ref = err
        appender.err.type = Console
        appender.err.name = err
        appender.err.target = SYSTEM_ERR
        appender.err.layout.type = PatternLayout
        appender.err.layout.pattern = %m%n
        """);
  }

  /** Its address. */
  String master() {
    return "spark://127.0.0.1:" + port;
  }

  /** What a driver needs to work on it. */
  List<String> driverOptions() {
    String classPath =
        SpawnedProcess.currentClassPath().stream()
            .map(Path::toAbsolutePath)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        "-Dspark.master=" + master(),
        "-Dspark.executor.memory=640m",
        "-Dspark.executor.extraClassPath=" + classPath,
        "-Dspark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.timezone=UTC");
  }

  /** The JVMs in which tasks run now. */
  List<ProcessHandle> executors() {
    return workers.stream()
        .filter(ProcessUnderTest::isAlive)
        .flatMap(worker -> ProcessHandle.of(worker.pid()).stream())
        .flatMap(ProcessHandle::descendants)
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** Kills a worker and the executors that it has. */
  void loseWorker(int number) throws InterruptedException {
    workers.get(number).kill();
  }

  @Override
  public void close() throws InterruptedException {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).close();
    }
  }
}
