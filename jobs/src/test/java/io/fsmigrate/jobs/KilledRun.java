package io.fsmigrate.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fsmigrate.jobs.NamedPoints.Happened;
import io.fsmigrate.testkit.ProcessUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run that is killed by kill -9, taken up, and held against one that was left alone. */
final class KilledRun {
  private static final Duration BOUND = Duration.ofMinutes(10);

  private final Readings readings;
  private final List<String> jvmOptions;
  private final Undisturbed undisturbed;
  private final Sandbox sandbox;
  private final List<String> faults = new ArrayList<>();
  private final List<String> fell = new ArrayList<>();
  private int processes;

  /**
   * A run that was left alone.
   *
   * @param events what happened in it; empty where nobody noted it
   * @param buckets that the records of each store were cut into
   */
  record Undisturbed(
      Remains remains, List<Happened> events, int buckets, Map<String, Integer> bucketOf) {
    /** Milliseconds from the first unit to the last online write. */
    long millis() {
      List<Happened> work = Kill.work(events);
      return work.get(work.size() - 1).millis() - work.get(0).millis();
    }
  }

  /**
   * What became of it.
   *
   * @param fell where each kill fell
   * @param finished online buckets that were done at the last kill
   * @param faults what differs from a run that was left alone; nothing, if all is well
   */
  record Outcome(Kill kill, List<String> fell, int finished, List<String> faults) {}

  KilledRun(Readings readings, List<String> jvmOptions, Undisturbed undisturbed, Path directory)
      throws IOException {
    this.readings = readings;
    this.jvmOptions = jvmOptions;
    this.undisturbed = undisturbed;
    this.sandbox = readings.sandbox(directory);
  }

  /** Runs one in a process of its own and notes what happens. */
  static Undisturbed leaveAlone(Readings readings, List<String> jvmOptions, Path directory)
      throws Exception {
    Sandbox calm = readings.sandbox(directory);
    Path events = calm.path("events");
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-D%s=%s".formatted(NamedPoints.EVENTS, events));
    try (ProcessUnderTest process =
        calm.spawn(options, "migrate", readings.source(), Readings.TARGET)) {
      if (process.waitFor(BOUND) != 3) {
        throw new AssertionError(process.stderr());
      }
    }
    JsonNode report = calm.json(0, "runs", "report", "latest");
    return undisturbed(readings, calm, report, Happened.in(events));
  }

  static Undisturbed undisturbed(
      Readings readings, Sandbox calm, JsonNode report, List<Happened> events) throws SQLException {
    Path plan = calm.path("warehouse/_fs_migrate/run/" + report.get("run").asText() + "/plan.json");
    int buckets = Sandbox.json(plan).at("/online/0/units").asInt();
    return new Undisturbed(
        Remains.of(readings, calm, report), events, buckets, readings.buckets(calm, buckets));
  }

  /** Kills it as it is said, and takes it up in this JVM, or in another where options say so. */
  Outcome kill(Kill kill, boolean resumeHere) throws Exception {
    boolean killed =
        killed(
            kill.point(),
            kill.held(),
            kill.millis(),
            "migrate",
            readings.source(),
            Readings.TARGET);
    if (!killed) {
      readings.drop(sandbox);
      return new Outcome(kill, List.of("missed"), 0, List.of());
    }
    String run = sandbox.json(0, "runs", "list").at("/runs/0/run").asText();
    Path log = sandbox.path("warehouse/readings/1.0.0/" + run + "/_delta_log");
    DeltaCommits commits = DeltaCommits.of(log);
    StoreAudit audit = StoreAudit.begin(readings, sandbox, run);
    if (kill.again().isPresent()
        && killed(kill.again().get(), true, 0, "migrate", "--resume-from", "latest")) {
      faults.addAll(audit.faults(undisturbed.bucketOf(), false));
      audit = StoreAudit.begin(readings, sandbox, run);
      requireContinued(DeltaCommits.of(log), commits);
      commits = DeltaCommits.of(log);
    }
    if (sandbox.json(0, "runs", "show", run).get("state").asText().equals("running")) {
      resume(resumeHere);
    }
    JsonNode report = sandbox.json(0, "runs", "report", run);

    faults.addAll(undisturbed.remains().differences(Remains.of(readings, sandbox, report)));
    faults.addAll(audit.faults(undisturbed.bucketOf(), true));
    DeltaCommits end = DeltaCommits.of(log);
    requireContinued(end, commits);
    Map<String, Integer> units = end.units();
    if (units.size() != readings.files() || units.values().stream().anyMatch(n -> n != 1)) {
      faults.add("units are not there once each: " + units);
    }
    readings.drop(sandbox);
    return new Outcome(kill, List.copyOf(fell), audit.finished(), List.copyOf(faults));
  }

  private void requireContinued(DeltaCommits now, DeltaCommits before) {
    if (!now.continues(before)) {
      faults.add("a commit of the table was changed or is gone");
    }
  }

  private void resume(boolean here) throws Exception {
    if (here) {
      sandbox.json(3, "migrate", "--resume-from", "latest");
      return;
    }
    try (ProcessUnderTest process =
        sandbox.spawn(jvmOptions, "migrate", "--resume-from", "latest")) {
      if (process.waitFor(BOUND) != 3) {
        faults.add("resuming failed: " + process.stderr());
      }
    }
  }

  /** False where the process ended before it was killed. */
  private boolean killed(String point, boolean held, long millis, String... command)
      throws Exception {
    Path marker = sandbox.path("marker-" + processes);
    Path events = sandbox.path("events-" + processes);
    processes++;
    List<String> options = new ArrayList<>(jvmOptions);
    options.add("-D%s=%s".formatted(held ? NamedPoints.HOLD : NamedPoints.SIGNAL, point));
    options.add("-D%s=%s".formatted(NamedPoints.MARKER, marker));
    options.add("-D%s=%s".formatted(NamedPoints.EVENTS, events));
    try (ProcessUnderTest process = sandbox.spawn(options, command)) {
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (!Files.exists(marker) && process.isAlive()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("It came to no " + point + ": " + process.stderr());
        }
        Thread.sleep(5);
      }
      // What is waited for here is the moment itself, no condition.
      Thread.sleep(millis);
      boolean alive = process.isAlive();
      process.kill();
      if (alive && process.waitFor(BOUND) == NamedPoints.KILLED) {
        fell.add(place(Happened.in(events)));
        return true;
      }
      return false;
    }
  }

  /** Where in its course a run was that left these events behind. */
  private String place(List<Happened> events) {
    Optional<Happened> last =
        events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1));
    String name = last.map(Happened::name).orElse("");
    long written =
        events.stream().filter(event -> event.name().startsWith("ONLINE_WRITTEN/")).count();
    long inAll =
        undisturbed.events().stream()
            .filter(event -> event.name().startsWith("ONLINE_WRITTEN/"))
            .count();
    if (inAll > 0 && written >= inAll) {
      return "after the last online write";
    }
    return switch (name.isEmpty() ? "" : name.substring(0, name.indexOf('/'))) {
      case "OFFLINE_WRITTEN" -> "offline, written and not recorded";
      case "RECORDED", "SKIPPED" -> name.endsWith("/offline") ? "offline" : "online";
      case "REF_MOVED" -> "branch moved";
      case "ONLINE_WRITTEN" -> "online, written and not recorded";
      default -> "before the first unit";
    };
  }
}
