package io.fsmigrate.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that works on a run.
 *
 * @param pid its number on the host
 * @param processStart when it started, which tells it from a later process with the same number;
 *     empty where the system does not say
 */
public record RunOwner(String user, String host, long pid, Optional<Instant> processStart) {
  /** The system derives start times from its clock, which may be set while the process runs. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  /** Whether the owner can still be at work. */
  public enum Life {
    /** It runs. */
    ALIVE,
    /** It does not run any more. */
    GONE,
    /** It is on another host, which cannot be asked. */
    UNKNOWN
  }

  /** This process. */
  public static RunOwner current() {
    ProcessHandle self = ProcessHandle.current();
    return new RunOwner(
        System.getProperty("user.name", "unknown"),
        hostName(),
        self.pid(),
        self.info().startInstant());
  }

  /** Whether the process runs, seen from this host. */
  public Life life() {
    if (!host.equals(hostName())) {
      return Life.UNKNOWN;
    }
    boolean alive =
        ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> startedWhen(process.info().startInstant()))
            .isPresent();
    return alive ? Life.ALIVE : Life.GONE;
  }

  /** Where either side does not know, the number alone decides: rather refuse than run twice. */
  private boolean startedWhen(Optional<Instant> start) {
    return start
        .flatMap(theirs -> processStart.map(ours -> Duration.between(theirs, ours).abs()))
        .map(difference -> difference.compareTo(START_TOLERANCE) <= 0)
        .orElse(true);
  }

  /** The user, process and host as people read them. */
  public String text() {
    return "%s, process %d on %s".formatted(user, pid, host);
  }

  private static String hostName() {
    // Read from the kernel where it can be: a look-up may wait for a name server.
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    try {
      return Files.isReadable(kernel)
          ? Files.readString(kernel).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Cannot read " + kernel, e);
    }
  }
}
