package io.fsmigrate.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.TablePointer;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.RunRecord;
import io.fsmigrate.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that touch no feature data, through the command line, on a real warehouse. */
class ControlPlaneTest {
  private static final String CONF =
      """
      fs-migrate {
        warehouse = "warehouse"
        online-stores.online { type = sqlite, path = "online.db", table = flights }
        feature-groups.flights {
          description = "Departures"
          record-identifier = route
          event-time = departed_at
          versions."1.0.0".features = ["route: string", "departed_at: timestamp", "delay: bigint"]
          versions."1.1.0".features = ["route: string", "departed_at: timestamp", "minutes: bigint"]
          versions."2.0.0" {
            features = ["route: string", "departed_at: timestamp", "minutes: int"]
            contract = [{ name = plausible, rule = "minutes >= -120" }]
            online-stores = [online]
          }
        }
        migrations = [
          { group = flights, from = "1.0.0", to = "1.1.0", description = "Say the unit"
            steps = [ { rename { from = delay, to = minutes } } ] }
          { group = flights, from = "1.1.0", to = "2.0.0", description = "Fewer bits"
            steps = [ { cast { name = minutes, type = int } } ] }
        ]
      }
      """;

  @TempDir Path directory;
  private Path conf;

  @BeforeEach
  void configure() throws IOException {
    conf = Files.writeString(directory.resolve("my.conf"), CONF);
  }

  @Test
  void mainIsThereBeforeAnythingIsWritten() throws Exception {
    assertThat(json("branch", "list").get("branches"))
        .hasToString("[{\"name\":\"main\",\"type\":\"main\"}]");
    assertThat(run("branch", "show", "main").out()).contains("It shows no feature group yet.");
    assertThat(directory.resolve("warehouse")).doesNotExist();
  }

  @Test
  void aBranchShowsPathAndVersionsOfItsTables() throws Exception {
    branches()
        .commit(
            "main",
            Optional.empty(),
            "ada",
            "Migrate flights",
            Map.of(),
            Map.of("flights", new TablePointer("/w/flights/1", 7, new FeatureVersion("1.0.0"))),
            Set.of());

    Cli.Result created = run("branch", "create", "feature/late", "-m", "Try classes");
    JsonNode shown = json("branch", "show", "feature/late");

    assertThat(created.out()).isEqualTo("Created feature/late (feature) from main\n");
    assertThat(shown.get("schema").asText()).isEqualTo("fs-migrate/branch/1");
    assertThat(shown.get("type").asText()).isEqualTo("feature");
    assertThat(shown.get("tables"))
        .hasToString(
            "[{\"group\":\"flights\",\"featureVersion\":\"1.0.0\",\"path\":\"/w/flights/1\",\"tableVersion\":7}]");
    assertThat(shown.get("commits").findValuesAsText("message"))
        .containsExactly("Try classes", "Migrate flights");
    assertThat(run("branch", "show", "feature/late").out())
        .contains("feature/late (feature)", "flights", "/w/flights/1", "Migrate flights");
    assertThat(json("branch", "list").get("branches").findValuesAsText("name"))
        .containsExactly("main", "feature/late");
  }

  @Test
  void aBranchNeedsATypeThatItsNameSaysOrThatIsGiven() {
    Cli.Result untyped = run("branch", "create", "late");
    Cli.Result typed = run("branch", "create", "late", "--type", "experimental");
    Cli.Result again = run("branch", "create", "late", "--type", "experimental");

    assertThat(untyped.exitCode()).isEqualTo(2);
    assertThat(untyped.err()).startsWith("error: late").contains("feature/late");
    assertThat(typed.exitCode()).isZero();
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.err()).startsWith("error: late");
  }

  @Test
  void anUnknownBranchNamesThoseThereAre() {
    Cli.Result result = run("branch", "show", "mian");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: mian").contains("main");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void runsAreListedNewestFirstAndShownWithWhatToDoNext() throws Exception {
    assertThat(run("runs", "list").out()).isEqualTo("There is no run yet.\n");
    Ledger ledger = ledger();
    RunRecord first = ledger.start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");
    ledger.update(
        first
            .withProgress(Map.of("read", 10L, "accepted", 9L, "failed", 1L), Map.of("offline", 5L))
            .ended(RunState.FINISHED_WITH_FAILURES, Instant.EPOCH, Optional.of("1 failed"), 3));
    RunRecord second = ledger.start("migrate", "flights@1.0.0", "flights@2.0.0", "f2", "0.1.0");

    assertThat(json("runs", "list").get("runs").findValuesAsText("run"))
        .containsExactly(second.id(), first.id());
    assertThat(json("runs", "list", "--limit", "1").get("runs")).hasSize(1);
    JsonNode shown = json("runs", "show", first.id());
    assertThat(shown.get("state").asText()).isEqualTo("finished with failures");
    assertThat(shown.get("counters")).hasToString("{\"accepted\":9,\"failed\":1,\"read\":10}");
    assertThat(shown.get("exitCode").asInt()).isEqualTo(3);
    assertThat(run("runs", "show", "latest").out()).contains(second.id(), "resume the run");
  }

  @Test
  void aRunThatWorksKeepsItsLocks() {
    Ledger ledger = ledger();
    RunRecord run = ledger.start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");
    ledger.lock("main", "flights").acquire(run.id());

    Cli.Result refused = run("runs", "unlock", "latest");

    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).startsWith("error: ").contains(run.id());
  }

  @Test
  void aRunThatEndedGivesItsLocksBack() throws Exception {
    Ledger ledger = ledger();
    RunRecord run = ledger.start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");
    ledger.update(run.ended(RunState.FINISHED, Instant.EPOCH, Optional.empty(), 0));

    assertThat(json("runs", "unlock", run.id()).get("targets")).isEmpty();
    assertThat(run("runs", "unlock", "latest").out()).isEqualTo(run.id() + " held no lock.\n");
  }

  @Test
  void anUnknownRunSaysWhereToLook() {
    assertThat(run("runs", "show", "latest").err()).contains("no run in this warehouse yet");
    ledger().start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");

    Cli.Result result = run("runs", "failed", "20260101T000000Z-000000");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("error: 20260101T000000Z-000000: no such run; see `fs-migrate runs list`\n");
  }

  @Test
  void aRunWithoutFailedRecordsExportsAnEmptyFile() throws Exception {
    ledger().start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");
    Path file = directory.resolve("failed.jsonl");

    JsonNode result = json("runs", "failed", "latest", "--to", file.toString());

    assertThat(result.get("records").asInt()).isZero();
    assertThat(file).isEmptyFile();
    assertThat(run("runs", "failed", "latest").out()).contains("has no failed record.");
  }

  @Test
  void anExportThatCannotBeWrittenNamesTheFile() {
    ledger().start("migrate", "parquet:in", "flights@1.0.0", "f1", "0.1.0");
    Path file = directory.resolve("missing").resolve("failed.jsonl");

    Cli.Result result = run("runs", "failed", "latest", "--to", file.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + file + ": cannot be written").hasLineCount(2);
  }

  @Test
  void migrationsAreListedByGroup() throws Exception {
    JsonNode migrations = json("migrations", "list", "flights").get("migrations");

    assertThat(migrations.findValuesAsText("from")).containsExactly("1.0.0", "1.1.0");
    assertThat(migrations.findValuesAsText("kind")).containsOnly("declarative");
    assertThat(migrations.findValuesAsText("checksum")).allMatch(sum -> sum.startsWith("v1:"));
    assertThat(run("migrations", "list").out()).contains("Say the unit", "Fewer bits");
    assertThat(run("migrations", "list", "fligths").err()).contains("fligths", "flights");
  }

  @Test
  void aPathIsTheChainOfMigrations() throws Exception {
    JsonNode path = json("migrations", "path", "flights", "1.0.0", "2.0.0");

    assertThat(path.get("migrations").findValuesAsText("to")).containsExactly("1.1.0", "2.0.0");
    assertThat(run("migrations", "path", "flights", "1.0.0", "1.0.0").out())
        .isEqualTo("Nothing to do: equal versions.\n");
    Cli.Result none = run("migrations", "path", "flights", "2.0.0", "1.0.0");
    assertThat(none.exitCode()).isIn(2, 4);
    assertThat(none.err()).startsWith("error: ").contains("flights");
  }

  @Test
  void theCatalogIsShownInShort() throws Exception {
    JsonNode catalog = json("catalog", "check");

    assertThat(catalog.get("warehouse").asText())
        .isEqualTo(directory.resolve("warehouse").toString());
    assertThat(catalog.get("groups").findValuesAsText("version"))
        .containsExactly("1.0.0", "1.1.0", "2.0.0");
    assertThat(catalog.get("migrations").asInt()).isEqualTo(2);
    assertThat(run("catalog", "check").out()).contains("online (sqlite)", "departed_at");
  }

  @Test
  void aTypoInTheCatalogIsAUsageErrorThatNamesTheNearestKey() throws Exception {
    Files.writeString(
        conf, CONF.replace("description = \"Departures\"", "descripton = \"Departures\""));

    Cli.Result result = run("catalog", "check");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ").contains("descripton", "description");
  }

  @Test
  void aMissingConfigurationFileIsNamed() throws Exception {
    Files.delete(conf);

    Cli.Result result = run("branch", "list");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + conf);
  }

  @Test
  void aSettingOverridesTheFile() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");

    JsonNode catalog = json("catalog", "check", "--set", "warehouse=" + elsewhere);

    assertThat(catalog.get("warehouse").asText()).isEqualTo(elsewhere.toString());
  }

  private Cli.Result run(String... args) {
    List<String> line = new ArrayList<>(List.of("--conf", conf.toString()));
    line.addAll(List.of(args));
    return Cli.run(line.toArray(String[]::new));
  }

  private JsonNode json(String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(List.of("--output", "json"));
    Cli.Result result = run(line.toArray(String[]::new));
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return new ObjectMapper().readTree(result.out());
  }

  private String warehouse() {
    return directory.resolve("warehouse").toString();
  }

  private BranchStore branches() {
    return new BranchStore(warehouse(), new Configuration(), Clock.systemUTC());
  }

  private Ledger ledger() {
    return new Ledger(warehouse(), new Configuration(), Clock.systemUTC());
  }
}
