package io.fsmigrate.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one table, and processes that are killed. */
class StateTableProcessesTest {
  @TempDir Path directory;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNoProcessBehind() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  private Path path() {
    return directory.resolve("counters");
  }

  private StateTable table() {
    return new StateTable(
        path().toString(),
        new Configuration(),
        Clock.systemUTC(),
        new StateOptions(2, 0, Duration.ZERO, 50));
  }

  private Process count(int times, int checkpointInterval) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CounterProcess.class.getName(),
                path().toString(),
                "n",
                String.valueOf(times),
                String.valueOf(checkpointInterval),
                // Not shorter than a starved process can sleep between reading and committing.
                "PT10M")
            .redirectError(directory.resolve("errors-" + started.size()).toFile())
            .start();
    started.add(process);
    return process;
  }

  private String errors() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < started.size(); i++) {
      all.append(Files.readString(directory.resolve("errors-" + i)));
    }
    return all.toString();
  }

  @Test
  void noIncrementOfThreeProcessesIsLost() throws Exception {
    for (int i = 0; i < 3; i++) {
      count(20, 7);
    }
    for (Process process : started) {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).describedAs(errors()).isZero();
    }

    assertThat(table().find("n")).contains("60");
    assertThat(table().rows().stream().map(StateRow::id))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 60).mapToObj(i -> "row-" + i).toList());
    try (Stream<Path> files = Files.walk(path())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".crc") || name.endsWith(".tmp"));
    }
  }

  @Test
  void aKilledWriterLosesNothingThatItReportedAndBlocksNobody() throws Exception {
    long reported = 0;
    for (int round = 1; round <= 2; round++) {
      Process process = count(-1, 2);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        for (int i = 0; i < 4 + round; i++) {
          assertThat(out.readLine()).describedAs(errors()).isNotNull();
          reported++;
        }
        // By its handle: the process object would close the stream that is read to its end next.
        process.toHandle().destroyForcibly();
        reported += out.lines().count();
      }
    }

    long counted = Long.parseLong(table().find("n").orElseThrow());
    // A commit can be done and the process be dead before it says so, once each time.
    assertThat(counted).isBetween(reported, reported + 2);
    assertThat(table().rows()).hasSize(Math.toIntExact(counted));
    StateTable next = table();
    for (int i = 0; i < 3; i++) {
      next.commit(
          StateChange.builder().put("next", next.find("next"), Instant.now().toString()).build());
    }
    assertThat(table().find("n")).isEqualTo(Optional.of(String.valueOf(counted)));
    // This table deletes what is old at once, so its checkpoint clears up behind the killed ones.
    try (Stream<Path> log = Files.list(path().resolve("_delta_log"))) {
      assertThat(log.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }
}
