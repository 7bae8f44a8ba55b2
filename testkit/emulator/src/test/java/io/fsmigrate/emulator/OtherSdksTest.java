package io.fsmigrate.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fsmigrate.emulator.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SDKs that others have written, where they are on this machine. */
class OtherSdksTest {
  /** A directory with node_modules, instead of an npm install into target. */
  private static final String MODULES = "fsmigrate.emulator.node";

  private static final String NPM_PACKAGE =
      "@aws-sdk/client-sagemaker-featurestore-runtime@3.1138.0";

  @TempDir private static Path directory;
  private static EmulatorServer server;

  @BeforeAll
  static void start() {
    server = EmulatorServer.start(EmulatorOptions.defaults());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private record Run(int exit, String output) {}

  /** Runs a command; an exit code below zero says that it is not there or did not end. */
  private static Run run(Path in, int seconds, String... command) throws InterruptedException {
    Process process;
    try {
      Path output = Files.createTempFile(directory, "out", ".txt");
      process =
          new ProcessBuilder(command)
              .directory(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Run(-1, "did not end in " + seconds + " s");
      }
      return new Run(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      return new Run(-1, e.getMessage());
    }
  }

  private static Path script(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in = OtherSdksTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @Test
  void python() throws Exception {
    Run found = run(directory, 30, "python3", "-c", "import boto3");
    assumeThat(found.exit()).as("python3 with boto3: " + found.output()).isZero();
    Run run =
        run(
            directory,
            120,
            "python3",
            script("boto3_check.py").toString(),
            server.endpoint().toString(),
            server.s3Endpoint().toString(),
            EmulatorOptions.DEFAULT_KEY.accessKey(),
            EmulatorOptions.DEFAULT_KEY.secretKey());
    assertThat(run.output()).endsWith("OK\n");
  }

  @Test
  void javaScript() throws Exception {
    assumeThat(run(directory, 30, "node", "--version").exit()).as("node is there").isZero();
    Path modules = modules();
    SignedClient client = new SignedClient(server.endpoint(), EmulatorOptions.DEFAULT_KEY, null);
    client.target(
        "SageMaker.CreateFeatureGroup",
        Json.object(
            "FeatureGroupName", "javascript",
            "RecordIdentifierFeatureName", "id",
            "EventTimeFeatureName", "t",
            "FeatureDefinitions", features(),
            "OnlineStoreConfig", Map.of("EnableOnlineStore", true, "StorageType", "InMemory")));
    Thread.sleep(server.options().createAfter().toMillis() + 50);
    Run run =
        run(
            directory,
            60,
            "node",
            script("javascript_check.mjs").toString(),
            server.endpoint().toString(),
            EmulatorOptions.DEFAULT_KEY.accessKey(),
            EmulatorOptions.DEFAULT_KEY.secretKey(),
            modules.toString());
    assertThat(run.output()).endsWith("OK\n");
  }

  private static List<Map<String, String>> features() {
    List<Map<String, String>> features = new ArrayList<>();
    features.add(Map.of("FeatureName", "id", "FeatureType", "String"));
    features.add(Map.of("FeatureName", "t", "FeatureType", "String"));
    features.add(Map.of("FeatureName", "n", "FeatureType", "Integral"));
    return features;
  }

  private static Path modules() throws IOException, InterruptedException {
    if (System.getProperty(MODULES) != null) {
      return Path.of(System.getProperty(MODULES));
    }
    Path target = Path.of("target", "node").toAbsolutePath();
    if (!Files.isDirectory(target.resolve("node_modules/@aws-sdk"))) {
      Files.createDirectories(target);
      Files.write(
          target.resolve("package.json"), "{\"private\":true}".getBytes(StandardCharsets.UTF_8));
      Run install = run(target, 40, "npm", "install", "--no-audit", "--no-fund", NPM_PACKAGE);
      assumeThat(install.exit())
          .as("npm install " + NPM_PACKAGE + ": " + install.output())
          .isZero();
    }
    return target;
  }
}
