package io.fsmigrate.jobs;

import io.fsmigrate.catalog.Catalog;
import io.fsmigrate.catalog.ConfigReference;
import io.fsmigrate.error.ExitCode;
import io.fsmigrate.feature.FeatureGroup;
import io.fsmigrate.feature.VersionedGroup;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code fs-migrate catalog}: what is defined, and what can be. */
@Command(name = "catalog", description = "What the configuration defines, and its keys.")
final class CatalogCommand extends CommandGroup {
  static CommandLine create(Workspace workspace, Output output) {
    return new CommandLine(new CatalogCommand())
        .addSubcommand(new Check(workspace, output))
        .addSubcommand(new Reference(output));
  }

  /** All that the configuration defines, in short. */
  record Summary(
      String warehouse, List<Group> groups, int migrations, List<OnlineStore> onlineStores) {}

  record Group(String name, String description, List<Version> versions) {}

  record Version(
      String version,
      String recordIdentifier,
      String eventTime,
      String features,
      int rules,
      List<String> onlineStores) {}

  record OnlineStore(String name, String type) {}

  @Command(
      name = "check",
      description = "Read the whole configuration, and say what it defines or what is wrong in it.",
      footer = {"", "Example:", "  fs-migrate --conf my.conf catalog check"})
  private record Check(Workspace workspace, Output output) implements Callable<Integer> {
    @Override
    public Integer call() {
      output.result("fs-migrate/catalog/1", summary(workspace.catalog()), Check::print);
      return ExitCode.OK.code();
    }

    private static Summary summary(Catalog catalog) {
      return new Summary(
          catalog.warehouse(),
          catalog.groups().values().stream().map(Check::group).toList(),
          catalog.migrations().migrations().size(),
          catalog.onlineStores().values().stream()
              .map(store -> new OnlineStore(store.name(), store.type()))
              .toList());
    }

    private static Group group(FeatureGroup group) {
      return new Group(
          group.name(),
          group.description(),
          group.versions().values().stream().map(Check::version).toList());
    }

    private static Version version(VersionedGroup version) {
      return new Version(
          version.version().text(),
          version.recordIdentifier(),
          version.eventTime(),
          version.schema().ddl(),
          version.rules().size(),
          version.onlineStores());
    }

    private static void print(Summary summary, PrintWriter out) {
      out.println("Warehouse      " + summary.warehouse());
      out.println("Migrations     " + summary.migrations());
      out.println(
          "Online stores  "
              + summary.onlineStores().stream()
                  .map(store -> store.name() + " (" + store.type() + ")")
                  .collect(Collectors.joining(", ")));
      TextTable table =
          new TextTable("GROUP", "VERSION", "RECORD IDENTIFIER", "EVENT TIME", "RULES");
      for (Group group : summary.groups()) {
        for (Version version : group.versions()) {
          table.add(
              group.name(),
              version.version(),
              version.recordIdentifier(),
              version.eventTime(),
              version.rules());
        }
      }
      table.print(out, "No feature group is defined.");
    }
  }

  @Command(
      name = "reference",
      description = "Print every key of the configuration with its default, as Markdown.",
      footer = {"", "Example:", "  fs-migrate catalog reference --output json"})
  private record Reference(Output output) implements Callable<Integer> {
    @Override
    public Integer call() {
      output.result(
          "fs-migrate/configuration-reference/1", ConfigReference.read(), ReferenceText::print);
      return ExitCode.OK.code();
    }
  }
}
