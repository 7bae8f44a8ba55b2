package io.fsmigrate.jobs;

import io.fsmigrate.run.RunEvent;
import io.fsmigrate.run.RunListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a test end, hold or watch a process at a named point of its run; does nothing unless a
 * system property names one.
 *
 * <p>A point is {@code KIND/STORE:N}, the N-th event of that kind and store, such as {@code
 * OFFLINE_WRITTEN/offline:2} or {@code REF_MOVED/:1}.
 */
public final class NamedPoints implements RunListener {
  /** The process dies here, without any clean-up, as by kill -9. */
  static final String HALT = "test.halt";

  /** The process makes the file of {@link #MARKER} and goes no further. */
  static final String HOLD = "test.hold";

  /** The process makes the file of {@link #MARKER} and goes on. */
  static final String SIGNAL = "test.signal";

  static final String MARKER = "test.marker";

  /** The file to which every event is added as a line of {@link Happened}. */
  static final String EVENTS = "test.events";

  static final int KILLED = 137;

  private final Map<String, Integer> seen = new ConcurrentHashMap<>();

  @Override
  public void on(RunEvent event) {
    String name = event.kind() + "/" + event.store();
    String point = name + ":" + seen.merge(name, 1, Integer::sum);
    Optional.ofNullable(System.getProperty(EVENTS)).ifPresent(file -> add(file, point));
    if (point.equals(System.getProperty(HALT))) {
      Runtime.getRuntime().halt(KILLED);
    }
    if (point.equals(System.getProperty(SIGNAL))) {
      mark();
    }
    if (point.equals(System.getProperty(HOLD))) {
      mark();
      hold();
    }
  }

  /** An event, and when it was told. */
  record Happened(long millis, String point) {
    /** Those of a file; the last line may be torn, as its process was killed. */
    static List<Happened> in(Path file) throws IOException {
      if (!Files.exists(file)) {
        return List.of();
      }
      List<Happened> events = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(" ");
        if (parts.length == 3) {
          events.add(new Happened(Long.parseLong(parts[0]), parts[1]));
        }
      }
      return events;
    }

    /** Without its number. */
    String name() {
      return point.substring(0, point.lastIndexOf(':'));
    }
  }

  private synchronized void add(String file, String point) {
    try {
      Files.writeString(
          Path.of(file),
          "%d %s .%n".formatted(System.currentTimeMillis(), point),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void mark() {
    try {
      Files.createFile(Path.of(System.getProperty(MARKER)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void hold() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
