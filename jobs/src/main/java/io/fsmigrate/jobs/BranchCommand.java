package io.fsmigrate.jobs;

import io.fsmigrate.branch.Branch;
import io.fsmigrate.branch.BranchCommit;
import io.fsmigrate.branch.BranchStore;
import io.fsmigrate.branch.BranchType;
import io.fsmigrate.error.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate branch}: the named views of the warehouse. */
@Command(name = "branch", description = "Named, isolated views of the feature groups.")
final class BranchCommand extends CommandGroup {
  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new BranchCommand())
        .addSubcommand(new ListAll(workspace, output))
        .addSubcommand(new Show(workspace, output))
        .addSubcommand(new Create(workspace, output));
  }

  record Branches(List<Line> branches) {}

  /** One branch; head and time are absent while nothing was committed to it. */
  record Line(String name, String type, Optional<String> head, Optional<String> createdAt) {
    static Line of(Branch branch) {
      return new Line(
          branch.name(),
          branch.type().text(),
          branch.head(),
          branch.virtual() ? Optional.empty() : Optional.of(branch.createdAt().toString()));
    }
  }

  /** What a branch shows. */
  record Details(
      String name,
      String type,
      Optional<String> head,
      Optional<String> createdAt,
      List<Table> tables,
      List<Commit> commits) {}

  /** The table that a branch shows for a feature group. */
  record Table(String group, String featureVersion, String path, long tableVersion) {}

  record Commit(String id, List<String> parents, String at, String author, String message) {
    static Commit of(BranchCommit commit) {
      return new Commit(
          commit.id(), commit.parents(), commit.at().toString(), commit.author(), commit.message());
    }
  }

  private static String shortId(String id) {
    return id.substring(0, Math.min(id.length(), 12));
  }

  @Command(
      name = "list",
      description = "List the branches.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf branch list"})
  private record ListAll(Workspace workspace, Output output) implements Callable<Integer> {
    @Override
    public Integer call() {
      List<Line> lines = workspace.branches().list().stream().map(Line::of).toList();
      output.result("fs-migrate/branch-list/1", new Branches(lines), ListAll::print);
      return ExitCode.OK.code();
    }

    private static void print(Branches branches, PrintWriter out) {
      TextTable table = new TextTable("BRANCH", "TYPE", "HEAD", "CREATED");
      for (Line line : branches.branches()) {
        table.add(
            line.name(),
            line.type(),
            line.head().map(BranchCommand::shortId).orElse("-"),
            line.createdAt().orElse("-"));
      }
      table.print(out, "There is no branch.");
    }
  }

  @Command(
      name = "show",
      description = "Show what a branch shows for each feature group, and its newest commits.",
      footer = {
        "",
        "Examples:",
        "  fs-migrate --conf my.conf branch show main",
        "  fs-migrate --conf my.conf branch show feature/late --output json"
      })
  private static final class Show implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(paramLabel = "BRANCH", description = "The branch.")
    private String name;

    @Option(
        names = "--commits",
        paramLabel = "N",
        defaultValue = "10",
        description = "How many commits to show (default: ${DEFAULT-VALUE}).")
    private int commits;

    Show(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      BranchStore branches = workspace.branches();
      Branch branch = branches.get(name);
      List<Table> tables =
          branches.head(name).stream()
              .flatMap(head -> head.tables().entrySet().stream())
              .map(
                  entry ->
                      new Table(
                          entry.getKey(),
                          entry.getValue().featureVersion().text(),
                          entry.getValue().path(),
                          entry.getValue().version()))
              .toList();
      Line line = Line.of(branch);
      Details details =
          new Details(
              line.name(),
              line.type(),
              line.head(),
              line.createdAt(),
              tables,
              branches.log(name, commits).stream().map(Commit::of).toList());
      output.result("fs-migrate/branch/1", details, Show::print);
      return ExitCode.OK.code();
    }

    private static void print(Details branch, PrintWriter out) {
      out.println(branch.name() + " (" + branch.type() + ")");
      out.println();
      TextTable tables = new TextTable("GROUP", "VERSION", "TABLE VERSION", "TABLE");
      branch
          .tables()
          .forEach(t -> tables.add(t.group(), t.featureVersion(), t.tableVersion(), t.path()));
      tables.print(out, "It shows no feature group yet.");
      if (!branch.commits().isEmpty()) {
        out.println();
        TextTable commits = new TextTable("COMMIT", "AT", "AUTHOR", "MESSAGE");
        branch
            .commits()
            .forEach(c -> commits.add(shortId(c.id()), c.at(), c.author(), c.message()));
        commits.print(out, "");
      }
    }
  }

  @Command(
      name = "create",
      description = "Make a branch that shows what another one shows now; no data is copied.",
      footer = {
        "",
        "Example:",
        "  fs-migrate --conf my.conf branch create feature/late --from main"
      })
  private static final class Create implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(paramLabel = "BRANCH", description = "The name, such as feature/late.")
    private String name;

    @Option(
        names = "--from",
        paramLabel = "BRANCH",
        defaultValue = "main",
        description = "The branch to start from (default: ${DEFAULT-VALUE}).")
    private String from;

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "${COMPLETION-CANDIDATES}; only where the name does not say it.")
    private Optional<BranchType> type = Optional.empty();

    @Option(
        names = {"-m", "--message"},
        paramLabel = "TEXT",
        description = "Why (default: that it was created, and from what).")
    private Optional<String> message = Optional.empty();

    Create(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Branch branch =
          workspace
              .branches()
              .create(
                  name,
                  type,
                  from,
                  workspace.user(),
                  message.orElse("Create " + name + " from " + from));
      output.result(
          "fs-migrate/branch-created/1",
          Line.of(branch),
          (line, out) ->
              out.println("Created " + line.name() + " (" + line.type() + ") from " + from));
      return ExitCode.OK.code();
    }
  }
}
