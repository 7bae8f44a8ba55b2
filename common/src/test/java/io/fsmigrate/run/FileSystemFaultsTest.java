package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.SparkExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that is full or slow, and a clock that is set back, in the midst of runs. */
@ExtendWith(SparkExtension.class)
class FileSystemFaultsTest {
  private static final String ROWS =
      """
      SELECT concat('r', id % 60) AS id,
             timestamp_seconds(1767225600 + (id div 120) * 3600) AS at,
             IF(id % 40 = 7, -id, id) AS n, id / 4D AS x
      FROM range(240)
      """;

  private static Left undisturbed;

  @TempDir Path dir;
  private final SparkSession spark;

  private record Left(
      List<String> rows,
      List<String> failed,
      List<String> online,
      Map<String, Long> offlineSums,
      Map<String, Map<String, Long>> onlineSums,
      Map<String, Integer> commits) {}

  FileSystemFaultsTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeAll
  static void runUndisturbed(@TempDir Path directory, SparkSession spark) {
    MigrationHouse house = new MigrationHouse(directory, spark);
    undisturbed = left(house, house.migrate(migration(house)));
    assertThat(undisturbed.failed()).hasSize(6);
  }

  @AfterEach
  void restore() {
    ScarceFileSystem.restore();
  }

  /** Full from the event on; nothing is asked of what is full before. */
  @ParameterizedTest(name = "{0}, from {1} on")
  @CsvSource({
    "visits/2.0.0/,            STARTED,         DISK_FULL",
    "visits/2.0.0/.*/_delta_log,  STARTED,         DISK_FULL",
    "/failed/,                 STARTED,         DISK_FULL",
    "/progress/,               STARTED,         STATE_NOT_WRITABLE",
    "/progress/,               REF_MOVED,       STATE_NOT_WRITABLE",
    "/_fs_migrate/refs/,       STARTED,         STATE_NOT_WRITABLE"
  })
  void aRunThatFindsTheDiskFullSaysSoAndGoesOnWhenThereIsRoom(
      String place, RunEvent.Kind kind, String code) {
    MigrationHouse house = scarce(Clock.systemUTC());

    FsMigrateException full =
        catchThrowableOfType(
            FsMigrateException.class,
            () ->
                house.migrate(
                    migration(house),
                    event -> {
                      if (event.kind() == kind) {
                        ScarceFileSystem.fillFor(place);
                      }
                    }));

    assertThat(ScarceFileSystem.refused()).isPositive();
    assertThat(full).as("the run ends").isNotNull();
    assertThat(full.code()).as(full.getMessage()).isEqualTo(code);
    assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(full.getMessage()).contains(dir.resolve("warehouse").toString()).contains("space");
    RunRecord failed = house.newestRun();
    assertThat(failed.state()).isEqualTo(RunState.FAILED);

    ScarceFileSystem.restore();
    assertThat(left(house, house.resume(failed.id(), event -> {})))
        .usingRecursiveComparison()
        .isEqualTo(undisturbed);
  }

  /** Not even the ledger can be told: the run is taken up as if its process had been killed. */
  @Test
  void aRunWhoseLedgerCannotBeWrittenIsTakenUpAllTheSame() {
    MigrationHouse house = scarce(Clock.systemUTC());

    FsMigrateException full =
        catchThrowableOfType(
            FsMigrateException.class,
            () ->
                house.migrate(
                    migration(house),
                    event -> {
                      if (event.kind() == RunEvent.Kind.RECORDED) {
                        ScarceFileSystem.fillFor("/_fs_migrate/");
                      }
                    }));

    assertThat(full.code()).isIn("STATE_NOT_WRITABLE", "DISK_FULL");
    assertThat(full.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    ScarceFileSystem.restore();
    RunRecord left = house.newestRun();
    assertThat(left.state()).isEqualTo(RunState.RUNNING);
    assertThat(left(house, house.resume(left.id(), event -> {})))
        .usingRecursiveComparison()
        .isEqualTo(undisturbed);
  }

  @Test
  void aSlowDiskChangesNothing() {
    MigrationHouse house = scarce(Clock.systemUTC());
    MigrateRequest request = migration(house);
    ScarceFileSystem.slowDown(15);

    RunReport report = house.migrate(request);

    assertThat(left(house, report)).usingRecursiveComparison().isEqualTo(undisturbed);
  }

  @Test
  void aClockThatIsSetBackChangesNothing() {
    MigrationHouse house = scarce(new ClockSetBack());

    RunReport report = house.migrate(migration(house));

    assertThat(left(house, report)).usingRecursiveComparison().isEqualTo(undisturbed);
    assertThat(report.endedAt()).isBefore(report.startedAt());
    assertThat(report.duration()).isZero();
    assertThat(report.timingsMillis().values()).allMatch(millis -> millis >= 0);
    assertThat(report.throughput().samples())
        .extracting(Throughput.Sample::seconds)
        .isSorted()
        .allMatch(seconds -> seconds >= 0);
    assertThat(house.newestRun().id()).isEqualTo(report.run());
  }

  /** Each time it is asked it is two minutes earlier. */
  private static final class ClockSetBack extends Clock {
    private final AtomicLong seconds = new AtomicLong(1_795_000_000);

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(seconds.addAndGet(-120));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private MigrationHouse scarce(Clock clock) {
    return new MigrationHouse(
        dir, spark, Map.of("warehouse", "scarce:" + dir.resolve("warehouse")), clock);
  }

  private static MigrateRequest migration(MigrationHouse house) {
    String source =
        Files.exists(house.dir().resolve("rows"))
            ? "parquet:" + house.dir().resolve("rows")
            : house.parquet("rows", ROWS, 8);
    return request(source, "visits@2.0.0");
  }

  private static Left left(MigrationHouse house, RunReport report) {
    List<Object> ids = IntStream.range(0, 60).<Object>mapToObj(i -> "r" + i).toList();
    return new Left(
        MigrationHouse.text(house.visible("main")),
        house.failed(report.run()),
        house.online("2.0.0", ids),
        report.offline(),
        report.online(),
        house.commitsOfUnits("2.0.0", report.run()));
  }
}
