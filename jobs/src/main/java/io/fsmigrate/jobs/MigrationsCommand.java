package io.fsmigrate.jobs;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.feature.FeatureVersion;
import io.fsmigrate.migration.DeclarativeMigration;
import io.fsmigrate.migration.JavaMigration;
import io.fsmigrate.migration.Migration;
import io.fsmigrate.migration.MigrationPath;
import io.fsmigrate.migration.SqlMigration;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fs-migrate migrations}: what is registered, and where it leads. */
@Command(name = "migrations", description = "Registered migrations and the paths they make.")
final class MigrationsCommand extends CommandGroup {
  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new MigrationsCommand())
        .addSubcommand(new ListAll(workspace, output))
        .addSubcommand(new Path(workspace, output));
  }

  record Migrations(List<Line> migrations) {}

  record MigrationsPath(String group, String from, String to, List<Line> migrations) {}

  /** One migration; kind is declarative, sql or java. */
  record Line(
      String group, String from, String to, String kind, String description, String checksum) {
    static Line of(Migration migration) {
      return new Line(
          migration.group(),
          migration.from().text(),
          migration.to().text(),
          kind(migration),
          migration.description(),
          migration.checksum());
    }

    private static String kind(Migration migration) {
      if (migration instanceof DeclarativeMigration) {
        return "declarative";
      }
      if (migration instanceof SqlMigration) {
        return "sql";
      }
      if (migration instanceof JavaMigration) {
        return "java";
      }
      throw new IllegalStateException("A new kind of migration: " + migration.id());
    }
  }

  private static void print(List<Line> lines, PrintWriter out, String ifEmpty) {
    TextTable table = new TextTable("GROUP", "FROM", "TO", "KIND", "DESCRIPTION");
    lines.forEach(m -> table.add(m.group(), m.from(), m.to(), m.kind(), m.description()));
    table.print(out, ifEmpty);
  }

  @Command(
      name = "list",
      description = "List the registered migrations.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf migrations list flights"})
  private static final class ListAll implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(
        arity = "0..1",
        paramLabel = "GROUP",
        description = "Only those of this feature group.")
    private Optional<String> group = Optional.empty();

    ListAll(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Catalog catalog = workspace.catalog();
      List<Migration> migrations =
          group
              .map(name -> catalog.migrations().migrations(catalog.group(name).name()))
              .orElseGet(() -> catalog.migrations().migrations());
      output.result(
          "fs-migrate/migration-list/1",
          new Migrations(migrations.stream().map(Line::of).toList()),
          (result, out) -> print(result.migrations(), out, "No migration is registered."));
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "path",
      description = "Show the migrations that lead from one version to another.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf migrations path flights 1.0.0 2.0.0"})
  private static final class Path implements Callable<Integer> {
    private final Workspace workspace;
    private final Output output;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The feature group.")
    private String group;

    @Parameters(
        index = "1",
        paramLabel = "FROM",
        description = "The version to start from, or raw.")
    private String from;

    @Parameters(index = "2", paramLabel = "TO", description = "The version to arrive at.")
    private String to;

    @Option(
        names = "--via",
        paramLabel = "VERSION",
        split = ",",
        description = "Pass these versions, in order, where there is a choice.")
    private List<String> via = List.of();

    Path(Workspace workspace, Output output) {
      this.workspace = workspace;
      this.output = output;
    }

    @Override
    public Integer call() {
      Catalog catalog = workspace.catalog();
      MigrationPath path =
          catalog
              .migrations()
              .path(
                  catalog.group(group).name(),
                  new FeatureVersion(from),
                  new FeatureVersion(to),
                  via.stream().map(FeatureVersion::new).toList());
      output.result(
          "fs-migrate/migration-path/1",
          new MigrationsPath(group, from, to, path.migrations().stream().map(Line::of).toList()),
          (result, out) -> print(result.migrations(), out, "Nothing to do: equal versions."));
      return ExitCode.OK.code();
    }
  }
}
