package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are added to what a branch shows already. */
@ExtendWith(SparkExtension.class)
class PublishTest {
  private static final int SENSORS = 97;
  private static final int ROWS = 388;
  private static final String SERVED = "SELECT sensor FROM readings";

  @TempDir private Path directory;

  private RedisProcess redis;
  private Sandbox sandbox;
  private String migrated;

  @BeforeEach
  void migrate(SparkSession spark) throws Exception {
    redis = RedisProcess.start();
    sandbox = Sandbox.of(directory, spark, catalog());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, ROWS, false);
    migrated =
        sandbox
            .json(0, "migrate", "parquet:" + input, "readings@1.0.0", "--online", "none")
            .get("run")
            .asText();
    FileUtils.deleteDirectory(input.toFile());
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  /** Records, without what says which version is served. */
  private int cached() {
    return ((List<?>) redis.call("KEYS", "readings@1.0.0:*")).size();
  }

  private String catalog() {
    return """
    fs-migrate {
      warehouse = "warehouse"
      run { online-bucket-rows = 30 }
      online-stores.cache {
        type = redis, nodes = "%s", unavailable-after = 2 seconds
      }
      online-stores.local { type = sqlite, path = "online.db", table = readings }
      feature-groups.readings {
        record-identifier = sensor
        event-time = seen
        versions."1.0.0".features =
          ["sensor: string", "seen: timestamp", "level: int", "note: string"]
      }
      migrations = [
        { group = readings, from = raw, to = "1.0.0"
          steps = [ { cast { name = level, type = int } } ] }
      ]
    }
    """
        .formatted(redis.address());
  }

  /** The source of the migration is gone by now: the branch's table is all that is read. */
  @Test
  void storesAreFilledFromTheBranch() throws Exception {
    String head = sandbox.json(0, "branch", "show", "main").toString();

    JsonNode plan = sandbox.json(0, "publish", "main:readings", "--to", "cache,local", "--dry-run");
    assertThat(cached()).isZero();
    assertThat(sandbox.database()).doesNotExist();
    JsonNode report = sandbox.json(0, "publish", "main:readings", "--to", "cache,local");

    assertThat(plan.at("/rows").asInt()).isEqualTo(ROWS);
    assertThat(plan.at("/online/0/store").asText()).isEqualTo("cache");
    for (String store : new String[] {"cache", "local"}) {
      assertThat(report.at("/online/" + store + "/newest").asInt()).isEqualTo(SENSORS);
      assertThat(report.at("/online/" + store + "/written").asInt()).isEqualTo(SENSORS);
      assertThat(report.at("/online/" + store + "/superseded").asInt()).isEqualTo(ROWS - SENSORS);
    }
    assertThat(report.at("/source").asText()).isEqualTo("main:readings@1.0.0");
    assertThat(report.at("/offline")).isEmpty();
    assertThat(redis.call("HGET", "readings@1.0.0:s-5", "level")).isEqualTo("296");
    assertThat(sandbox.online(SERVED)).hasSize(SENSORS);
    assertThat(sandbox.json(0, "branch", "show", "main").toString()).isEqualTo(head);
    JsonNode runs = sandbox.json(0, "runs", "list");
    assertThat(runs.findValuesAsText("command")).contains("publish", "migrate");
  }

  @Test
  void repeatedItWritesWhatItWroteAndNothingNewer() {
    sandbox.json(0, "publish", "readings@1.0.0", "--to", "cache");
    redis.call("HSET", "readings@1.0.0:s-1", "__fs_at", "100000001900000000000000000");
    redis.call("HSET", "readings@1.0.0:gone", "__fs_at", "1", "sensor", "gone");

    JsonNode again = sandbox.json(0, "publish", "readings@1.0.0", "--to", "cache");
    Cli.Result asked = sandbox.run("publish", "readings@1.0.0", "--to", "cache", "--clear-target");
    JsonNode cleared =
        sandbox.json(0, "publish", "readings@1.0.0", "--to", "cache", "--clear-target", "--yes");

    assertThat(again.at("/online/cache/written").asInt()).isEqualTo(SENSORS - 1);
    assertThat(again.at("/online/cache/stale").asInt()).isEqualTo(1);
    assertThat(asked.exitCode()).isEqualTo(4);
    assertThat(asked.err()).contains("98 records of online store cache", "--yes");
    assertThat(cleared.at("/online/cache/cleared").asInt()).isEqualTo(SENSORS + 1);
    assertThat(cleared.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(cached()).isEqualTo(SENSORS);
  }

  @Test
  void anOutageIsGoneOnFrom() throws Exception {
    redis.call("CONFIG", "SET", "maxmemory", "100kb");

    JsonNode failure = sandbox.json(6, "publish", "readings", "--to", "cache,local");
    redis.call("CONFIG", "SET", "maxmemory", "0");
    String run = sandbox.json(0, "runs", "show", "latest").at("/run").asText();
    Cli.Result other = sandbox.run("migrate", "--resume-from", run);
    Cli.Result latest = sandbox.run("migrate", "--resume-from", "latest");
    JsonNode resumed = sandbox.json(0, "publish", "--resume-from", "latest");

    assertThat(failure.get("code").asText()).isEqualTo("REDIS_FULL");
    assertThat(sandbox.online(SERVED)).hasSize(SENSORS);
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("fs-migrate publish --resume-from " + run);
    assertThat(latest.exitCode()).isEqualTo(4);
    assertThat(run).isNotEqualTo(migrated);
    assertThat(resumed.get("run").asText()).isEqualTo(run);
    assertThat(resumed.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(cached()).isEqualTo(SENSORS);
  }

  @Test
  void whatCannotBePublishedIsToldBeforeAnythingIsWritten() throws Exception {
    refused(2, "unknown online store", "publish", "main:readings", "--to", "nowhere");
    refused(2, "there is no such branch", "publish", "elsewhere:readings", "--to", "cache");
    refused(2, "shows version 1.0.0", "publish", "readings@2.0.0", "--to", "cache");
    refused(2, "--to", "publish", "readings");
    Path conf = directory.resolve("my.conf");
    Files.writeString(conf, Files.readString(conf).replace("note: string", "note: binary"));
    refused(4, "note is string, not binary", "publish", "readings", "--to", "cache");
    assertThat(cached()).isZero();
  }

  private void refused(int exitCode, String because, String... command) {
    Cli.Result result = sandbox.run(command);
    assertThat(result.exitCode()).as(String.join(" ", command)).isEqualTo(exitCode);
    assertThat(result.err()).as(Stream.of(command).toList().toString()).contains(because);
  }
}
