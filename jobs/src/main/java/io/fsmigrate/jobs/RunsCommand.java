package io.fsmigrate.jobs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.run.Ledger;
import io.fsmigrate.run.RunOwner;
import io.fsmigrate.run.RunRecord;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate runs}: what was run, and what is left of it. */
@Command(name = "runs", description = "Runs: what they did and what they left over.")
final class RunsCommand extends CommandGroup {
  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new RunsCommand())
        .addSubcommand(new ListAll(workspace, output))
        .addSubcommand(new Show(workspace, output))
        .addSubcommand(RunsFailedCommand.create(workspace, output))
        .addSubcommand(RunsReportCommand.create(workspace, output))
        .addSubcommand(new Unlock(workspace, output));
  }

  record Runs(List<Line> runs) {}

  /** One run as the ledger has it. */
  record Line(
      String run,
      String state,
      String command,
      String source,
      String target,
      String startedAt,
      Optional<String> endedAt,
      String owner,
      String programVersion,
      String fingerprint,
      Map<String, Long> counters,
      Map<String, Long> timingsMillis,
      Optional<String> message,
      Optional<Integer> exitCode) {
    static Line of(RunRecord run) {
      return new Line(
          run.id(),
          run.state().text(),
          run.command(),
          run.source(),
          run.target(),
          run.startedAt().toString(),
          run.endedAt().map(Object::toString),
          run.owner().text(),
          run.programVersion(),
          run.fingerprint(),
          run.counters(),
          run.timingsMillis(),
          run.message(),
          run.exitCode());
    }
  }

  /** The run of that id; {@code latest} is the newest there is. */
  static RunRecord find(Ledger ledger, String id) {
    Optional<RunRecord> run =
        id.equals("latest") ? ledger.list(1).stream().findFirst() : ledger.find(id);
    return run.orElseThrow(() -> JobsErrors.unknownRun(id));
  }

  @Command(
      name = "list",
      description = "List the newest runs, newest first.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf runs list --limit 5"})
  private static final class ListAll implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "How many (default: ${DEFAULT-VALUE}).")
    private int limit;

    ListAll(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      List<Line> lines = workspace.ledger().list(limit).stream().map(Line::of).toList();
      output.result("fs-migrate/run-list/1", new Runs(lines), ListAll::print);
      return ExitCode.OK.code();
    }

    private static void print(Runs runs, PrintWriter out) {
      TextTable table = new TextTable("RUN", "STATE", "STARTED", "SOURCE", "TARGET");
      for (Line run : runs.runs()) {
        table.add(run.run(), run.state(), run.startedAt(), run.source(), run.target());
      }
      table.print(out, "There is no run yet.");
    }
  }

  @Command(
      name = "show",
      description = "Show one run.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf runs show latest"})
  private static final class Show implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(paramLabel = "RUN", description = "The run, or latest.")
    private String id;

    Show(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Ledger ledger = workspace.ledger();
      RunRecord run = find(ledger, id);
      Shown shown = new Shown(Line.of(run), ledger.unlocked(run.id()).map(Unlocking::of));
      output.result("fs-migrate/run/1", shown, (all, out) -> print(run, all, out));
      return ExitCode.OK.code();
    }

    /** One run with what was done to its locks. */
    private record Shown(@JsonUnwrapped Line line, Optional<Unlocking> unlocked) {}

    /** Who took the locks away, and from whom. */
    private record Unlocking(
        String at, String by, boolean force, Optional<String> from, List<String> targets) {
      static Unlocking of(Ledger.Unlocked unlocked) {
        return new Unlocking(
            unlocked.at().toString(),
            unlocked.by().text(),
            unlocked.force(),
            unlocked.owner().map(RunOwner::text),
            unlocked.targets());
      }
    }

    private static void print(RunRecord run, Shown shown, PrintWriter out) {
      Line line = shown.line();
      out.println("Run        " + line.run());
      out.println("State      " + line.state() + ": " + run.state().likelyCause());
      out.println("Next       " + run.state().whatToDo());
      out.println("Did        " + line.command() + " " + line.source() + " " + line.target());
      out.println("Started    " + line.startedAt());
      out.println("Ended      " + line.endedAt().orElse("-"));
      out.println("Owner      " + line.owner());
      out.println("Program    fs-migrate " + line.programVersion());
      shown
          .unlocked()
          .ifPresent(
              u ->
                  out.printf(
                      "Unlocked   %s by %s%s%n", u.at(), u.by(), u.force() ? ", by force" : ""));
      line.message().ifPresent(message -> out.println("Message    " + message));
      line.exitCode().ifPresent(code -> out.println("Exit code  " + code));
      if (!line.counters().isEmpty()) {
        out.println();
        TextTable counters = new TextTable("COUNTER", "ROWS");
        line.counters().forEach(counters::add);
        counters.print(out, "");
      }
    }
  }

  record Unlocked(String run, List<String> targets) {}

  @Command(
      name = "unlock",
      description = {
        "Give up a run whose process is gone: its targets are free for other runs.",
        "A run whose process renews its lock keeps it: whether it does is looked at for up to",
        "run.lease-seconds. Who unlocked what and when is shown by `runs show`."
      },
      footer = {"", "Example:", "  fs-migrate --conf my.conf runs unlock 20261121T003000Z-a1b2c3"})
  private static final class Unlock implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(paramLabel = "RUN", description = "The run, or latest.")
    private String id;

    @Option(
        names = "--force",
        description = {
          "Also where its process seems to be at work on another host, or hangs on this one.",
          "It is refused whatever it still wants to record or commit."
        })
    private boolean force;

    Unlock(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Ledger ledger = workspace.ledger();
      // A lock can be left of a run that the ledger never got to know.
      String run = id.equals("latest") ? find(ledger, id).id() : id;
      Ledger.Unlocked done = ledger.unlock(run, force);
      // What its process may still be about to commit is refused from here on.
      BranchStore branches = workspace.branches();
      done.targets().forEach(target -> branches.raiseFence(target, done.token()));
      Unlocked unlocked = new Unlocked(run, done.targets());
      output.result("fs-migrate/run-unlocked/1", unlocked, Unlock::print);
      return ExitCode.OK.code();
    }

    private static void print(Unlocked unlocked, PrintWriter out) {
      if (unlocked.targets().isEmpty()) {
        out.println(unlocked.run() + " held no lock.");
      } else {
        out.println("Free again: " + String.join(", ", unlocked.targets()));
      }
    }
  }
}
