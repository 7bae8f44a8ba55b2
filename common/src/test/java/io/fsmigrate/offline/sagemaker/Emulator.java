package io.fsmigrate.offline.sagemaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.sagemaker.AwsAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The emulator of SageMaker, Athena and S3, in a process of its own. */
final class Emulator implements AutoCloseable {
  static final String BUCKET = "offline-tests";

  private static final String KEY = "emulator-access-key";
  private static final String SECRET = "emulator-secret-key";
  private static final long PATIENCE_MILLIS = 30_000;

  private final Process process;
  private final JsonNode ready;
  private final HttpClient http = HttpClient.newHttpClient();

  private Emulator(Process process, JsonNode ready) {
    this.process = process;
    this.ready = ready;
  }

  /** Starts it; {@code emulator.jar} says where its jar is, else it is where the build puts it. */
  static Emulator start(Path dir) throws Exception {
    Path jar =
        Path.of(
            System.getProperty(
                "emulator.jar", "../testkit/emulator/target/fs-migrate-emulator.jar"));
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is not there; build it: mvn package -DskipTests");
    }
    Path file = dir.resolve("emulator-ready.json");
    // The SDK in this process finds the keys there; S3A is told them.
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", SECRET);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-jar",
                jar.toAbsolutePath().toString(),
                "--ready-file",
                file.toString(),
                "--bucket",
                BUCKET,
                "--create-after",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("emulator.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!Files.exists(file) || Files.size(file) == 0) {
      if (!process.isAlive() || System.currentTimeMillis() > end) {
        process.destroy();
        throw new IllegalStateException(
            "The emulator did not start: " + Files.readString(dir.resolve("emulator.log")));
      }
      Thread.sleep(50);
    }
    return new Emulator(process, new ObjectMapper().readTree(Files.readString(file)));
  }

  AwsAccess access() {
    return new AwsAccess(ready.get("region").asText(), ready.get("endpoint").asText(), null, null);
  }

  /** Lets Hadoop, and so Spark, reach its S3. */
  void configure(Configuration hadoop) {
    hadoop.set("fs.s3a.endpoint", ready.get("s3Endpoint").asText());
    hadoop.set("fs.s3a.endpoint.region", ready.get("region").asText());
    hadoop.set("fs.s3a.path.style.access", "true");
    hadoop.set("fs.s3a.access.key", KEY);
    hadoop.set("fs.s3a.secret.key", SECRET);
    hadoop.set(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    hadoop.set("fs.s3a.input.stream.type", "classic");
    hadoop.set("fs.s3a.connection.ssl.enabled", "false");
  }

  /** Calls its administration. */
  JsonNode admin(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(ready.get("endpoint").asText() + "/_emulator/" + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(method + " " + path + ": " + response.body());
    }
    return response.body().isBlank() ? null : new ObjectMapper().readTree(response.body());
  }

  /** Operations that were called, by name. */
  List<String> calls(String operation) throws IOException, InterruptedException {
    JsonNode calls = admin("GET", "calls?operation=" + operation + "&limit=1000", "");
    return calls.findValuesAsText("operation");
  }

  @Override
  public void close() {
    process.destroy();
  }
}
