package io.fsmigrate.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A process from its start to its end. */
final class ChildProcess {
  private ChildProcess() {}

  /**
   * What it says.
   *
   * @throws IllegalStateException with that, if it fails
   */
  static String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "%s returned %d:%n%s".formatted(String.join(" ", builder.command()), exitCode, said));
    }
    return said;
  }
}
