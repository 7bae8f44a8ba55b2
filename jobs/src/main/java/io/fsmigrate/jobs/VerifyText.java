package io.fsmigrate.jobs;

import io.fsmigrate.run.RepairReport;
import io.fsmigrate.run.VerifyReport;
import io.fsmigrate.verify.DifferingRow;
import io.fsmigrate.verify.FeatureSummary;
import io.fsmigrate.verify.OfflineVerdict;
import io.fsmigrate.verify.OnlineVerdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What a verification found, as people read it. */
final class VerifyText {
  private static final int WIDEST = 24;

  private VerifyText() {}

  /**
   * @param program how the next command begins
   */
  static void print(VerifyReport report, String program, PrintWriter out) {
    out.printf(
        "Run        %s %s in %.1f s%n",
        report.run(),
        report.state().text(),
        Duration.between(report.startedAt(), report.endedAt()).toMillis() / 1000.0);
    out.printf(
        "Verified   %s%s -> %s%n",
        report.verifiedRun().map(run -> "run " + run + ", ").orElse(""),
        report.source(),
        report.target());
    out.println();
    report.offline().ifPresent(verdict -> print(report, verdict, out));
    report.online().forEach(store -> print(store, out));
    if (!report.examples().isEmpty()) {
      out.printf("%nSome of the rows that differ%n");
      report.examples().forEach(row -> print(row, out));
    }
    report.repair().ifPresent(repair -> print(repair, out));
    report
        .differences()
        .ifPresent(
            where ->
                out.printf(
                    "%nAll that were kept are in the Delta table %s%n  %s runs show %s%n",
                    where, program, report.run()));
  }

  private static void print(VerifyReport report, OfflineVerdict verdict, PrintWriter out) {
    if (!report.expected().isEmpty()) {
      out.printf(
          "source     read %,d filtered %,d failed %,d accepted %,d%n",
          report.expected().getOrDefault("read", 0L),
          report.expected().getOrDefault("filtered", 0L),
          report.expected().getOrDefault("failed", 0L),
          report.expected().getOrDefault("accepted", 0L));
    }
    out.printf(
        "offline    expected %,d actual %,d missing %,d different %,d extra %,d (%,d of %,d buckets differ)%n",
        verdict.expectedRows(),
        verdict.actualRows(),
        verdict.missing(),
        verdict.different(),
        verdict.extra(),
        verdict.differingBuckets(),
        verdict.buckets());
    out.printf(
        "freshness  expected %s actual %s%n%n",
        verdict.expectedNewest().orElse("-"), verdict.actualNewest().orElse("-"));
    TextTable table =
        new TextTable(
            "FEATURE", "MATCH", "DIFFER", "NULL", "CHANGE", "MIN", "MAX", "MEAN", "SMAPE");
    verdict
        .features()
        .forEach(
            f ->
                table.add(
                    f.feature() + f.tolerance().map(t -> " (+-" + t + ")").orElse(""),
                    percent(f.matchRate()),
                    "%,d".formatted(f.differing()),
                    percent(f.actualNullRate()),
                    change(f),
                    both(f.expectedMinimum(), f.actualMinimum()),
                    both(f.expectedMaximum(), f.actualMaximum()),
                    both(
                        f.expectedMean().map(VerifyText::number),
                        f.actualMean().map(VerifyText::number)),
                    percent(f.smape())));
    table.print(out, "no features");
    out.println();
  }

  private static void print(RepairReport repair, PrintWriter out) {
    out.printf("%n%s%n", repair.done() ? "Repaired" : "To be repaired, with --yes");
    repair.changes().forEach(change -> out.printf("  %s%n", change));
    repair
        .table()
        .ifPresent(t -> out.printf("  the branch shows %s, version %d%n", t.path(), t.version()));
    repair
        .online()
        .forEach(
            (store, counters) ->
                out.printf(
                    "  %s: repaired %,d, stale %,d, refused %,d%n",
                    store,
                    counters.getOrDefault("repaired", 0L),
                    counters.getOrDefault("stale", 0L),
                    counters.getOrDefault("refused", 0L)));
    repair.failedRecords().ifPresent(table -> out.printf("  refused records: %s%n", table));
    repair
        .remaining()
        .forEach(
            (side, left) ->
                out.printf(
                    "  %s, compared again: missing %,d different %,d extra %,d%n",
                    side, left.missing(), left.different(), left.extra()));
  }

  private static void print(OnlineVerdict store, PrintWriter out) {
    out.printf(
        "%-10s records %,d looked at %,d same %,d missing %,d different %,d newer %,d extra %s%n",
        store.store(),
        store.records(),
        store.looked(),
        store.same(),
        store.missing(),
        store.different(),
        store.newer(),
        store.extra().map("%,d"::formatted).orElse("unknown"));
    if (!store.features().isEmpty()) {
      out.printf("           differing features: %s%n", store.features());
    }
    store.outage().ifPresent(why -> out.printf("           not looked at to its end: %s%n", why));
  }

  private static void print(DifferingRow row, PrintWriter out) {
    out.printf(
        "  %s %s: %s at %s%s%n",
        row.store(),
        row.kind(),
        row.recordIdentifier(),
        row.eventTime(),
        row.features().isEmpty() ? "" : " in " + String.join(", ", row.features()));
    row.expected().ifPresent(values -> out.printf("    expected %s%n", values));
    row.actual().ifPresent(values -> out.printf("    actual   %s%n", values));
  }

  /** Both sides where they differ. */
  private static String both(Optional<String> expected, Optional<String> actual) {
    String left = expected.map(VerifyText::shortened).orElse("-");
    String right = actual.map(VerifyText::shortened).orElse("-");
    return expected.equals(actual) ? left : left + " / " + right;
  }

  private static String shortened(String text) {
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
  }

  private static String change(FeatureSummary feature) {
    return feature
        .nullRateChange()
        .filter(change -> change != 0)
        .map(change -> String.format(Locale.ROOT, "%+.4f%%", change * 100))
        .orElse("-");
  }

  /** Never 100 % where something differs, never 0 % where something is. */
  private static String percent(Optional<Double> share) {
    return share
        .map(
            s -> {
              String text = String.format(Locale.ROOT, "%.2f%%", s * 100);
              if (s < 1 && text.equals("100.00%")) {
                return ">99.99%";
              }
              return s > 0 && text.equals("0.00%") ? "<0.01%" : text;
            })
        .orElse("-");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
