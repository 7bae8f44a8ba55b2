package io.fsmigrate.jobs;

import io.fsmigrate.error.ExitCode;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.jobs.ServingDocuments.Line;
import io.fsmigrate.jobs.ServingDocuments.Move;
import io.fsmigrate.jobs.ServingDocuments.Moves;
import io.fsmigrate.jobs.ServingDocuments.Stores;
import io.fsmigrate.jobs.ServingDocuments.Version;
import io.fsmigrate.run.ServingSwitch;
import io.fsmigrate.run.StoreServing;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate serving}: which version online stores serve. */
@Command(
    name = "serving",
    description = "The version of a feature group that online stores serve.",
    footer = {
      "",
      "Examples:",
      "  fs-migrate --conf my.conf serving show flights",
      "  fs-migrate --conf my.conf serving switch flights --to 2.0.0",
      "  fs-migrate --conf my.conf serving back flights"
    })
final class ServingCommand extends CommandGroup {
  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new ServingCommand())
        .addSubcommand(new Show(workspace, output))
        .addSubcommand(new Switch(workspace, output))
        .addSubcommand(new Back(workspace, output))
        .addSubcommand(new History(workspace, output));
  }

  /** Which feature group in which stores. */
  static final class Which {
    @Parameters(paramLabel = "GROUP", description = "The feature group.")
    private String group;

    @Option(
        names = "--store",
        paramLabel = "STORE",
        description = "An online store; repeatable (default: every one of the feature group).")
    private List<String> stores = List.of();
  }

  /** How to change what is served. */
  static final class How {
    @Mixin private final Which which = new Which();

    @Option(names = "--dry-run", description = "Only say what would be served.")
    private boolean dryRun;

    @Option(
        names = "--force",
        description = "Also where the newest run that writes the version has not finished.")
    private boolean force;

    private ServingSwitch.Request request() {
      return new ServingSwitch.Request(which.group, which.stores, dryRun, force);
    }
  }

  @Command(
      name = "show",
      description = "Show which version each online store serves, and where it is.",
      footer = {
        "",
        "Examples:",
        "  fs-migrate --conf my.conf serving show flights",
        "  fs-migrate --conf my.conf serving show flights --store cache --output json"
      })
  private static final class Show implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Mixin private final Which which = new Which();

    Show(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Stores stores =
          Stores.of(which.group, false, workspace.servingSwitch().show(which.group, which.stores));
      output.result("fs-migrate/serving/1", stores, Show::print);
      return ExitCode.OK.code();
    }

    private static void print(Stores stores, PrintWriter out) {
      TextTable table = new TextTable("STORE", "TYPE", "SERVES", "FROM", "SINCE", "BY");
      for (Line line : stores.stores()) {
        Optional<Version> served = line.served();
        table.add(
            line.store(),
            line.type(),
            served
                .map(Version::version)
                .orElse(line.pointer() ? "nothing yet" : "what was written last"),
            served.map(Version::place).orElse("-"),
            served.flatMap(Version::at).orElse("-"),
            served.flatMap(Version::by).orElse("-"));
      }
      table.print(out, "No version of %s has an online store.".formatted(stores.group()));
    }
  }

  private static void changed(Stores stores, PrintWriter out) {
    for (Line line : stores.stores()) {
      String before = line.served().map(Version::version).orElse("nothing");
      if (line.next().isEmpty()) {
        out.printf("%s: serves %s@%s already%n", line.store(), stores.group(), before);
      } else {
        out.printf(
            "%s: %s %s@%s from %s instead of %s%n",
            line.store(),
            line.moved() ? "serves" : "would serve",
            stores.group(),
            line.next().get().version(),
            line.next().get().place(),
            before);
      }
    }
  }

  @Command(
      name = "switch",
      description = {
        "Make online stores serve a version that is written, each in one step.",
        "Refused (exit code 4) where it is not there, or the run that writes it has not finished."
      },
      footer = {
        "",
        "Examples:",
        "  fs-migrate --conf my.conf serving switch flights --to 2.0.0 --dry-run",
        "  fs-migrate --conf my.conf serving switch flights --to 2.0.0 --store cache"
      })
  private static final class Switch implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Mixin private final How how = new How();

    @Option(
        names = "--to",
        paramLabel = "VERSION",
        required = true,
        description = "The version to serve.")
    private String version;

    Switch(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      List<StoreServing> stores =
          workspace.servingSwitch().to(how.request(), new FeatureVersion(version));
      output.result(
          "fs-migrate/serving-change/1",
          Stores.of(how.which.group, how.dryRun, stores),
          ServingCommand::changed);
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "back",
      description = {
        "Make online stores serve what they served before, by the record of the warehouse.",
        "Twice goes back by two; to go forward again, switch."
      },
      footer = {
        "",
        "Examples:",
        "  fs-migrate --conf my.conf serving back flights",
        "  fs-migrate --conf my.conf serving back flights --store cache --dry-run"
      })
  private static final class Back implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Mixin private final How how = new How();

    Back(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      List<StoreServing> stores = workspace.servingSwitch().back(how.request());
      output.result(
          "fs-migrate/serving-change/1",
          Stores.of(how.which.group, how.dryRun, stores),
          ServingCommand::changed);
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "history",
      description = "Show when stores changed what they serve, by whom, newest first.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf serving history flights"})
  private static final class History implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Mixin private final Which which = new Which();

    History(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      workspace.catalog().group(which.group);
      List<Move> moves =
          workspace.servingHistory().of(which.group).stream()
              .filter(move -> which.stores.isEmpty() || which.stores.contains(move.store()))
              .map(Move::of)
              .toList();
      output.result("fs-migrate/serving-history/1", new Moves(which.group, moves), History::print);
      return ExitCode.OK.code();
    }

    private static void print(Moves moves, PrintWriter out) {
      TextTable table = new TextTable("AT", "STORE", "FROM", "TO", "STATE", "BY");
      for (Move move : moves.moves()) {
        table.add(
            move.at(),
            move.store(),
            move.from().orElse("-"),
            move.to(),
            move.state(),
            move.run().map(run -> "run " + run).orElse(move.cause() + " by " + move.by()));
      }
      table.print(out, "No store was told yet what to serve of %s.".formatted(moves.group()));
    }
  }
}
