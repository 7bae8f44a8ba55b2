package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.testkit.ProcessUnderTest;
import io.fsmigrate.testkit.RedisProcess;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Versions side by side and in place, in a SQLite database and in Redis, and who reads which. */
@ExtendWith(SparkExtension.class)
class ServingRunsTest {
  private static final String ONE = "readings@1.0.0";
  private static final int SENSORS = 97;

  private static RedisProcess redis;

  @TempDir private Path directory;

  private Sandbox sandbox;
  private String source;

  @BeforeAll
  static void start() {
    redis = RedisProcess.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void prepare(SparkSession spark) throws Exception {
    redis.call("FLUSHALL");
    sandbox = Sandbox.of(directory, spark, catalog());
    Path input = directory.resolve("input");
    Sandbox.writeReadings(spark, input, 388, false);
    source = "parquet:" + input;
  }

  private static String catalog() {
    return """
    fs-migrate {
      warehouse = "warehouse"
      run { online-bucket-rows = 30 }
      online-stores.table { type = sqlite, path = "online.db" }
      online-stores.cache { type = redis, nodes = "%s" }
      feature-groups.readings {
        record-identifier = sensor
        event-time = seen
        online-stores = [table, cache]
        versions."1.0.0".features =
          ["sensor: string", "seen: timestamp", "level: int", "note: string"]
        versions."1.1.0".features =
          ["sensor: string", "seen: timestamp", "level: int", "note: string", "high: boolean"]
        versions."2.0.0".features = ["sensor: string", "seen: timestamp", "depth: int"]
      }
      migrations = [
        { group = readings, from = raw, to = "1.0.0"
          steps = [ { cast { name = level, type = int } } ] }
        { group = readings, from = "1.0.0", to = "1.1.0"
          steps = [ { add { name = high, type = boolean, expression = "level > 300" } } ] }
        { group = readings, from = "1.0.0", to = "2.0.0"
          steps = [ { rename { from = level, to = depth } }, { drop = note } ] }
      ]
    }
    """
        .formatted(redis.address());
  }

  private Object cache(String key, String field) {
    return redis.call("HGET", key, field);
  }

  /** As an application does: the prefix first, then the record. */
  private Object servedByCache(String sensor, String field) {
    Object prefix = cache("fs-migrate:serving:readings", "key-prefix");
    return cache(prefix + sensor, field);
  }

  private List<String> history(String field) {
    return sandbox.json(0, "serving", "history", "readings").get("moves").findValuesAsText(field);
  }

  @Test
  void versionsLieSideBySideUntilSomebodySwitchesAndBack() throws Exception {
    JsonNode first = sandbox.json(0, "migrate", source, ONE);
    assertThat(first.at("/serving/0/moved").asBoolean()).isTrue();
    assertThat(first.at("/serving/1/served").asText()).isEqualTo(ONE);
    assertThat(first.at("/serving/1/toServe").isMissingNode()).isTrue();

    Cli.Result second = sandbox.run("migrate", ONE, "readings@2.0.0");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out())
        .contains("cache: readings@1.0.0 from readings@1.0.0:")
        .contains("serving switch readings --to 2.0.0 --store table");

    assertThat(sandbox.online("SELECT level FROM readings WHERE sensor = 's-5'"))
        .containsExactly(List.of(296));
    assertThat(sandbox.online("SELECT depth FROM \"readings@2.0.0\" WHERE sensor = 's-5'"))
        .containsExactly(List.of(296));
    assertThat(servedByCache("s-5", "level")).isEqualTo("296");
    assertThat(servedByCache("s-5", "depth")).isNull();

    Cli.Result dry = sandbox.run("serving", "switch", "readings", "--to", "2.0.0", "--dry-run");
    assertThat(dry.out()).contains("cache: would serve readings@2.0.0 from readings@2.0.0:");
    assertThat(servedByCache("s-5", "level")).isEqualTo("296");

    JsonNode switched = sandbox.json(0, "serving", "switch", "readings", "--to", "2.0.0");
    assertThat(switched.at("/stores").findValuesAsText("moved")).containsExactly("true", "true");
    assertThat(sandbox.online("SELECT depth FROM readings WHERE sensor = 's-5'"))
        .containsExactly(List.of(296));
    assertThat(servedByCache("s-5", "depth")).isEqualTo("296");
    Cli.Result again = sandbox.run("serving", "switch", "readings", "--to", "2.0.0");
    assertThat(again.out()).contains("table: serves readings@2.0.0 already");

    Cli.Result back = sandbox.run("serving", "back", "readings", "--store", "cache");
    assertThat(back.out())
        .isEqualTo("cache: serves readings@1.0.0 from readings@1.0.0: instead of 2.0.0\n");
    assertThat(servedByCache("s-5", "level")).isEqualTo("296");
    JsonNode shown = sandbox.json(0, "serving", "show", "readings");
    assertThat(shown.at("/stores/0/served/version").asText()).isEqualTo("2.0.0");
    assertThat(shown.at("/stores/1/served/version").asText()).isEqualTo("1.0.0");
    assertThat(history("cause")).containsExactly("back", "switch", "switch", "run", "run");
    assertThat(history("state")).containsOnly("moved");
    assertThat(sandbox.run("serving", "history", "readings").out())
        .contains("run " + first.get("run").asText(), "back by ");
    assertThat(sandbox.json(4, "serving", "back", "readings", "--store", "cache").toString())
        .contains("SERVING_REFUSED", "nothing is on record");
  }

  @Test
  void aVersionThatOnlyAddsTakesThePlaceOfTheOneBefore() throws Exception {
    sandbox.json(0, "migrate", source, ONE);
    redis.call("HSET", "readings@1.0.0:old", "__fs_at", "1", "sensor", "old", "level", "5");

    JsonNode plan = sandbox.json(0, "plan", ONE, "readings@1.1.0", "--in-place");
    assertThat(plan.at("/online/0/place").asText()).isEqualTo(ONE);
    assertThat(plan.at("/online/0/inPlaceOf").asText()).isEqualTo("1.0.0");
    assertThat(plan.at("/online/0/served/version").asText()).isEqualTo("1.0.0");
    assertThat(sandbox.run("plan", ONE, "readings@1.1.0", "--in-place").out())
        .contains("into readings@1.0.0 in place of version 1.0.0", "Serves       cache: " + ONE);
    JsonNode report = sandbox.json(0, "migrate", ONE, "readings@1.1.0", "--in-place");

    assertThat(report.at("/online/table/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/online/cache/written").asInt()).isEqualTo(SENSORS);
    assertThat(report.at("/serving/0/moved").asBoolean()).isTrue();
    assertThat(sandbox.online("SELECT level, high FROM readings WHERE sensor = 's-5'"))
        .containsExactly(List.of(296, 0));
    assertThat(servedByCache("s-5", "high")).isEqualTo("false");
    assertThat(cache("fs-migrate:serving:readings", "version")).isEqualTo("1.1.0");
    assertThat(cache("fs-migrate:serving:readings", "key-version")).isEqualTo("1.0.0");
    assertThat(servedByCache("old", "level")).isEqualTo("5");

    // What is served goes where it is served, in place or not.
    JsonNode later = sandbox.json(0, "migrate", "readings", "readings@1.1.0");
    assertThat(later.at("/serving/0/writtenTo").asText()).isEqualTo(ONE);
    assertThat(sandbox.online("SELECT name FROM sqlite_master WHERE name LIKE 'readings@%'"))
        .containsExactly(List.of(ONE));

    sandbox.json(0, "serving", "back", "readings");
    assertThat(cache("fs-migrate:serving:readings", "version")).isEqualTo("1.0.0");
    sandbox.json(0, "serving", "switch", "readings", "--to", "1.1.0");
    assertThat(cache("fs-migrate:serving:readings", "key-version")).isEqualTo("1.0.0");
  }

  @Test
  void inPlaceIsRefusedWhereMoreIsChangedOrNothingIsServed() {
    JsonNode nothing = sandbox.json(4, "migrate", source, ONE, "--in-place");
    assertThat(nothing.get("message").asText()).contains("cache serves no version of readings");
    assertThat(sandbox.path("warehouse/_fs_migrate/runs")).doesNotExist();
    sandbox.json(0, "migrate", source, ONE);

    JsonNode plan = sandbox.json(4, "plan", ONE, "readings@2.0.0", "--in-place");

    assertThat(plan.at("/refusals/0").asText())
        .contains(
            "online store table", "level is removed; note is removed", "leave out --in-place");
    JsonNode branch = sandbox.json(4, "migrate", ONE, "feature/x:" + ONE, "--create-branch");
    assertThat(branch.get("message").asText()).contains("only a run to branch main", "--online");
    JsonNode elsewhere =
        sandbox.json(0, "migrate", ONE, "feature/x:readings@2.0.0", "--create-branch");
    assertThat(elsewhere.at("/serving/0/served").asText()).isEqualTo(ONE);
    assertThat(elsewhere.at("/serving/0/toServe").isMissingNode()).isTrue();
  }

  @Test
  void aSwitchToWhatIsNotThereOrNotCompleteIsRefused() throws Exception {
    sandbox.json(0, "migrate", source, ONE);
    Cli.Result empty = sandbox.run("serving", "switch", "readings", "--to", "2.0.0");
    assertThat(empty.exitCode()).isEqualTo(4);
    assertThat(empty.err())
        .contains("online store table: readings@2.0.0 is not there or has no records")
        .contains("online store cache: readings@2.0.0 is not there");
    // The cache refuses more of them than are allowed, when the table has got a part.
    redis.call("SET", "readings@2.0.0:s-5", "a text");
    sandbox.json(7, "migrate", ONE, "readings@2.0.0", "--max-failures", "0");

    JsonNode refused =
        sandbox.json(4, "serving", "switch", "readings", "--to", "2.0.0", "--store", "table");

    assertThat(refused.get("code").asText()).isEqualTo("SERVING_REFUSED");
    assertThat(refused.get("message").asText()).contains("is stopped", "--force");
    assertThat(history("state")).hasSize(2);
    sandbox.json(0, "serving", "switch", "readings", "--to", "2.0.0", "--store=table", "--force");
    assertThat(sandbox.online("SELECT count(depth) FROM readings"))
        .containsExactly(List.of(SENSORS));
  }

  @Test
  void whoNamesSomethingThatIsNotThereIsTold() {
    assertThat(sandbox.run("serving", "show", "raedings").err()).contains("readings");
    assertThat(sandbox.run("serving", "show", "readings", "--store", "cahce").err())
        .contains("cache");
    assertThat(sandbox.run("serving", "switch", "readings").exitCode()).isEqualTo(2);
    assertThat(sandbox.run("serving", "show", "readings").out())
        .contains("table", "sqlite", "nothing yet");
    assertThat(sandbox.run("serving", "history", "readings").out())
        .isEqualTo("No store was told yet what to serve of readings.\n");
  }

  /** Between the last record and the pointer; what is switched after that stays switched. */
  @Test
  void aRunThatDiesBeforeItMovesThePointerDoesSoWhenItIsResumed() throws Exception {
    sandbox.json(0, "migrate", source, ONE);
    String one = "run.online-bucket-rows=1000000";
    try (ProcessUnderTest process =
        sandbox.spawn(
            List.of("-D" + NamedPoints.HALT + "=RECORDED/cache:1"),
            "--set",
            one,
            "migrate",
            ONE,
            "readings@1.1.0",
            "--in-place")) {
      assertThat(process.waitFor(Duration.ofMinutes(4)))
          .as(process.stderr())
          .isEqualTo(NamedPoints.KILLED);
    }
    assertThat(cache("fs-migrate:serving:readings", "version")).isEqualTo("1.0.0");
    assertThat(Files.exists(sandbox.database())).isTrue();

    JsonNode resumed = sandbox.json(0, "--set", one, "migrate", "--resume-from", "latest");

    assertThat(resumed.at("/serving").findValuesAsText("served"))
        .containsExactly("readings@1.1.0", "readings@1.1.0");
    assertThat(history("run").subList(0, 2)).containsOnly(resumed.get("run").asText());
    assertThat(servedByCache("s-5", "high")).isEqualTo("false");
  }
}
