package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reports are there however runs end, and older ones can be read. */
@ExtendWith(SparkExtension.class)
class RunReportsTest {
  private static final String ROWS =
      """
      SELECT concat('r', id) AS id, timestamp_seconds(1767225600 + id) AS at,
             IF(id = 7, -id, id) AS n, 1D AS x
      FROM range(40)
      """;

  @TempDir Path dir;
  private final SparkSession spark;
  private MigrationHouse house;
  private MigrateRequest request;

  RunReportsTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void build() {
    house = new MigrationHouse(dir, spark);
    request = request(house.parquet("rows", ROWS, 2), "visits@2.0.0");
  }

  @Test
  void aRunThatEndedInMidWorkIsReportedAndSoIsTheOneThatWentOn() {
    assertThatThrownBy(() -> house.migrate(request, failingAt(RunEvent.Kind.ONLINE_WRITTEN)))
        .hasMessageContaining("ends at ONLINE_WRITTEN");
    RunRecord run = house.newestRun();

    RunReport failed = reports().of(run);

    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.schema()).isEqualTo(RunReport.SCHEMA);
    assertThat(failed.message().orElseThrow()).contains("ends at ONLINE_WRITTEN");
    assertThat(failed.path()).hasSize(1);
    assertThat(failed.table()).isPresent();
    assertThat(failed.branchCommit()).isPresent();
    assertThat(failed.offline()).containsEntry("read", 40L).containsEntry("failed", 1L);
    assertThat(failed.failures().causes())
        .singleElement()
        .satisfies(c -> assertThat(c.code()).isEqualTo("CONTRACT"));
    assertThat(failed.throughput().resumed()).isFalse();
    assertThat(failed.next())
        .extracting(NextStep::command)
        .contains("migrate --resume-from " + run.id());

    RunReport done = house.resume(run.id(), event -> {});

    assertThat(reports().of(house.newestRun())).isEqualTo(done);
    assertThat(done.throughput().resumed()).isTrue();
    assertThat(done.throughput().samples().get(1).rows()).containsEntry("offline", 40L);
    assertThat(done.next())
        .extracting(NextStep::command)
        .contains("retry " + run.id(), "verify " + run.id());
  }

  @Test
  void aRunAtWorkHasNoReportAndAnInterruptedOneHas() {
    List<Migrator> migrators = new ArrayList<>();
    List<RunReport> interrupted = new ArrayList<>();
    RunListener listener =
        event -> {
          if (event.kind() == RunEvent.Kind.REF_MOVED) {
            assertThatThrownBy(() -> reports().of(house.newestRun()))
                .isInstanceOfSatisfying(
                    FsMigrateException.class,
                    e -> assertThat(e.code()).isEqualTo("RUN_HAS_NO_REPORT"));
            migrators.get(0).interrupt();
            interrupted.add(reports().of(house.newestRun()));
          }
        };
    migrators.add(house.migrator(listener));

    PreparedRun prepared = house.planner().plan(request);
    // A process that was asked to end and still works finds out that it may not.
    assertThatThrownBy(() -> migrators.get(0).run(prepared, RunOptions.of(house.settings())))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("INTERRUPTED"));
    assertThat(reports().of(house.newestRun())).isEqualTo(interrupted.get(0));
    assertThat(dir.resolve("online.db"))
        .satisfiesAnyOf(
            database -> assertThat(database).doesNotExist(),
            database -> assertThat(house.online("2.0.0", List.of("r1", "r2", "r3"))).isEmpty());
    assertThat(interrupted.get(0).state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(interrupted.get(0).exitCode()).isEqualTo(130);
  }

  @Test
  void aReportOfTheFirstFormIsRead() throws IOException {
    RunReport done = house.migrate(request);
    Path file = dir.resolve("warehouse/_fs_migrate/run/" + done.run() + "/report.json");
    Files.delete(file.resolveSibling(".report.json.crc"));
    Files.writeString(
        file,
        """
        { "schema": "fs-migrate/report/1", "run": "%s", "state": "FINISHED_WITH_FAILURES",
          "exitCode": 3, "source": "s", "target": "t", "path": [], "offline": {}, "online": {},
          "calls": {}, "serving": [], "startedAt": "2026-11-21T00:30:00Z",
          "endedAt": "2026-11-21T00:30:01Z", "timingsMillis": {}, "fingerprint": "f",
          "programVersion": "0.1.0" }
        """
            .formatted(done.run()));

    RunReport old = reports().of(house.newestRun());

    assertThat(old.schema()).isEqualTo("fs-migrate/report/1");
    assertThat(old.command()).isEqualTo("publish");
    assertThat(old.settings()).isEqualTo(RunReport.Settings.NONE);
    assertThat(old.throughput().samples()).isEmpty();
    assertThat(old.next()).isEmpty();
    assertThat(old.verification()).isEmpty();
    assertThat(old.message()).isEmpty();
  }

  @Test
  void whatTheLedgerKnowsIsAReportWhereNoneWasSavedAndFailedRecordsMayBeGone() throws IOException {
    RunReport done = house.migrate(request);
    RunRecord record = house.newestRun();
    Path file = dir.resolve("warehouse/_fs_migrate/run/" + done.run() + "/report.json");
    Files.delete(file);
    Files.writeString(
        dir.resolve(
            "warehouse/_fs_migrate/run/"
                + done.run()
                + "/failed/_delta_log/00000000000000000000.json"),
        "not a log");

    RunReport made = reports().of(record);

    assertThat(made.offline()).isEqualTo(done.offline());
    assertThat(made.online()).isEqualTo(done.online());
    assertThat(made.failures().records()).isEqualTo(1);
    assertThat(made.failures().looked()).isZero();
    assertThat(
            made.verified(new Verification("v", record.startedAt(), true, List.of()))
                .verification())
        .isPresent();

    Files.writeString(file, "this is not what its checksum is of");
    assertThatThrownBy(() -> reports().of(record))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("REPORT_UNREADABLE"));
  }

  @Test
  void aReportThatCannotBeSavedHidesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                house.migrate(
                    request,
                    event -> {
                      if (event.kind() == RunEvent.Kind.REF_MOVED) {
                        blockReport(event.run());
                        throw new IllegalStateException("this is why");
                      }
                    }))
        .hasMessage("this is why");
    assertThat(house.newestRun().message()).contains("this is why");
  }

  @Test
  void whatToServeIsAStepAndAStoppedRunGoesOnWithAHigherLimit() {
    RunReport done = house.migrate(request);
    RunReport.Serving waiting =
        new RunReport.Serving(
            "online",
            "p",
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.of("serving switch v"));
    RunRecord run = house.newestRun();
    RunReport report =
        RunReport.of(
            run.ended(RunState.STOPPED, done.endedAt(), Optional.of("too many"), 7),
            new RunTally.Outline(List.of(), RunReport.Settings.NONE),
            new WorkDone(
                Map.of("read", 1L), Map.of(), List.of(waiting), Optional.empty(), Optional.empty()),
            Optional.empty(),
            FailureSummary.NONE,
            Throughput.NONE);

    assertThat(report.next())
        .containsExactly(
            new NextStep(
                "migrate --resume-from " + run.id(),
                "go on, after a fix or with a higher --max-failures"),
            new NextStep("serving switch v", "let online serve what was written"));
  }

  private void blockReport(String run) {
    try {
      Files.createDirectories(
          dir.resolve("warehouse/_fs_migrate/run/" + run + "/report.json/there"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private RunReports reports() {
    return new RunReports(dir.resolve("warehouse").toString(), new Configuration());
  }

  private static RunListener failingAt(RunEvent.Kind kind) {
    return event -> {
      if (event.kind() == kind) {
        throw new IllegalStateException("the process ends at " + kind);
      }
    };
  }
}
