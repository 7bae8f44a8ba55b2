package io.fsmigrate.testkit;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a test starts a process of its own: a JVM with a class path, or any command.
 *
 * <p>A JVM opens the packages that this one opens, so that Spark runs in it, and its time zone is
 * UTC. Immutable; each method returns a changed copy.
 *
 * @param command the program and its first arguments
 * @param environment variables added to those of this process
 */
public record SpawnedProcess(List<String> command, Map<String, String> environment) {

  /** Takes copies. */
  public SpawnedProcess {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Any command, such as a script. */
  public static SpawnedProcess of(String... command) {
    return new SpawnedProcess(Arrays.asList(command), Map.of());
  }

  /**
   * A JVM of the same Java as this one.
   *
   * @param jvmOptions such as {@code -Xmx1g}
   */
  public static SpawnedProcess java(List<Path> classPath, String mainClass, String... jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Djdk.reflect"))
        .forEach(command::add);
    command.add("-Duser.timezone=UTC");
    command.addAll(Arrays.asList(jvmOptions));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add(mainClass);
    return new SpawnedProcess(command, Map.of());
  }

  /** The class path of this JVM. */
  public static List<Path> currentClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .toList();
  }

  /** With more arguments at the end. */
  public SpawnedProcess with(String... arguments) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(Arrays.asList(arguments));
    return new SpawnedProcess(longer, environment);
  }

  /** With an environment variable. */
  public SpawnedProcess withEnvironment(String name, String value) {
    Map<String, String> larger = new LinkedHashMap<>(environment);
    larger.put(name, value);
    return new SpawnedProcess(command, larger);
  }

  /**
   * Starts it in a directory, which is made if it is missing; what it says goes to new files {@code
   * stdout-….txt} and {@code stderr-….txt} beside.
   *
   * @param logs where those files go; keep it apart from a directory that is listed
   */
  public ProcessUnderTest start(Path directory, Path logs) throws IOException {
    Files.createDirectories(directory);
    Files.createDirectories(logs);
    Path stdout = Files.createTempFile(logs, "stdout-", ".txt");
    Path stderr = Files.createTempFile(logs, "stderr-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile());
    builder.environment().putAll(environment);
    return new ProcessUnderTest(command, builder.start(), stdout, stderr);
  }
}
