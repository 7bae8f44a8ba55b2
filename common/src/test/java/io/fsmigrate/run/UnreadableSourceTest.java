package io.fsmigrate.run;

import static io.fsmigrate.run.MigrationHouse.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.error.FsMigrateException;
import io.fsmigrate.testkit.SparkExtension;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Four files of fifty rows each, of which something is wrong with one. */
@ExtendWith(SparkExtension.class)
class UnreadableSourceTest {
  private static final String ROWS =
      """
      SELECT concat('r', id) AS id, timestamp_seconds(1767225600 + id) AS at, id AS n, id / 4D AS x
      FROM range(200)
      """;

  @TempDir Path dir;
  private final SparkSession spark;
  private MigrationHouse house;
  private String source;
  private List<Path> files;

  UnreadableSourceTest(SparkSession spark) {
    this.spark = spark;
  }

  @BeforeEach
  void build() throws IOException {
    house = new MigrationHouse(dir, spark);
    source = house.parquet("rows", ROWS, 4);
    try (Stream<Path> all = Files.list(dir.resolve("rows"))) {
      files = all.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
    assertThat(files).hasSize(4);
  }

  /** The pages are gone, the footer is as it was. */
  private byte[] overwritePages(Path file) throws IOException {
    byte[] before = Files.readAllBytes(file);
    byte[] noise = new byte[400];
    Arrays.fill(noise, (byte) 0xFF);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    long modified = Files.getLastModifiedTime(file).toMillis();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4);
      bytes.write(noise);
    }
    assertThat(file.toFile().setLastModified(modified)).isTrue();
    return before;
  }

  private void restore(Path file, byte[] before) throws IOException {
    long modified = Files.getLastModifiedTime(file).toMillis();
    Files.write(file, before);
    assertThat(file.toFile().setLastModified(modified)).isTrue();
  }

  @Test
  void aFileThatCannotBeReadIsNamedAndTheRunGoesOnWhereItStoppedOnceItIsBack() throws IOException {
    byte[] before = overwritePages(files.get(2));

    assertThatThrownBy(() -> house.migrate(request(source, "visits@1.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> {
              assertThat(e.code()).isEqualTo("SOURCE_FILE_UNREADABLE");
              assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            })
        .hasMessageContaining(files.get(2).getFileName().toString())
        .hasMessageContaining("--skip-unreadable");
    assertThat(house.branches().head("main")).isEmpty();
    restore(files.get(2), before);

    RunReport report = house.resume(house.newestRun().id(), event -> {});

    assertThat(report.offline()).containsEntry("read", 200L).containsEntry("written", 200L);
    assertThat(house.visible("main").count()).isEqualTo(200);
  }

  @Test
  void theRestGoesOnWhereThatIsAskedFor() throws IOException {
    byte[] before = overwritePages(files.get(2));

    RunReport report =
        house.migrate(request(source, "visits@1.0.0").toBuilder().skipUnreadable(true).build());

    assertThat(report.offline())
        .containsEntry("expected", 200L)
        .containsEntry("unreadable", 50L)
        .containsEntry("read", 150L)
        .containsEntry("skipped", 0L)
        .containsEntry("written", 150L);
    assertThat(report.exitCode()).isEqualTo(3);
    assertThat(report.state()).isEqualTo(RunState.FINISHED_WITH_FAILURES);
    assertThat(house.visible("main").count()).isEqualTo(150);

    restore(files.get(2), before);
    RunReport again = house.migrate(request(source, "visits@1.0.0"));
    assertThat(again.offline()).containsEntry("unchanged", 150L).containsEntry("written", 50L);
  }

  @Test
  void aRunThatWentOnWithoutAFileIsResumed() throws IOException {
    overwritePages(files.get(1));
    MigrateRequest request =
        request(source, "visits@1.0.0").toBuilder().skipUnreadable(true).build();
    assertThatThrownBy(
            () ->
                house.migrate(
                    request,
                    event -> {
                      if (event.kind() == RunEvent.Kind.OFFLINE_WRITTEN) {
                        throw new IllegalStateException("the process ends");
                      }
                    }))
        .hasMessageContaining("the process ends");

    RunReport report = house.resume(house.newestRun().id(), event -> {});

    assertThat(report.offline())
        .containsEntry("unreadable", 50L)
        .containsEntry("read", 150L)
        .containsEntry("written", 150L);
    assertThat(house.visible("main").count()).isEqualTo(150);
  }

  @Test
  void aFileThatIsNoParquetIsRefusedBeforeTheRunOrLeftOutOfIt() throws IOException {
    Files.writeString(files.get(3), "not a Parquet file at all");
    Files.deleteIfExists(files.get(3).resolveSibling("." + files.get(3).getFileName() + ".crc"));
    assertThatThrownBy(() -> house.plan(request(source, "visits@1.0.0")))
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("SOURCE_UNREADABLE"))
        .hasMessageContaining(files.get(3).getFileName().toString());
    MigrateRequest request =
        request(source, "visits@1.0.0").toBuilder().skipUnreadable(true).build();

    assertThat(house.plan(request).warnings())
        .anyMatch(w -> w.startsWith("left out because it cannot be read: ") && w.contains("part-"));
    RunReport report = house.migrate(request);

    assertThat(report.offline())
        .containsEntry("unreadable-files", 1L)
        .containsEntry("written", 150L);
    assertThat(report.exitCode()).isEqualTo(3);
  }

  @Test
  void recordsBeforeTheOneToBeginAtCountAsFiltered() {
    RunReport report =
        house.migrate(
            request(source, "visits@1.0.0").toBuilder().fromRecord(Optional.of("r19")).build());

    // In the order of text: r19, r190 to r199, r2, r20 to r29, r3 and so on.
    long before =
        Stream.iterate(0, i -> i + 1)
            .limit(200)
            .filter(i -> ("r" + i).compareTo("r19") < 0)
            .count();
    assertThat(report.offline())
        .containsEntry("read", 200L)
        .containsEntry("filtered", before)
        .containsEntry("written", 200 - before);
    assertThat(house.visible("main").where("id < 'r19'").count()).isZero();
    assertThat(house.visible("main").where("id = 'r19'").count()).isEqualTo(1);
  }

  @Test
  void aRecordToBeginAtIsOfTheIdentifiersType() {
    String numbers =
        house.parquet(
            "numbers",
            """
            SELECT id AS number, timestamp_seconds(1767225600) AS at, DATE'2026-01-01' AS n,
                   1D AS y, 2D AS x FROM range(120)
            """,
            1);
    MigrateRequest request = request(numbers, "other@1.0.0");

    assertThat(house.migrate(request.toBuilder().fromRecord(Optional.of("9")).build()).offline())
        .containsEntry("filtered", 9L)
        .containsEntry("written", 111L);
    assertThatThrownBy(
            () -> house.plan(request.toBuilder().fromRecord(Optional.of("nine")).build()))
        .isInstanceOfSatisfying(
            FsMigrateException.class,
            e -> assertThat(e.code()).isEqualTo("INVALID_RECORD_IDENTIFIER"));
  }
}
