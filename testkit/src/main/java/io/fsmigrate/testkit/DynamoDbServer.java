package io.fsmigrate.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Amazon's DynamoDB Local in a process of its own, which keeps tables in memory, one set for every
 * region. It ends with this JVM at the latest.
 *
 * <p>The directory with all its jars is named by the system property {@code
 * fsmigrate.dynamodb.dir}. It takes any key of letters and digits, and refuses every other one.
 */
public final class DynamoDbServer implements AutoCloseable {
  /** A key that it accepts. */
  public static final String ACCESS_KEY = "localaccesskey";

  /** A secret for that key; it does not look at signatures. */
  public static final String SECRET_KEY = "localsecretkey";

  private static final String DIRECTORY = "fsmigrate.dynamodb.dir";
  private static final String MAIN = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner";

  /** Below the ports that are given to outgoing connections. */
  private static final int FIRST_PORT = 15_000;

  private static final int PORTS = 15_000;
  private static final int ATTEMPTS = 5;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_MILLIS = 50;

  private final Process process;
  private final int port;

  private DynamoDbServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one for tests, which are over before it would run at full speed. */
  public static DynamoDbServer start() {
    return start("-XX:TieredStopAtLevel=1");
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param jvmOptions of its process
   * @throws IllegalStateException when its jars are not there or it does not start
   */
  public static DynamoDbServer start(String... jvmOptions) {
    Path directory = Path.of(System.getProperty(DIRECTORY, ""));
    if (!Files.isDirectory(directory) || System.getProperty(DIRECTORY, "").isEmpty()) {
      throw new IllegalStateException(
          "%s = %s is no directory; make it with: mvn -pl testkit/dynamodb-local generate-resources"
              .formatted(DIRECTORY, directory));
    }
    Random random = new Random();
    for (int i = 0; i < ATTEMPTS; i++) {
      DynamoDbServer server = launch(directory, FIRST_PORT + random.nextInt(PORTS), jvmOptions);
      if (server.answers()) {
        return server;
      }
      // Somebody else may have the port.
      server.close();
    }
    throw new IllegalStateException("DynamoDB Local does not start from " + directory);
  }

  private static DynamoDbServer launch(Path directory, int port, String... jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(jvmOptions));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-Dsqlite4java.library.path=" + directory,
            "-cp",
            directory + File.separator + "*",
            MAIN));
    command.addAll(List.of("-inMemory", "-sharedDb", "-disableTelemetry"));
    command.addAll(List.of("-port", Integer.toString(port)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new DynamoDbServer(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its refusal of a call without a signature is answer enough. */
  private boolean answers() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (process.isAlive() && System.nanoTime() - end < 0) {
      try {
        HttpURLConnection connection = (HttpURLConnection) endpoint().toURL().openConnection();
        if (connection.getResponseCode() > 0 && process.isAlive()) {
          return true;
        }
      } catch (IOException e) {
        // Not yet.
      }
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return false;
  }

  /** Where it answers. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
