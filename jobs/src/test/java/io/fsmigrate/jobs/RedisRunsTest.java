package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into a Redis that asks for a password, and what can go wrong with it. */
@ExtendWith(SparkExtension.class)
class RedisRunsTest {
  private static final String TARGET = "readings@1.0.0";
  private static final String PASSWORD = "not-to-be-seen";
  private static final int SENSORS = 97;

  /** The key that says what is served. */
  private static final long POINTER = 1;

  @TempDir private Path directory;

  private RedisProcess redis;
  private Sandbox sandbox;
  private String source;

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    redis = RedisProcess.start();
    redis.call("ACL", "SETUSER", "writer", "on", ">" + PASSWORD, "~*", "+@all");
    Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    sandbox = Sandbox.of(directory, spark, catalog(redis));
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private static String catalog(RedisProcess redis) {
    return """
        fs-migrate {
          warehouse = "warehouse"
          run { online-bucket-rows = 30 }
          online-stores.serving {
            type = redis, nodes = "%1$s", user = writer, password-file = password
            unavailable-after = 2 seconds
          }
          online-stores.feast {
            type = redis, nodes = "%1$s", user = writer, password = "%2$s"
            layout = feast, project = plant
          }
          feature-groups.readings {
            record-identifier = sensor
            event-time = seen
            online-stores = [serving]
            versions."1.0.0".features =
              ["sensor: string", "seen: timestamp", "level: int", "note: string"]
          }
          migrations = [
            { group = readings, from = raw, to = "1.0.0"
              steps = [ { cast { name = level, type = int } } ] }
          ]
        }
        """
        .formatted(redis.address(), PASSWORD);
  }

  @Test
  void theNewestRecordsAreServedAndARepeatedRunChangesNothing() throws Exception {
    JsonNode report = sandbox.json(0, "migrate", source, TARGET);

    JsonNode counted = report.at("/online/serving");
    assertThat(counted.get("newest").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("written").asInt()).isEqualTo(SENSORS);
    assertThat(counted.get("superseded").asInt()).isEqualTo(388 - SENSORS);
    assertThat(counted.has("submitted")).isFalse();
    assertThat(report.at("/calls/serving/calls").asLong()).isPositive();
    assertThat(redis.call("DBSIZE")).isEqualTo(SENSORS + POINTER);
    assertThat(hash("readings@1.0.0:s-5"))
        .containsEntry("sensor", "s-5")
        .containsEntry("seen", "2026-01-01T00:01:00Z")
        .containsEntry("level", "296")
        .containsEntry("note", "n2");

    redis.call("HSET", "readings@1.0.0:s-1", "__fs_at", "100000001900000000000000000");
    JsonNode again = sandbox.json(0, "migrate", source, TARGET);
    assertThat(again.at("/online/serving/written").asInt()).isEqualTo(SENSORS - 1);
    assertThat(again.at("/online/serving/stale").asInt()).isEqualTo(1);
    assertThat(sandbox.run("runs", "show", "latest").out()).doesNotContain(PASSWORD);
    assertNoFileHasThePassword();
  }

  private void assertNoFileHasThePassword() throws Exception {
    try (Stream<Path> files = Files.walk(sandbox.path("warehouse"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(PASSWORD);
      }
    }
  }

  @Test
  void twoStoresAreFilledByOneRun() {
    JsonNode report = sandbox.json(0, "migrate", source, TARGET, "--online", "serving,feast");

    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/feast/written").asInt()).isEqualTo(SENSORS);
    assertThat(redis.call("DBSIZE")).isEqualTo(2L * SENSORS + POINTER);
    List<?> keys = (List<?>) redis.call("KEYS", "*s-5plant");
    assertThat(keys).hasSize(1);
    assertThat(hash((String) keys.get(0))).containsKey("_ts:readings").hasSize(3);
  }

  /** So slow that the outage comes in the middle. */
  @Test
  void anOutageEndsTheRunWhichGoesOnLater() throws Exception {
    String slowly = "online-stores.serving.rate-limit=20 records/s";
    CompletableFuture<Void> outage = CompletableFuture.runAsync(this::stopAfterTheFirstRecords);

    JsonNode failure = sandbox.json(6, "--set", slowly, "migrate", source, TARGET);
    outage.get();
    redis.run();
    redis.call("ACL", "SETUSER", "writer", "on", ">" + PASSWORD, "~*", "+@all");
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isIn("REDIS_UNAVAILABLE", "REDIS_UNREACHABLE");
    assertThat(failure.get("message").asText()).contains("serving", redis.address());
    assertThat(resumed.at("/online/serving/newest").asInt()).isEqualTo(SENSORS);
    assertThat(resumed.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
  }

  private void stopAfterTheFirstRecords() {
    try {
      while ((Long) redis.call("DBSIZE") == 0) {
        Thread.sleep(20);
      }
      redis.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aFullServerEndsTheRunWhichGoesOnLater() {
    redis.call("CONFIG", "SET", "maxmemory", "100kb");

    JsonNode failure = sandbox.json(6, "migrate", source, TARGET);
    redis.call("CONFIG", "SET", "maxmemory", "0");
    JsonNode resumed = sandbox.json(0, "migrate", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("REDIS_FULL");
    assertThat(resumed.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(redis.call("DBSIZE")).isEqualTo(SENSORS + POINTER);
  }

  @Test
  void aWrongPasswordIsToldBeforeAnythingIsWritten() throws Exception {
    Files.writeString(directory.resolve("password"), "another-secret");

    Cli.Result refused = sandbox.run("migrate", source, TARGET);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("does not let us in").doesNotContain("another-secret");
    assertThat(sandbox.path("warehouse")).doesNotExist();
  }

  @Test
  void clearingTheTargetLeavesWhatIsOfOthers() {
    sandbox.json(0, "migrate", source, TARGET);
    redis.call("HSET", "readings@1.0.0:gone", "__fs_at", "1", "sensor", "gone");
    redis.call("HSET", "readings@2.0.0:s-1", "__fs_at", "1", "sensor", "s-1");
    redis.call("SET", "something", "else");

    JsonNode plan = sandbox.json(0, "plan", source, TARGET, "--clear-target");
    JsonNode report = sandbox.json(0, "migrate", source, TARGET, "--clear-target", "--yes");

    assertThat(plan.at("/online/0/clears/records").asInt()).isEqualTo(SENSORS + 1);
    assertThat(report.at("/online/serving/cleared").asInt()).isEqualTo(SENSORS + 1);
    assertThat(report.at("/online/serving/written").asInt()).isEqualTo(SENSORS);
    assertThat(redis.call("DBSIZE")).isEqualTo(SENSORS + 2 + POINTER);
    assertThat(redis.call("EXISTS", "readings@1.0.0:gone")).isEqualTo(0L);
    assertThat(redis.call("GET", "something")).isEqualTo("else");
  }

  @Test
  void aKeyOfSomebodyElseIsAFailedRecord() {
    redis.call("SET", "readings@1.0.0:s-7", "a text");

    JsonNode report = sandbox.json(3, "migrate", source, TARGET, "--max-failures", "5%");

    assertThat(report.at("/online/serving/failed").asInt()).isEqualTo(1);
    JsonNode failed = sandbox.failedRecords(report.get("run").asText()).get(0);
    assertThat(failed.at("/original/sensor").asText()).isEqualTo("s-7");
    assertThat(failed.get("code").asText()).isEqualTo("KEY_IN_OTHER_USE");
    assertThat(redis.call("GET", "readings@1.0.0:s-7")).isEqualTo("a text");
  }

  private Map<String, String> hash(String key) {
    List<?> parts = (List<?>) redis.call("HGETALL", key);
    Map<String, String> hash = new TreeMap<>();
    for (int i = 0; i < parts.size(); i += 2) {
      hash.put((String) parts.get(i), (String) parts.get(i + 1));
    }
    return hash;
  }
}
