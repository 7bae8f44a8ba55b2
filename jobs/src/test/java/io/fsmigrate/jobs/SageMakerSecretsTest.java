package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.EmulatorProcess;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What must be known to run, and must not be read off anything that a run leaves behind. */
@ExtendWith(SparkExtension.class)
class SageMakerSecretsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final String DATABASE_PASSWORD = "hunter2-of-the-database";
  private static final String SESSION_SECRET = "wJalrXUtnFEMI-of-the-session";
  private static final String SESSION_TOKEN = "FwoGZXIvYXdzEA-of-the-session";
  private static final List<String> SECRETS =
      List.of(DATABASE_PASSWORD, SESSION_SECRET, SESSION_TOKEN, EmulatorProcess.SECRET_KEY);

  /** One store has a setting that it does not know; nobody opens it unless asked. */
  private static final String STORES =
      """
      vault.database { user = loader, password = "%s" }
      fs-migrate.online-stores.archive {
        type = sqlite, path = "archive.db", table = readings
        password = ${vault.database.password}
      }
      """
          .formatted(DATABASE_PASSWORD);

  private static SageMakerHouse house;

  @TempDir private Path directory;

  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void startService(SparkSession spark) {
    house = SageMakerHouse.start(spark);
    house
        .emulator()
        .admin(
            "POST",
            "credentials",
            "{\"accessKey\":\"ASIASESSION\",\"secretKey\":\"%s\",\"sessionToken\":\"%s\"}"
                .formatted(SESSION_SECRET, SESSION_TOKEN));
  }

  @AfterAll
  static void stopService() {
    house.close();
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    house.emulator().reset();
    sandbox = Sandbox.of(directory.resolve("sandbox"), spark, house.catalog("1 minute") + STORES);
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
    house.create(
        "readings",
        "sensor",
        "seen",
        "Standard",
        "sensor String",
        "seen String",
        "level Integral",
        "note String");
  }

  @Test
  void nothingThatACommandSaysOrKeepsHasASecretInIt() throws Exception {
    String poison = "{\"operation\":\"*\",\"poisonIdentifiers\":[\"s-3\"]}";
    List<String> said = new ArrayList<>();
    try (LogLines log = new LogLines("io.fsmigrate", Level.TRACE)) {
      said.add(run(0, "plan", source, TARGET));
      house.emulator().faults("{\"operation\":\"BatchWriteRecord\",\"expiredTokenAfterCalls\":1}");
      said.add(run(6, "migrate", source, TARGET));
      house.emulator().faults(poison);
      said.add(run(3, "migrate", "--resume-from", "latest", "--max-failures", "1"));
      house.emulator().faults();
      said.add(run(0, "migrate", source, "feature/x:" + TARGET, "--create-branch"));
      said.add(run(2, "plan", source, TARGET, "--online", "archive"));
      System.setProperty("aws.secretAccessKey", SESSION_SECRET);
      said.add(run(2, "migrate", source, TARGET));
      System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
      said.add(run(0, "catalog", "check"));
      said.add(run(0, "runs", "list"));
      said.addAll(log.lines());
    } finally {
      System.setProperty("aws.secretAccessKey", EmulatorProcess.SECRET_KEY);
    }
    String finished = Sandbox.json(said.get(2)).get("run").asText();
    assertThat(sandbox.failedRecords(finished)).hasSize(1);

    assertThat(said.get(1)).contains("AWS_CREDENTIALS_EXPIRED");
    assertThat(said.get(4)).contains("archive", "password");
    assertThat(said.get(5)).contains("AWS_CREDENTIALS_REJECTED");
    for (String secret : SECRETS) {
      assertThat(said).as(secret).noneMatch(text -> text.contains(secret));
    }
    assertThatNoFileHasASecret();
  }

  /** What a command writes to standard output and standard error. */
  private String run(int exitCode, String... args) {
    Cli.Result result =
        sandbox.run(
            Stream.concat(Stream.of("--output=json"), Stream.of(args)).toArray(String[]::new));
    assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    return result.out() + result.err();
  }

  /** Warehouse, logs and whatever else there is; the configuration is where it belongs. */
  private void assertThatNoFileHasASecret() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(directory)) {
      files =
          found
              .filter(Files::isRegularFile)
              .filter(file -> !file.equals(sandbox.path("my.conf")))
              .toList();
    }
    assertThat(files)
        .extracting(Path::getFileName)
        .map(Path::toString)
        .contains("plan.json", "report.json");
    for (Path file : files) {
      // Every byte is a character, so that secrets are found in files of any form.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertThat(SECRETS).as(file.toString()).noneMatch(text::contains);
    }
  }

  @Test
  void aProcessWithSecretsInItsEnvironmentShowsNoneInItsArgumentsAndLogs() throws Exception {
    house
        .emulator()
        .faults(
            "{\"operation\":\"PutRecord\",\"latencyMillis\":20}",
            "{\"operation\":\"*\",\"poisonIdentifiers\":[\"s-3\"]}");
    // Something that is logged.
    house
        .emulator()
        .admin("PUT", "denials", "{\"denials\":[{\"operation\":\"BatchWriteRecord\"}]}");
    Files.writeString(
        sandbox.path("my.conf"),
        Files.readString(sandbox.path("my.conf"))
            .replace("\"" + DATABASE_PASSWORD + "\"", "${DATABASE_PASSWORD}"));
    Path log = directory.resolve("program.log");
    Path log4j = Path.of("..", "conf", "log4j2.properties").toAbsolutePath();
    List<String> lines = new ArrayList<>();
    try (ProcessUnderTest process =
        sandbox.start(
            sandbox
                .process(
                    List.of("-Dfsmigrate.log=" + log, "-Dlog4j2.configurationFile=" + log4j),
                    "--output=json",
                    "migrate",
                    source,
                    TARGET,
                    "--max-failures",
                    "1",
                    "--max-workers",
                    "1")
                .withEnvironment("AWS_ACCESS_KEY_ID", "ASIASESSION")
                .withEnvironment("AWS_SECRET_ACCESS_KEY", SESSION_SECRET)
                .withEnvironment("AWS_SESSION_TOKEN", SESSION_TOKEN)
                .withEnvironment("DATABASE_PASSWORD", DATABASE_PASSWORD))) {
      process.awaitUntil(
          "a record is written", Duration.ofMinutes(2), () -> house.calls("PutRecord") > 0);
      ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
      Stream.concat(Stream.of(handle), handle.descendants())
          .forEach(one -> lines.add(commandLine(one)));

      assertThat(process.waitFor(Duration.ofMinutes(2))).as(process.stderr()).isEqualTo(3);

      JsonNode report = Sandbox.json(process.stdout());
      assertThat(report.at("/online/features/failed").asInt()).isEqualTo(1);
      lines.add(process.stdout());
      lines.add(process.stderr());
    }
    assertThat(lines.get(0)).contains("migrate", TARGET);
    for (String secret : SECRETS) {
      assertThat(lines).as(secret).noneMatch(text -> text.contains(secret));
    }
    assertThat(log).content().contains("BatchWriteRecord is not to be had (AccessForbidden)");
    assertThatNoFileHasASecret();
  }

  /** As others on the machine see it. */
  private static String commandLine(ProcessHandle process) {
    try {
      // Java itself reads no more than a page of it.
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }
}
