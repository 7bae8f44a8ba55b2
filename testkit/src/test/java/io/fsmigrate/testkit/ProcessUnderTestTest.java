package io.fsmigrate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUnderTestTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  @TempDir private Path directory;

  /** Says what it got; with the argument "stay" it stays until somebody ends it. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws Exception {
      System.out.println("args " + String.join(" ", args));
      System.err.println("mood " + System.getenv("MOOD") + " " + System.getProperty("size"));
      Files.writeString(Path.of("ready"), "yes");
      if (args[0].equals("stay")) {
        Thread.currentThread().join();
      }
      System.exit(3);
    }
  }

  @Test
  void returnsExitCodeAndBothOutputs() throws Exception {
    try (ProcessUnderTest process = start("go", "on")) {
      assertThat(process.waitFor(BOUND)).isEqualTo(3);
      assertThat(process.stdout()).isEqualToIgnoringNewLines("args go on");
      assertThat(process.stderr()).contains("mood calm 7");
    }
  }

  @Test
  void killsAfterACondition() throws Exception {
    try (ProcessUnderTest process = start("stay")) {
      process.awaitUntil("it is ready", BOUND, () -> Files.exists(directory.resolve("work/ready")));
      assertThat(process.isAlive()).isTrue();
      process.kill();
      assertThat(process.isAlive()).isFalse();
      assertThat(process.waitFor(BOUND)).isEqualTo(137);
    }
  }

  @Test
  void boundsEveryWait() throws Exception {
    try (ProcessUnderTest process = start("stay")) {
      assertThatThrownBy(() -> process.waitFor(Duration.ofMillis(1)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("still ran after PT0.001S");
      assertThat(process.isAlive()).isFalse();
    }
    try (ProcessUnderTest process = start("stay")) {
      assertThatThrownBy(() -> process.awaitUntil("the moon", Duration.ofMillis(1), () -> false))
          .hasMessageContaining("waited PT0.001S for: the moon");
    }
    try (ProcessUnderTest process = start("go")) {
      assertThatThrownBy(() -> process.awaitUntil("the moon", BOUND, () -> false))
          .hasMessageContaining("ended before: the moon")
          .hasMessageContaining("exit code 3")
          .hasMessageContaining("args go");
    }
  }

  private ProcessUnderTest start(String... arguments) throws Exception {
    return SpawnedProcess.java(
            SpawnedProcess.currentClassPath(), Program.class.getName(), "-Dsize=7")
        .with(arguments)
        .withEnvironment("MOOD", "calm")
        .start(directory.resolve("work"), directory.resolve("logs"));
  }
}
