package io.fsmigrate.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.sagemaker.AwsAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The emulator of SageMaker, Athena and S3, started for one benchmark. */
final class EmulatorProcess implements AutoCloseable {
  static final String BUCKET = "benchmark";

  private static final String KEY = "emulator-access-key";
  private static final String SECRET = "emulator-secret-key";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final JsonNode ready;

  private EmulatorProcess(Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts it.
   *
   * @param directory for what it says
   */
  static EmulatorProcess start(Path jar, Path directory) throws IOException, InterruptedException {
    if (!Files.exists(jar)) {
      throw new IOException(jar + ": not there; build it with: mvn package");
    }
    Path readyFile = directory.resolve("emulator-ready.json");
    Files.deleteIfExists(readyFile);
    // The SDK finds the keys there.
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", SECRET);
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-jar",
                    jar.toString(),
                    "--ready-file",
                    readyFile.toString(),
                    "--bucket",
                    BUCKET))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("emulator.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(readyFile) || Files.size(readyFile) == 0) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException("The emulator did not start: " + directory.resolve("emulator.log"));
      }
      Thread.sleep(50);
    }
    return new EmulatorProcess(process, new ObjectMapper().readTree(readyFile.toFile()));
  }

  AwsAccess access() {
    return new AwsAccess(ready.get("region").asText(), ready.get("endpoint").asText(), null, null);
  }

  /** Lets Hadoop, and so Spark, reach its S3. */
  void configure(Configuration hadoop) {
    hadoop.set("fs.s3a.endpoint", ready.get("s3Endpoint").asText());
    hadoop.set("fs.s3a.endpoint.region", ready.get("region").asText());
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.connection.ssl.enabled", "false");
    hadoop.set("fs.s3a.access.key", KEY);
    hadoop.set("fs.s3a.secret.key", SECRET);
    hadoop.set(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    hadoop.set("fs.s3a.input.stream.type", "classic");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
