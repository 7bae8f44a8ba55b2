package io.fsmigrate.jobs;

import static io.fsmigrate.testkit.DataFrameAssert.assertThatDataFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.SparkExtension;
import io.fsmigrate.testkit.SpawnedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example project's jar as a user gives it to the start script: its migrations are found by
 * commands without Spark, on the driver, and on executors in processes of their own.
 */
@DisabledOnOs(OS.WINDOWS)
@ExtendWith(SparkExtension.class)
class JavaMigrationIT {
  private static final Path EXAMPLE = Path.of(System.getProperty("fsmigrate.example"));
  private static final Path JAR = EXAMPLE.resolve("target/card-migrations.jar");
  private static final Path SCRIPT = Path.of(System.getProperty("fsmigrate.scripts"), "fs-migrate");
  private static final Path SPARK =
      Path.of(System.getProperty("fsmigrate.jar")).resolveSibling("spark");
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final int CARDS = 120;
  private static final int[] DOUBLED = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};

  @TempDir static Path input;
  @TempDir Path directory;
  private Sandbox sandbox;

  /** A payment as the source has it, and whether its card number was made with its check digit. */
  private record Payment(String card, boolean valid, String seen, long cents) {
    Timestamp at() {
      return seen == null ? null : Timestamp.from(Instant.parse(seen));
    }
  }

  @BeforeAll
  static void writePayments(SparkSession spark) {
    List<Row> rows =
        payments().stream()
            .map(p -> RowFactory.create(p.card(), p.at(), p.cents(), "shop"))
            .toList();
    spark
        .createDataFrame(
            rows,
            StructType.fromDDL("card STRING, seen TIMESTAMP, amount_cents BIGINT, merchant STRING"))
        .repartition(3)
        .write()
        .parquet(input.resolve("payments").toString());
  }

  @BeforeEach
  void sandbox(SparkSession spark) {
    sandbox = new Sandbox(directory, spark);
  }

  @Test
  void noClassOfTheExampleIsOnTheClassPathOfThisTest() {
    assertThatThrownBy(() -> Class.forName("com.example.cards.Luhn"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aCommandWithoutSparkListsThemWithTheChecksumOfTheirJar() throws Exception {
    JsonNode migrations = json(start(List.of("--jars", JAR.toString()), "migrations", "list"));

    assertThat(migrations.get("migrations"))
        .extracting(
            m ->
                m.get("from").asText() + "->" + m.get("to").asText() + " " + m.get("kind").asText())
        .containsExactly("raw->1.0.0 java", "1.0.0->2.0.0 java");
    assertThat(migrations.get("migrations"))
        .extracting(m -> m.get("checksum").asText())
        .containsExactly(
            checksum("raw", "1.0.0", "com.example.cards.CheckCardNumbers"),
            checksum("1.0.0", "2.0.0", "com.example.cards.TotalsPerDay"));
  }

  @Test
  void aJarThatIsNotThereIsAUsageErrorAndAPatternIsFollowed() throws Exception {
    Cli.Result missing = start(List.of("--jars", directory + "/no.jar"), "plan", "a", "b");
    Cli.Result remote = start(List.of("--jars", "hdfs://h/m.jar"), "migrations", "list");
    Cli.Result pattern =
        start(
            List.of("--jars", "file://" + EXAMPLE.resolve("target") + "/card-*.jar"),
            "migrations",
            "path",
            "card_payments",
            "raw",
            "2.0.0");

    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("no.jar: no such file");
    assertThat(remote.exitCode()).isEqualTo(2);
    assertThat(remote.err()).contains("hdfs://h/m.jar: not a file", "starts no Spark");
    assertThat(json(pattern).get("migrations")).hasSize(2);
  }

  @Test
  void sparkSubmitPlansThePath() throws Exception {
    SpawnedProcess submitted =
        script(List.of("--jars", JAR.toString()), "plan", source(), "card_payments@2.0.0")
            .withEnvironment("SPARK_HOME", sparkHome().toString());

    JsonNode plan = json(end(submitted));

    assertThat(plan.get("path"))
        .extracting(step -> step.get("id").asText(), step -> step.get("checksum").asText())
        .containsExactly(
            tuple(
                "card_payments:raw->1.0.0",
                checksum("raw", "1.0.0", "com.example.cards.CheckCardNumbers")),
            tuple(
                "card_payments:1.0.0->2.0.0",
                checksum("1.0.0", "2.0.0", "com.example.cards.TotalsPerDay")));
    assertThat(plan.get("refusals")).isEmpty();
    assertThat(plan.get("units").get("reason").asText())
        .contains("card_payments:1.0.0->2.0.0 is declared not row-local");
    assertThat(plan.get("schemaAfter").get(1).asText()).isEqualTo("day date");
  }

  @Test
  void withoutItsJarThePlanIsRefused() throws Exception {
    Cli.Result plan = start(List.of(), "plan", source(), "card_payments@1.0.0");

    assertThat(plan.exitCode()).isEqualTo(4);
    assertThat(Sandbox.json(plan.out()).get("code").asText()).isEqualTo("SCHEMA_DIFFERS");
    assertThat(plan.err())
        .contains("there is no registered migration path", "number_is_valid: missing", "--jars");
  }

  @Test
  void executorsInTheirOwnProcessesFindTheClassesOfTheJar() throws Exception {
    Cli.Result checked =
        start(
            List.of("--jars", JAR.toString(), "--master", "local-cluster[1,1,1024]"),
            "migrate",
            source(),
            "card_payments@1.0.0");
    Cli.Result summed =
        start(
            List.of("--jars", JAR.toString(), "--master", "local[2]"),
            "migrate",
            "card_payments@1.0.0",
            "feature/daily:card_payments@2.0.0",
            "--create-branch");

    assertThat(checked.exitCode()).as(checked.err()).isEqualTo(3);
    assertThatDataFrame(sandbox.table("main", "card_payments"))
        .hasSchema(
            "card_id string, observed_at timestamp, amount_cents bigint, number_is_valid boolean")
        .containsExactlyRows(
            accepted()
                .map(p -> RowFactory.create(p.card(), p.at(), p.cents(), p.valid()))
                .toArray(Row[]::new));
    assertThat(summed.exitCode()).as(summed.err()).isZero();
    assertThatDataFrame(sandbox.table("feature/daily", "card_payments"))
        .hasSchema(
            "card_id string, day date, payments bigint, amount_cents bigint, number_is_valid boolean")
        .containsExactlyRows(totals());
    JsonNode sums = Sandbox.json(summed.out()).get("offline");
    assertThat(sums.get("filtered").asLong())
        .as("rows that were merged into others")
        .isEqualTo(accepted().count() - totals().length);
  }

  /**
   * Three payments of each card: two on the first day, one at the first second of the next. One has
   * no time and one an amount that the contract refuses.
   */
  private static List<Payment> payments() {
    List<Payment> payments = new ArrayList<>();
    for (int card = 0; card < CARDS; card++) {
      boolean valid = card % 3 == 0;
      String number = number(card, valid);
      payments.add(new Payment(number, valid, "2026-03-01T00:00:00Z", 100 + card));
      payments.add(
          new Payment(number, valid, card == 7 ? null : "2026-03-01T23:59:59.999Z", 2L * card + 1));
      payments.add(new Payment(number, valid, "2026-03-02T00:00:00Z", card == 8 ? -1 : 5));
    }
    return payments;
  }

  private static Stream<Payment> accepted() {
    return payments().stream().filter(p -> p.seen() != null && p.cents() >= 0);
  }

  private static Row[] totals() {
    List<Row> rows = new ArrayList<>();
    for (int card = 0; card < CARDS; card++) {
      boolean valid = card % 3 == 0;
      long second = card == 7 ? 0 : 2L * card + 1;
      rows.add(
          RowFactory.create(
              number(card, valid),
              Date.valueOf("2026-03-01"),
              card == 7 ? 1L : 2L,
              100 + card + second,
              valid));
      if (card != 8) {
        rows.add(RowFactory.create(number(card, valid), Date.valueOf("2026-03-02"), 1L, 5L, valid));
      }
    }
    return rows.toArray(Row[]::new);
  }

  /** Sixteen digits; the last is the check digit of the others, or the digit after it. */
  private static String number(int card, boolean valid) {
    String payload = "4000%011d".formatted(card * 7_919L);
    int sum = 0;
    for (int i = 0; i < payload.length(); i++) {
      int digit = Character.digit(payload.charAt(i), 10);
      sum += i % 2 == 0 ? DOUBLED[digit] : digit;
    }
    int check = (10 - sum % 10) % 10;
    String all = payload + (valid ? check : (check + 1) % 10);
    return String.join(
        "-", all.substring(0, 4), all.substring(4, 8), all.substring(8, 12), all.substring(12));
  }

  /** The checksum as it is defined, over the jar's files in the order of their names. */
  private static String checksum(String from, String to, String provider) throws Exception {
    List<byte[]> code = new ArrayList<>();
    code.add(value("kind", bytes("code")));
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (String name :
          jar.stream().filter(e -> !e.isDirectory()).map(JarEntry::getName).sorted().toList()) {
        code.add(value("file", bytes(name)));
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
          code.add(value("bytes", in.readAllBytes()));
        }
      }
    }
    return hash(
        List.of(
            value("kind", bytes("java")),
            value("group", bytes("card_payments")),
            value("from", bytes(from)),
            value("to", bytes(to)),
            value("class", bytes(provider)),
            value("code", bytes(hash(code)))));
  }

  private static byte[] value(String name, byte[] value) {
    byte[] head = bytes(name + " " + value.length + ":");
    byte[] all = new byte[head.length + value.length + 1];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(value, 0, all, head.length, value.length);
    all[all.length - 1] = '\n';
    return all;
  }

  private static String hash(List<byte[]> values) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    values.forEach(digest::update);
    return "v1:" + HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The Spark of the build with the script that a download has beside it: Spark's own launcher says
   * with which command to start, its words ended by NUL, after a first line that holds but a NUL.
   */
  private Path sparkHome() throws IOException {
    Path home = Files.createDirectories(directory.resolve("spark home"));
    Files.createSymbolicLink(home.resolve("jars"), SPARK.resolve("jars"));
    Files.createSymbolicLink(home.resolve("RELEASE"), SPARK.resolve("RELEASE"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(
        submit,
        """
        #!/usr/bin/env bash
        export SPARK_SCALA_VERSION=2.13
        words=()
        while IFS= read -r -d '' word; do words+=("${word#$'\\n'}"); done < <(
          java -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main \\
            org.apache.spark.deploy.SparkSubmit "$@"
        )
        exec "${words[@]:1}"
        """);
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    return home;
  }

  private static String source() {
    return "parquet:" + input.resolve("payments");
  }

  private static JsonNode json(Cli.Result result) {
    assertThat(result.exitCode()).as(result.err()).isZero();
    return Sandbox.json(result.out());
  }

  private Cli.Result start(List<String> sparkOptions, String... command) throws Exception {
    return end(script(sparkOptions, command));
  }

  private SpawnedProcess script(List<String> sparkOptions, String... command) {
    return SpawnedProcess.of("env", "-u", "SPARK_HOME", "bash", SCRIPT.toString())
        .with(sparkOptions.toArray(String[]::new))
        .with("--driver-java-options", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .with("--output=json", "--conf", EXAMPLE.resolve("cards.conf").toString())
        .with(command)
        .withEnvironment("CARDS_DIR", directory.toString())
        .withEnvironment("FS_MIGRATE_LOG", directory.resolve("log").toString())
        .withEnvironment("SPARK_LOCAL_IP", "127.0.0.1");
  }

  private Cli.Result end(SpawnedProcess process) throws Exception {
    try (ProcessUnderTest running =
        process.start(directory.resolve("cwd"), directory.resolve("logs"))) {
      int exitCode = running.waitFor(BOUND);
      return new Cli.Result(exitCode, running.stdout(), running.stderr());
    }
  }
}
