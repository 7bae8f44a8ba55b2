package io.fsmigrate.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
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
}
