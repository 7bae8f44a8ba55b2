package io.fsmigrate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A real process that a test started and may kill; what it says goes to two files.
 *
 * <p>Every wait has a bound. Closing it kills it and its children, so use it in a
 * try-with-resources statement.
 */
public final class ProcessUnderTest implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int TAIL = 4_000;

  private final List<String> command;
  private final Process process;
  private final Path stdout;
  private final Path stderr;

  ProcessUnderTest(List<String> command, Process process, Path stdout, Path stderr) {
    this.command = command;
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for its end.
   *
   * @return the exit code
   * @throws AssertionError if it still runs after the bound; it is killed then
   */
  public int waitFor(Duration bound) throws InterruptedException {
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      throw new AssertionError(describe("still ran after " + bound));
    }
    return process.exitValue();
  }

  /**
   * Waits until the condition holds while the process runs.
   *
   * @param what names the condition in the error, such as "the first unit is done"
   * @throws AssertionError if the process ends first, or the bound is over; it is killed then
   */
  public void awaitUntil(String what, Duration bound, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        kill();
        throw new AssertionError(describe("waited %s for: %s".formatted(bound, what)));
      }
      boolean ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
      if (ended && !condition.call()) {
        throw new AssertionError(describe("ended before: " + what));
      }
    }
  }

  /** Kills it and its children as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError(describe("survived being killed"));
    }
  }

  /** What it wrote to standard output so far. */
  public String stdout() {
    return read(stdout);
  }

  /** What it wrote to standard error so far. */
  public String stderr() {
    return read(stderr);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  private String describe(String what) {
    return "Process %s (%s, exit code %s)%n--- stdout%n%s%n--- stderr%n%s"
        .formatted(
            what,
            String.join(" ", command),
            process.isAlive() ? "none" : process.exitValue(),
            tail(stdout()),
            tail(stderr()));
  }

  private static String tail(String text) {
    return text.length() <= TAIL ? text : "..." + text.substring(text.length() - TAIL);
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }
}
