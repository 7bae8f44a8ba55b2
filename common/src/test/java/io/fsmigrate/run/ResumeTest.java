package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.state.Json;
import io.fsmigrate.state.StateChange;
import io.fsmigrate.state.StateTable;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that ends anywhere and is resumed leaves what an undisturbed one leaves. */
@ExtendWith(SparkExtension.class)
class ResumeTest {
  /** 240 rows of 60 records; some fail the cast, some the contract. */
  private static final String ROWS =
      """
      SELECT concat('r', id % 60) AS id,
             timestamp_seconds(1767225600 + (id div 120) * 3600) AS at,
             CASE WHEN id % 20 = 7 THEN 3000000000 + id WHEN id % 30 = 11 THEN -id ELSE id END AS n,
             IF(id % 3 = 0, CAST('NaN' AS DOUBLE), id / 4D) AS x
      FROM range(240)
      """;

  private static final RunOwner ANOTHER = new RunOwner("ann", "another-host", 17, Optional.empty());

  private static Left undisturbed;

  @TempDir Path dir;
  private final SparkSession spark;
  private MigrationHouse house;

  /** Everything that a run leaves behind, the run's own name apart. */
  private record Left(
      List<String> rows,
      List<String> failed,
      List<String> online,
      Map<String, Long> offlineSums,
      Map<String, Map<String, Long>> onlineSums,
      int exitCode,
      int units) {}

  ResumeTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeAll
  static void runUndisturbed(@TempDir Path directory, SparkSession spark) {
    MigrationHouse calm = house(directory, spark);
    List<RunEvent.Kind> kinds = new ArrayList<>();
    RunReport report = calm.migrate(migration(calm), event -> kinds.add(event.kind()));
    undisturbed = left(calm, report);
    assertThat(undisturbed.units()).isEqualTo(8);
    assertThat(undisturbed.failed()).hasSize(20);
    assertThat(kinds).filteredOn(RunEvent.Kind.OFFLINE_WRITTEN::equals).hasSizeGreaterThan(1);
  }

  @BeforeEach
  void build() {
    house = house(dir, spark);
  }

  /** Where a process ends. */
  private record End(RunEvent.Kind kind, int occurrence, String store) {}

  /** Ends of one run after each other, each of which comes whatever other threads had done. */
  private static Stream<Arguments> ends() {
    return Stream.of(
        Arguments.of(
            List.of(
                new End(RunEvent.Kind.STARTED, 1, "offline"),
                new End(RunEvent.Kind.OFFLINE_WRITTEN, 1, "offline"),
                new End(RunEvent.Kind.REF_MOVED, 1, ""),
                new End(RunEvent.Kind.ONLINE_WRITTEN, 1, "online")),
            8),
        Arguments.of(
            List.of(
                new End(RunEvent.Kind.OFFLINE_WRITTEN, 2, "offline"),
                new End(RunEvent.Kind.RECORDED, 1, "online")),
            9),
        Arguments.of(
            List.of(
                new End(RunEvent.Kind.RECORDED, 1, "offline"), new End(RunEvent.Kind.ENDED, 1, "")),
            9));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void aRunThatEndsAnywhereIsResumedAgainAndAgain(List<End> ends, int leastSkipped) {
    Optional<String> run = Optional.empty();
    for (End end : ends) {
      Optional<String> known = run;
      assertThatThrownBy(
              () -> {
                if (known.isPresent()) {
                  house.resume(known.get(), failingAt(end));
                } else {
                  house.migrate(migration(house), failingAt(end));
                }
              })
          .as("%s", end)
          .hasMessageContaining("the process ends at " + end.kind());
      run = run.or(() -> Optional.of(house.newestRun().id()));
    }
    AtomicInteger skipped = new AtomicInteger();

    RunReport report =
        house.resume(
            run.orElseThrow(),
            event -> {
              if (event.kind() == RunEvent.Kind.SKIPPED) {
                skipped.addAndGet(event.units().size());
              }
            });

    assertThat(report.run()).isEqualTo(run.orElseThrow());
    assertThat(skipped.get()).isGreaterThanOrEqualTo(leastSkipped);
    assertThat(left(house, report)).usingRecursiveComparison().isEqualTo(undisturbed);
  }

  @ParameterizedTest(name = "at {0} of {1}")
  @CsvSource({"OFFLINE_WRITTEN, offline", "REF_MOVED, ''", "ONLINE_WRITTEN, online"})
  void aRunThatIsTakenOverWhileItHangsStopsThereAndTheOtherEndsAsIfUndisturbed(
      RunEvent.Kind kind, String store) {
    AtomicBoolean taken = new AtomicBoolean();
    RunListener takeOver =
        event -> {
          if (event.kind() == kind
              && event.store().equals(store)
              && taken.compareAndSet(false, true)) {
            anotherProcessTakes(event.run());
          }
        };

    assertThatThrownBy(() -> house.migrate(migration(house), takeOver))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e ->
                assertThat(e.code())
                    .isIn("RUN_TAKEN_OVER", "LOCK_LOST", "FENCED_OFF", "FENCED_OFF_IN_STORE"));
    RunRecord line = house.newestRun();
    assertThat(line.owner()).isEqualTo(ANOTHER);
    assertThat(line.state()).isEqualTo(RunState.RUNNING);
    theOtherProcessEnds(line);

    RunReport report = house.resume(line.id(), event -> {});

    assertThat(left(house, report)).usingRecursiveComparison().isEqualTo(undisturbed);
  }

  private StateTable ledger() {
    return new StateTable(
        house.warehouse() + "/_fs_migrate/runs", new Configuration(), Clock.systemUTC());
  }

  /** What a process on another host does that takes up the run. */
  private void anotherProcessTakes(String run) {
    Json json = new Json();
    StateTable table = ledger();
    Optional<String> lock = table.find("lock/feature/next:visits");
    HeldLock held = json.read("lock", lock.orElseThrow(), HeldLock.class);
    long token = held.token() + 1;
    Instant now = Instant.now();
    Optional<String> line = table.find("run/" + run);
    RunRecord record = json.read("run", line.orElseThrow(), RunRecord.class);
    table.commit(
        StateChange.builder()
            .put("token", table.find("token"), Long.toString(token))
            .put(
                "lock/feature/next:visits",
                lock,
                json.compact(new HeldLock(run, ANOTHER, now, token, 0, now, 60_000)))
            .put("run/" + run, line, json.compact(record.resumed(ANOTHER, "test")))
            .build());
    house.branches().raiseFence("feature/next:visits", token);
    new UnitProgress(house.warehouse(), run, new Configuration(), Clock.systemUTC(), token).take();
  }

  private void theOtherProcessEnds(RunRecord line) {
    StateTable table = ledger();
    table.commit(
        StateChange.builder()
            .remove(
                "lock/feature/next:visits", table.find("lock/feature/next:visits").orElseThrow())
            .put(
                "run/" + line.id(),
                table.find("run/" + line.id()),
                new Json()
                    .compact(
                        line.ended(RunState.INTERRUPTED, Instant.now(), Optional.empty(), 130)))
            .build());
  }

  @Test
  void anAppendThatEndsIsResumed() {
    house.migrate(request(house.parquet("rows", ROWS, 1), "visits@1.0.0"));
    MigrateRequest append = request(house.parquet("more", more(), 4), "visits@1.0.0");
    assertThatThrownBy(
            () ->
                house.migrate(
                    append, failingAt(new End(RunEvent.Kind.OFFLINE_WRITTEN, 1, "offline"))))
        .hasMessageContaining("the process ends");
    String run = house.newestRun().id();

    RunReport report = house.resume(run, event -> {});

    assertThat(report.offline())
        .containsEntry("accepted", 250L)
        .containsEntry("unchanged", 240L)
        .containsEntry("written", 10L);
    assertThat(house.visible("main").count()).isEqualTo(250);
    assertThat(house.commitsOfUnits("1.0.0", run).values()).containsOnly(1);
  }

  @Test
  void aFinishedRunHasNothingToResume() {
    RunReport report =
        house.migrate(
            request(house.parquet("one", ROWS + " WHERE id = 0", 1), "feature/x:visits@1.0.0"));

    assertThatThrownBy(() -> house.resume(report.run(), event -> {}))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("RUN_NOT_RESUMABLE"));
    assertThatThrownBy(() -> house.resume("no-such-run", event -> {}))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_RUN"));
  }

  private static String more() {
    return ROWS.replace("range(240)", "range(250)");
  }

  private static MigrationHouse house(Path directory, SparkSession spark) {
    return new MigrationHouse(directory, spark);
  }

  /** Eight files, so that there are two groups of units. */
  private static MigrateRequest migration(MigrationHouse house) {
    return request(house.parquet("rows", ROWS, 8), "feature/next:visits@2.0.0");
  }

  /** Throws at an event; what is at work in other threads goes on, as it may before a kill. */
  private static RunListener failingAt(End end) {
    AtomicInteger seen = new AtomicInteger();
    return event -> {
      if (event.kind() == end.kind()
          && event.store().equals(end.store())
          && seen.incrementAndGet() == end.occurrence()) {
        throw new IllegalStateException("the process ends at " + end.kind());
      }
    };
  }

  private static Left left(MigrationHouse house, RunReport report) {
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add("r" + i);
    }
    Map<String, Integer> commits = house.commitsOfUnits("2.0.0", report.run());
    assertThat(commits.values()).as("commits of each unit").containsOnly(1);
    return new Left(
        MigrationHouse.text(house.visible("feature/next")),
        house.failed(report.run()),
        house.online("2.0.0", ids),
        report.offline(),
        report.online(),
        report.exitCode(),
        commits.size());
  }
}
