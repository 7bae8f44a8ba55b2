package io.fsmigrate.jobs;

import io.fsmigrate.online.Served;
import io.fsmigrate.online.StaleCheck;
import io.fsmigrate.online.StaleCounts;
import io.fsmigrate.online.WriteStrategy;
import io.fsmigrate.run.Plan;
import io.fsmigrate.sagemaker.WriteEstimate;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan as people read it. */
final class PlanText {
  private PlanText() {}

  static void print(Plan plan, PrintWriter out) {
    out.printf("Plan         %s -> %s%n", plan.request().source(), plan.target().address());
    out.printf(
        "Source       %s, %s rows, %s in %s%s%n",
        plan.source().location(),
        plan.rows().map(rows -> String.format(Locale.ROOT, "%,d", rows)).orElse("unknown"),
        bytes(plan.bytes()),
        count(plan.source().files(), "file"),
        plan.source().version().map(v -> ", table version " + v).orElse(""));
    plan.sourceStrategy().ifPresent(how -> out.println("Read         " + how));
    plan.request().filterQuery().ifPresent(filter -> out.println("Filter       " + filter));
    plan.request()
        .fromRecord()
        .ifPresent(
            record -> out.println("From record  " + record + " on; others count as filtered"));
    out.printf(
        "Records      %s%n",
        plan.distinctRecords()
            .map(n -> String.format(Locale.ROOT, "about %,d distinct", n))
            .orElse("unknown number of distinct ones (--estimate-keys scans for it)"));
    out.printf("Target       %s%n", target(plan.target()));
    out.printf("Units        %,d: %s%n", plan.units().count(), plan.units().reason());
    online(plan.online(), plan.request().staleCheck(), out);
    plan.clears().forEach(what -> out.println("CLEARS       " + what));
    out.println();
    if (plan.path().isEmpty()) {
      out.println("Migrations   none: columns are taken by their names");
    }
    for (Plan.PathStep step : plan.path()) {
      out.printf("Migration    %s  %s%n", step.id(), step.description());
    }
    out.println();
    schema(plan).print(out, "");
    out.println();
    plan.contract().forEach(rule -> out.println("Contract     " + rule));
    plan.writes().forEach(write -> out.println("Writes       " + write));
    plan.warnings().forEach(warning -> out.println("Warning      " + warning));
    plan.refusals().forEach(refusal -> out.println("REFUSED      " + refusal));
    out.println("Fingerprint  " + plan.fingerprint().hash());
  }

  /** What is planned for online stores. */
  static void online(List<Plan.OnlineTarget> online, StaleCheck check, PrintWriter out) {
    online.forEach(
        o ->
            out.printf(
                "Online       %s (%s), %s into %s%s%s%n",
                o.store(),
                o.type(),
                count(o.units(), "bucket"),
                o.place(),
                o.inPlaceOf().map(version -> " in place of version " + version).orElse(""),
                o.strategy().equals(WriteStrategy.FULL) ? "" : ": " + strategy(o.strategy())));
    online.forEach(o -> o.served().ifPresent(now -> served(o.store(), now, out)));
    online.forEach(o -> o.stale().ifPresent(s -> stale(check, o.store(), s, out)));
    online.forEach(o -> o.estimate().ifPresent(e -> estimate(o.store(), e, out)));
  }

  private static void served(String store, Served now, PrintWriter out) {
    out.printf(
        "Serves       %s: %s from %s since %s%n", store, now.address(), now.place(), now.at());
  }

  private static String strategy(WriteStrategy strategy) {
    return strategy.mode() == WriteStrategy.Mode.UPDATE
        ? "in place, adding %s; %s"
            .formatted(String.join(", ", strategy.added()), strategy.reason())
        : strategy.reason();
  }

  private static void stale(StaleCheck check, String store, StaleCounts counts, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Stale        %s: of %,d records%s, %,d are newer in the store, %,d equally old, %,d older, %,d not there%n",
        store,
        counts.total(),
        check == StaleCheck.SAMPLE ? " looked up (a sample)" : "",
        counts.newer(),
        counts.equal(),
        counts.older(),
        counts.missing());
  }

  private static void estimate(String store, WriteEstimate estimate, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "Estimate     %s: at most %,d calls to write%s, %,d write units%s, %s, about $%.2f%n",
        store,
        estimate.writeCalls(),
        estimate.readCalls() == 0
            ? ""
            : String.format(Locale.ROOT, " and %,d to look first", estimate.readCalls()),
        estimate.writeUnits(),
        estimate.readUnits() == 0
            ? ""
            : String.format(Locale.ROOT, " and %,d read units", estimate.readUnits()),
        String.format(Locale.ROOT, "%.1f minutes", estimate.minutes()),
        estimate.dollars());
    out.printf("             bound by %s%n", estimate.bindingQuota());
  }

  /** The target's features in their order, then the source's columns that have no such name. */
  private static TextTable schema(Plan plan) {
    Map<String, String> before = types(plan.schemaBefore());
    Map<String, String> after = types(plan.schemaAfter());
    TextTable schema = new TextTable("COLUMN", "BEFORE", "AFTER");
    after.forEach((name, type) -> schema.add(name, before.getOrDefault(name, "-"), type));
    before.forEach(
        (name, type) -> {
          if (!after.containsKey(name)) {
            schema.add(name, type, "-");
          }
        });
    return schema;
  }

  /** From {@code name type}; names in files have blanks more often than types do. */
  private static Map<String, String> types(List<String> columns) {
    Map<String, String> types = new LinkedHashMap<>();
    for (String column : columns) {
      int blank = column.lastIndexOf(' ');
      types.put(column.substring(0, blank), column.substring(blank + 1));
    }
    return types;
  }

  private static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  private static String target(Plan.Target target) {
    String rows =
        target.currentRows().map(n -> String.format(Locale.ROOT, "%,d", n)).orElse("unknown");
    return switch (target.strategy()) {
      case NEW_TABLE ->
          target.branchExists() ? "a new table" : "a new table on a new branch " + target.branch();
      case REPLACE_TABLE ->
          "a new table instead of %s rows of %s"
              .formatted(rows, target.current().orElseThrow().featureVersion());
      case APPEND_TO_CLONE -> "%s rows stay, what is missing is added".formatted(rows);
    };
  }

  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit + 1 < units.length) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
