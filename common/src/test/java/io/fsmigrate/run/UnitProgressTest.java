package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fsmigrate.error.FsMigrateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitProgressTest {
  @TempDir Path warehouse;

  private UnitProgress open(String run) {
    return new UnitProgress(warehouse.toString(), run, new Configuration(), Clock.systemUTC());
  }

  @Test
  void unitsAreDoneForTheStoreAndTheRunTheyWereRecordedFor() {
    UnitProgress progress = open("r1");
    assertThat(progress.done("offline")).isEmpty();
    progress.record("offline", Map.of());
    assertThat(warehouse).isEmptyDirectory();

    progress.record(
        "offline",
        Map.of("u0001", Map.of("written", 5L, "failed", 1L), "u0000", Map.of("written", 4L)));
    progress.record("offline/2", Map.of("u0000", Map.of("written", 1L)));
    progress.record("off", Map.of("a/b:c d%", Map.of()));

    assertThat(open("r1").done("offline"))
        .isEqualTo(
            Map.of("u0000", Map.of("written", 4L), "u0001", Map.of("written", 5L, "failed", 1L)));
    assertThat(open("r1").done("offline").keySet()).containsExactly("u0000", "u0001");
    assertThat(open("r1").done("offline/2")).containsOnlyKeys("u0000");
    assertThat(open("r1").done("off")).isEqualTo(Map.of("a/b:c d%", Map.of()));
    assertThat(open("r2").done("offline")).isEmpty();
    assertThat(warehouse.resolve("_fs_migrate/run/r1/progress/_delta_log")).isDirectory();
  }

  @Test
  void aUnitDoneAgainReplacesItsCounts() {
    UnitProgress first = open("r1");
    UnitProgress second = open("r1");
    first.record("s", Map.of("u", Map.of("written", 1L)));
    second.record("s", Map.of("u", Map.of("written", 2L), "v", Map.of("written", 3L)));
    first.record("s", Map.of("w", Map.of("written", 4L)));

    assertThat(first.done("s"))
        .isEqualTo(
            Map.of(
                "u",
                Map.of("written", 2L),
                "v",
                Map.of("written", 3L),
                "w",
                Map.of("written", 4L)));
  }

  private UnitProgress holder(String run, long token) {
    return new UnitProgress(
        warehouse.toString(), run, new Configuration(), Clock.systemUTC(), token);
  }

  private static void assertCode(ThrowingCallable call, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void whatAnEarlierHolderStillWantsToRecordIsRefused() {
    UnitProgress earlier = holder("r1", 3);
    earlier.take();
    earlier.record("s", Map.of("u", Map.of("written", 1L)));
    UnitProgress later = holder("r1", 7);
    later.take();
    later.take();

    assertCode(() -> earlier.record("s", Map.of("v", Map.of("written", 9L))), "RUN_TAKEN_OVER");
    assertCode(earlier::take, "RUN_TAKEN_OVER");
    later.record("s", Map.of("w", Map.of("written", 2L)));
    assertThat(open("r1").done("s"))
        .isEqualTo(Map.of("u", Map.of("written", 1L), "w", Map.of("written", 2L)));
  }

  @Test
  void theProgressOfAnotherRunIsRefusedByName() throws IOException {
    holder("r1", 1).take();
    Path runs = warehouse.resolve("_fs_migrate/run");
    FileUtils.copyDirectory(runs.resolve("r1").toFile(), runs.resolve("r2").toFile());

    assertThatThrownBy(() -> holder("r2", 2).take())
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("PROGRESS_FOREIGN"))
        .hasMessageContaining(
            runs.resolve("r2/progress") + ": this is the progress of r1, not of r2");
  }

  @Test
  void progressThatDoesNotSayWhoseItIsIsRefused() {
    open("r1").record("s", Map.of("u", Map.of()));

    assertCode(() -> holder("r1", 1).take(), "PROGRESS_FOREIGN");
  }

  @Test
  void tornProgressIsRefusedByName() throws IOException {
    UnitProgress progress = holder("r1", 1);
    progress.take();
    progress.record("s", Map.of("u", Map.of("written", 1L)));
    Path log = warehouse.resolve("_fs_migrate/run/r1/progress/_delta_log");
    Path last = log.resolve("00000000000000000001.json");
    String text = Files.readString(last);
    Files.writeString(last, text.substring(0, text.length() / 2));

    assertThatThrownBy(() -> holder("r1", 2).take())
        .isInstanceOfSatisfying(
            FsMigrateException.class, e -> assertThat(e.code()).isEqualTo("STATE_NOT_READABLE"))
        .hasMessageContaining("_fs_migrate/run/r1/progress");
  }
}
