package io.fsmigrate.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The emulator of SageMaker Feature Store in a process of its own, as a store meets it: over HTTP,
 * with what can go wrong there.
 *
 * <p>Its jar is named by the system property {@code fsmigrate.emulator.jar}.
 */
public final class EmulatorProcess implements AutoCloseable {
  /** The key that it accepts. */
  public static final String ACCESS_KEY = "emulator-access-key";

  /** The secret of that key. */
  public static final String SECRET_KEY = "emulator-secret-key";

  private static final String JAR = "fsmigrate.emulator.jar";
  private static final Pattern READY =
      Pattern.compile("\"endpoint\"\\s*:\\s*\"([^\"]+)\".*\"s3Endpoint\"\\s*:\\s*\"([^\"]+)\"");

  private final Process process;
  private final URI endpoint;
  private final URI s3Endpoint;
  private final HttpClient http = HttpClient.newHttpClient();

  private EmulatorProcess(Process process, Matcher ready) {
    this.process = process;
    this.endpoint = URI.create(ready.group(1));
    this.s3Endpoint = URI.create(ready.group(2));
  }

  /**
   * Starts it and waits until it is ready; it ends with this JVM at the latest.
   *
   * @param options of its command line
   * @throws IllegalStateException when the jar is not there or it does not start
   */
  public static EmulatorProcess start(String... options) {
    Path jar = Path.of(System.getProperty(JAR, ""));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "%s = %s is no file; build it with: mvn -pl testkit/emulator -am package -DskipTests"
              .formatted(JAR, jar));
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-jar", jar.toString()));
    command.addAll(Arrays.asList(options));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new EmulatorProcess(process, ready(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matcher ready(Process process) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher matcher = READY.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new IllegalStateException("The emulator ended before it was ready");
  }

  /** Where Feature Store and Athena answer. */
  public URI endpoint() {
    return endpoint;
  }

  /** The settings with which a Spark reads and writes its S3, for a Hadoop configuration. */
  public Map<String, String> s3a() {
    return Map.of(
        "fs.s3a.endpoint", s3Endpoint.toString(),
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false",
        "fs.s3a.input.stream.type", "classic",
        "fs.s3a.access.key", ACCESS_KEY,
        "fs.s3a.secret.key", SECRET_KEY,
        // Every emulator has an address of its own; a cached file system has that of the first.
        "fs.s3a.impl.disable.cache", "true");
  }

  /**
   * A request to the emulator itself.
   *
   * @param what such as {@code faults}, with a query where there is one
   * @param json empty for none
   * @return what it answers, as JSON
   * @throws IllegalStateException when it refuses
   */
  public String admin(String method, String what, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/_emulator/" + what))
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(method + " " + what + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Replaces what goes wrong.
   *
   * @param rules each a JSON object
   */
  public void faults(String... rules) {
    admin("PUT", "faults", "{\"rules\":[" + String.join(",", rules) + "]}");
  }

  /** Forgets groups, records, faults and calls. */
  public void reset() {
    admin("POST", "reset", "");
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
